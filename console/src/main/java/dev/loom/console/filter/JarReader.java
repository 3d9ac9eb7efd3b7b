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
import java.util.concurrent.TimeUnit;
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

    private static final long TURN_SECONDS = 20;
    /** A jar has this time, and more for its size: 500 KB a second. */
    private static final long PATIENCE_NANOS = 15_000_000_000L;
    private static final long NANOS_PER_BYTE = 2_000;

    private static final Semaphore ONE_AT_A_TIME = new Semaphore(1);

    private JarReader() {}

    static JarNames names(InputStream jar) {
        Path copy = null;
        boolean turn = false;
        try {
            copy = Files.createTempFile("loom-names", ".jar");
            copy(jar, copy); // whoever sends slowly holds up nobody but himself
            turn = ONE_AT_A_TIME.tryAcquire(TURN_SECONDS, TimeUnit.SECONDS);
            if (!turn) {
                throw new LoomProblem(ProblemCode.UNAVAILABLE, "Other jars are being read.", "Try again in a moment.");
            }
            try (JarClasses classes = JarClasses.open(List.of(copy), MAX_UNPACKED)) {
                return names(classes);
            }
        } catch (IOException | UncheckedIOException e) {
            throw new LoomProblem(ProblemCode.BAD_REQUEST, "This is not a jar that can be read.", "Send a .jar or .war file as the body.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LoomProblem(ProblemCode.UNAVAILABLE, "The console is being stopped.");
        } finally {
            if (turn) {
                ONE_AT_A_TIME.release();
            }
            delete(copy);
        }
    }

    private static void copy(InputStream jar, Path to) throws IOException {
        long size = 0;
        long began = System.nanoTime();
        byte[] buffer = new byte[1 << 16];
        try (OutputStream out = Files.newOutputStream(to)) {
            for (int n = jar.read(buffer); n >= 0; n = jar.read(buffer)) {
                size += n;
                if (size > MAX_JAR) {
                    throw new LoomProblem(
                            ProblemCode.TOO_LARGE, "The jar has more than " + (MAX_JAR >> 20) + " MiB.", "Send the part that has the classes.");
                }
                if (System.nanoTime() - began > PATIENCE_NANOS + size * NANOS_PER_BYTE) {
                    throw new LoomProblem(ProblemCode.TOO_SLOW, "The jar comes too slowly.", "Send the part that has the classes.");
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
