package dev.loom.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("weave")
class WeaveTest {

    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path jar;

    /** Has a loop in which a thread may be for long. */
    static final class Looping {
        static void serve(BlockingQueue<Runnable> jobs) throws InterruptedException {
            while (true) {
                jobs.take().run();
            }
        }
    }

    /** Has one that is over soon. */
    static final class Brief {
        static int sum(int[] numbers) {
            int sum = 0;
            for (int number : numbers) {
                sum += number;
            }
            return sum;
        }
    }

    @BeforeEach
    void makeJar() throws IOException {
        jar = jar(Looping.class, "app.jar", "Looping.class");
    }

    private Path jar(Class<?> type, String name, String... entries) throws IOException {
        Path made = directory.resolve(name);
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(made));
                InputStream in = WeaveTest.class.getResourceAsStream("WeaveTest$" + type.getSimpleName() + ".class")) {
            byte[] file = in.readAllBytes();
            for (String entry : entries) {
                zip.putNextEntry(new ZipEntry(entry));
                zip.write(file);
            }
        }
        return made;
    }

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return LoomCtl.run(new LoomCtl(Path.of("loom-agent.jar"), "test"), new PrintWriter(out), new PrintWriter(err), arguments);
    }

    private String output() {
        return directory.resolve("woven").toString();
    }

    @Test
    @DisplayName("prepares a jar; --check tells a prepared one by its exit status")
    void preparesAndChecks() {
        assertEquals(1, run("weave", "--check", jar.toString()));
        assertTrue(out.toString().startsWith("app.jar: 0 classes prepared, 1 not, "), out.toString());
        assertEquals(0, run("weave", jar.toString(), "--output", output()), err::toString);
        assertTrue(out.toString().startsWith("app.jar: prepared 1 classes; 0 were, 0 need nothing -> "), out.toString());
        assertEquals(0, run("weave", "--check", output() + "/app.jar"));
        assertEquals(0, run("weave", "--check", "--json", output() + "/app.jar"));
        assertTrue(out.toString().contains("\"unprepared\":0,\"prepared\":1"), out.toString());
    }

    @Test
    @DisplayName("leaves methods with brief loops alone, and prepares them with --all")
    void briefLoops() throws IOException {
        Path brief = jar(Brief.class, "brief.jar", "Brief.class");
        assertEquals(0, run("weave", brief.toString(), "--output", output()), err::toString);
        assertTrue(out.toString().startsWith("brief.jar: prepared 0 classes; 0 were, 1 need nothing -> "), out.toString());
        assertEquals(0, run("weave", "--check", output() + "/brief.jar"), "nothing is missing that the agent would give at load");
        assertEquals(1, run("weave", "--check", "--all", output() + "/brief.jar"));
        assertEquals(0, run("weave", "--all", brief.toString(), "--output", output()), err::toString);
        assertTrue(out.toString().startsWith("brief.jar: prepared 1 classes; 0 were, 0 need nothing -> "), out.toString());
    }

    @Test
    @DisplayName("never writes to its input, nor into it")
    void neverTheInput() {
        assertEquals(2, run("weave", jar.toString(), "--output", directory.toString()));
        assertTrue(err.toString().contains("which is never written to"), err.toString());
        assertEquals(2, run("weave", directory.toString(), "--output", output()));
        assertTrue(err.toString().contains("is inside of"), err.toString());
    }

    @Test
    @DisplayName("fails for what is no jar, is not there, or is signed, and writes nothing")
    void failures() throws IOException {
        assertEquals(1, run("weave", directory.resolve("none.jar").toString()));
        Path text = Files.writeString(directory.resolve("text.jar"), "no jar");
        assertEquals(1, run("weave", text.toString(), "--output", output()));
        assertTrue(err.toString().contains("text.jar is not a jar"), err.toString());
        Path signed = jar(Looping.class, "signed.jar", "META-INF/ME.SF", "META-INF/ME.RSA", "Looping.class");
        assertEquals(1, run("weave", signed.toString(), "--output", output()));
        assertTrue(err.toString().contains("--remove-signatures"), err.toString());
        assertFalse(Files.exists(directory.resolve("woven")));
        assertEquals(0, run("weave", signed.toString(), "--output", output(), "--remove-signatures"), err::toString);
    }
}
