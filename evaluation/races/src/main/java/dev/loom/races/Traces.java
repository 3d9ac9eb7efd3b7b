package dev.loom.races;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.management.JMException;
import javax.management.ObjectName;

/** What a log would hold of the first failure: written to the file of {@code -Dloom.races.traces=FILE}, for {@code suggest}. */
final class Traces {

    private static final String FILE = System.getProperty("loom.races.traces");
    private static final AtomicBoolean WRITTEN = new AtomicBoolean();

    private Traces() {}

    /** The exception of a failure. */
    static void note(Throwable failure) {
        if (FILE != null && WRITTEN.compareAndSet(false, true)) {
            StringWriter text = new StringWriter();
            failure.printStackTrace(new PrintWriter(text, true));
            write(text.toString());
        }
    }

    /** What all threads do now, as {@code jstack} prints it; by a thread of its own, so that the caller can go on waiting. */
    static void noteThreads() {
        if (FILE != null && WRITTEN.compareAndSet(false, true)) {
            Thread dump = new Thread(() -> write(print()), "dump");
            dump.setDaemon(true);
            dump.start();
        }
    }

    private static String print() {
        try {
            return (String) ManagementFactory.getPlatformMBeanServer().invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"), "threadPrint", new Object[] {new String[] {"-l"}},
                    new String[] {String[].class.getName()});
        } catch (JMException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void write(String text) {
        try {
            Files.writeString(Path.of(FILE), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
