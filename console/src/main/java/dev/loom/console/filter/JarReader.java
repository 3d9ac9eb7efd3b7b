package dev.loom.console.filter;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import dev.loom.filter.classes.JarClasses;
import dev.loom.filter.complete.Completion;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Reads the names out of a jar that somebody has sent, for the completion in the editor. The jar is on disk only while it is read, and
 * none of its classes is loaded. Everything that it could make large is bounded, and only one is read at a time.
 */
final class JarReader {

    /** Largest jar, bytes. */
    static final long MAX_JAR = 128L << 20;

    /** Most that the jars inside it may unpack to on disk, bytes. */
    private static final long MAX_UNPACKED = 256L << 20;

    /** Most class file content that is read, bytes. */
    private static final long MAX_READ = 256L << 20;

    private static final int MAX_CLASSES = 20_000;
    private static final int MAX_METHODS = 200_000;

    private static final Semaphore ONE_AT_A_TIME = new Semaphore(1);

    private JarReader() {}

    static JarNames names(InputStream jar) {
        if (!ONE_AT_A_TIME.tryAcquire()) {
            throw new LoomProblem(ProblemCode.UNAVAILABLE, "Another jar is being read.", "Try again in a moment.");
        }
        Path copy = null;
        try {
            copy = Files.createTempFile("loom-names", ".jar");
            copy(jar, copy);
            try (JarClasses classes = JarClasses.open(List.of(copy), MAX_UNPACKED)) {
                return names(classes);
            }
        } catch (IOException | UncheckedIOException e) {
            throw new LoomProblem(ProblemCode.BAD_REQUEST, "This is not a jar that can be read.", "Send a .jar or .war file as the body.");
        } finally {
            ONE_AT_A_TIME.release();
            delete(copy);
        }
    }

    private static void copy(InputStream jar, Path to) throws IOException {
        long size = 0;
        byte[] buffer = new byte[1 << 16];
        try (OutputStream out = Files.newOutputStream(to)) {
            for (int n = jar.read(buffer); n >= 0; n = jar.read(buffer)) {
                size += n;
                if (size > MAX_JAR) {
                    throw new LoomProblem(
                            ProblemCode.TOO_LARGE, "The jar has more than " + (MAX_JAR >> 20) + " MiB.", "Send the part that has the classes.");
                }
                out.write(buffer, 0, n);
            }
        }
    }

    private static JarNames names(JarClasses classes) {
        TreeMap<String, List<String>> found = new TreeMap<>();
        int methods = 0;
        long read = 0;
        for (String internal : classes.names()) {
            if (found.size() >= MAX_CLASSES || methods >= MAX_METHODS || read >= MAX_READ) {
                return new JarNames(found, false);
            }
            if (!Completion.isNamed(internal)) {
                continue;
            }
            Optional<byte[]> file = find(classes, internal);
            List<String> own = file.map(Completion::methods).orElse(List.of());
            read += file.map(f -> f.length).orElse(0);
            methods += own.size();
            found.put(internal.replace('/', '.'), own);
        }
        return new JarNames(found, true);
    }

    private static Optional<byte[]> find(JarClasses classes, String internalName) {
        try {
            return classes.find(internalName);
        } catch (UncheckedIOException damaged) {
            return Optional.empty();
        }
    }

    private static void delete(@Nullable Path copy) {
        try {
            if (copy != null) {
                Files.deleteIfExists(copy);
            }
        } catch (IOException e) {
            copy.toFile().deleteOnExit();
        }
    }
}
