package dev.loom.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Filters;
import dev.loom.console.support.Postgres;
import dev.loom.console.support.Rest;
import dev.loom.console.support.TargetJvm;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Backups, restores and copies, as the console's jar does them on the command line, between real databases. */
class CommandsTest {

    @TempDir
    Path directory;

    private record Ended(int status, String out, String err) {}

    /** What a console has to have again, and the numbers that it had given. */
    private record Known(JsonNode filters, JsonNode versions, JsonNode audit, long lastTarget, long lastDeployment) {}

    private static Ended run(Object... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        String[] args = Stream.of(words).map(Object::toString).toArray(String[]::new);
        assertThat(Commands.isOne(args)).isTrue();
        int status = Commands.run(args, new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Ended(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** H2 lets one process open a file twice, so this question needs two. */
    private static String inAnotherProcess(Object... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
                "-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")), LoomConsole.class.getName()));
        Stream.of(words).map(Object::toString).forEach(command::add);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isEqualTo(1);
        return said;
    }

    private static void succeeds(Ended ended) {
        assertThat(ended.status()).as(ended.err()).isZero();
    }

    private Path data(String name) {
        return directory.resolve(name);
    }

    private static String in(Path data) {
        return "--loom.data=" + data;
    }

    /** Two versions of a filter, a deployment, and a JVM with the highest number that was given, which is deleted again. */
    private static Known fill(ConsoleUnderTest console) {
        Rest rest = console.rest();
        rest.postText("/filters?name=kept", Filters.text("first \u00e9\u4e2d\ud83e\uddf5")).expect(201);
        rest.putText("/filters/kept", Filters.text("second"), "If-Match", "\"1\"").expect(200);
        long deployment;
        long gone;
        try (TargetJvm jvm = TargetJvm.fake("name=of-the-backup")) {
            long target = rest.postJson("/targets", Map.of("address", jvm.address())).expect(201).json().path("id").asLong();
            deployment = rest.postJson("/deployments?wait=30", Map.of("filter", "kept", "targets", List.of(target))).expect(201).json().path("id").asLong();
            rest.delete("/deployments/" + deployment + "?wait=30");
            try (TargetJvm other = TargetJvm.fake("name=not-for-long")) {
                gone = rest.postJson("/targets", Map.of("address", other.address())).expect(201).json().path("id").asLong();
                rest.delete("/targets/" + gone + "?force=true").expect(204);
            }
        }
        return known(rest, gone, deployment);
    }

    private static Known known(Rest rest, long lastTarget, long lastDeployment) {
        return new Known(
                rest.get("/filters").expect(200).json().path("items"),
                rest.get("/filters/kept/versions").expect(200).json().path("items"),
                rest.get("/audit?size=200&filter=kept").expect(200).json().path("items"),
                lastTarget,
                lastDeployment);
    }

    private static void hasAll(ConsoleUnderTest console, Known known) {
        Rest rest = console.rest();
        assertThat(known(rest, known.lastTarget(), known.lastDeployment())).isEqualTo(known);
        try (TargetJvm jvm = TargetJvm.fake("name=later")) {
            long target = rest.postJson("/targets", Map.of("address", jvm.address())).expect(201).json().path("id").asLong();
            assertThat(target).as("the number of a JVM that was deleted is given to no other").isGreaterThan(known.lastTarget());
            JsonNode deployment = rest.postJson("/deployments?wait=30", Map.of("filter", "kept", "targets", List.of(target))).expect(201).json();
            assertThat(deployment.path("id").asLong()).isGreaterThan(known.lastDeployment());
            assertThat(deployment.path("state").asString()).isEqualTo("ENABLED");
            rest.delete("/targets/" + target + "?force=true").expect(204);
        }
    }

    @Test
    void aBackupOfARunningConsoleIsRestoredWithAllThatWasThere() throws Exception {
        Path file = directory.resolve("backup.zip");
        Path token = Files.writeString(directory.resolve("token"), ConsoleUnderTest.TOKEN);
        Known known;
        try (ConsoleUnderTest console = ConsoleUnderTest.on(data("old"))) {
            known = fill(console);
            succeeds(run("backup", file, "--console=" + console.url(), "--token-file=" + token));
            assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
            assertThat(console.rest().get("/audit?size=200").expect(200).text()).contains("backup.taken");
            try (Stream<Path> left = Files.list(data("old"))) {
                assertThat(left).as("what a download leaves in the data directory").noneMatch(f -> f.toString().endsWith(".tmp"));
            }
        }
        Ended restored = run("restore", file, in(data("new")));
        succeeds(restored);
        assertThat(restored.out()).contains("read again and compared").contains("secret.key");
        Files.copy(data("old").resolve("secret.key"), data("new").resolve("secret.key"));
        try (ConsoleUnderTest console = ConsoleUnderTest.on(data("new"))) {
            hasAll(console, known);
        }
    }

    @Test
    void aBackupTakesThePlaceOfADatabaseThatWasLost() throws Exception {
        Path file = directory.resolve("backup.zip");
        Known known;
        try (ConsoleUnderTest console = ConsoleUnderTest.on(data("here"))) {
            known = fill(console);
        }
        succeeds(run("backup", file, in(data("here"))));
        try (ConsoleUnderTest console = ConsoleUnderTest.on(data("here"))) {
            console.rest().postText("/filters?name=after-the-backup", Filters.text("lost")).expect(201);
        }
        Files.delete(data("here").resolve("loom.mv.db"));
        succeeds(run("restore", file, in(data("here"))));
        try (ConsoleUnderTest console = ConsoleUnderTest.on(data("here"))) {
            hasAll(console, known);
        }
    }

    @Test
    void aDatabaseGoesFromH2ToPostgreSqlAndBack() {
        String url = Postgres.shared().freshDatabase();
        Known known;
        try (ConsoleUnderTest console = ConsoleUnderTest.on(data("h2"))) {
            known = fill(console);
        }
        succeeds(run("copy", in(data("h2")), "--to=" + url, "--to-username=loom"));
        Ended again = run("copy", in(data("h2")), "--to=" + url, "--to-username=loom");
        assertThat(again.status()).isEqualTo(1);
        assertThat(again.err()).contains("is not empty").contains("nothing was changed");
        try (ConsoleUnderTest console = ConsoleUnderTest.on(data("h2"), Postgres.options(url))) {
            hasAll(console, known);
        }
        Path file = directory.resolve("postgres.zip");
        succeeds(run("backup", file, in(data("h2")), "--spring.datasource.url=" + url, "--spring.datasource.username=loom"));
        succeeds(run("restore", file, in(data("back"))));
        try (ConsoleUnderTest console = ConsoleUnderTest.on(data("back"))) {
            assertThat(console.rest().get("/filters/kept/versions").expect(200).json().path("items")).isEqualTo(known.versions());
        }
    }

    @Test
    void aFileThatIsCutOffOrDamagedOrNoneAtAllChangesNothing() throws Exception {
        Path file = directory.resolve("backup.zip");
        try (ConsoleUnderTest console = ConsoleUnderTest.on(data("old"))) {
            fill(console);
        }
        succeeds(run("backup", file, in(data("old"))));
        byte[] whole = Files.readAllBytes(file);
        for (double share : new double[] {0, 0.3, 0.9, 0.999}) {
            Files.write(file, Arrays.copyOf(whole, (int) (whole.length * share)));
            refusedAsNotWhole(file);
        }
        Files.write(file, whole);
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(whole.length / 2);
            bytes.write(whole[whole.length / 2] ^ 0x55);
        }
        refusedAsNotWhole(file);
        Files.write(file, whole);
        succeeds(run("restore", file, in(data("new"))));
    }

    private void refusedAsNotWhole(Path file) {
        Ended ended = run("restore", file, in(data("new")));
        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.err()).contains("not a whole one").contains("nothing was changed");
    }

    @Test
    void mistakesAreSaidAndWhatIsThereStays() throws Exception {
        Path file = directory.resolve("backup.zip");
        assertThat(run("backup", file, in(data("none"))).err()).contains("There is no database").contains("--loom.data=DIRECTORY");
        assertThat(data("none")).doesNotExist();
        assertThat(run("restore", file, in(data("none"))).err()).contains("cannot be read");
        assertThat(run("restore").status()).isEqualTo(2);
        assertThat(run("copy").err()).contains("copy --to=JDBC-URL");
        try (ConsoleUnderTest console = ConsoleUnderTest.on(data("busy"))) {
            assertThat(inAnotherProcess("backup", file, in(data("busy")))).contains("Another console has this data directory open");
            assertThat(run("backup", file, "--console=" + console.url()).err()).contains("401").contains("administrator");
            assertThat(file).doesNotExist();
        }
        Files.writeString(file, "something else");
        assertThat(run("backup", file, in(data("busy"))).err()).contains("is there already");
        assertThat(Files.readString(file)).isEqualTo("something else");
        assertThat(run("restore", file, in(data("busy"))).err()).contains("no backup of a console");
    }
}
