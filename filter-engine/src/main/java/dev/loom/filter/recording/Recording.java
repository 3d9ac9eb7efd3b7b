package dev.loom.filter.recording;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/** What a recording of JFR tells of failures. */
public final class Recording {

    /** Bytes with which each recording begins. */
    private static final byte[] MAGIC = {'F', 'L', 'R', 0};

    private Recording() {}

    /** Whether what begins with some bytes is a recording. */
    public static boolean isOne(byte[] beginning) {
        return beginning.length >= MAGIC.length && Arrays.equals(beginning, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    /** Whether a file is a recording; its name does not count. */
    public static boolean isOne(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return isOne(in.readNBytes(MAGIC.length));
        }
    }

    /**
     * The exceptions and errors that were thrown, each stack once, the most frequent first, behind the last dump of threads in which there is a
     * deadlock; if there is nothing of that, the last dump of threads.
     *
     * @param most time that it may take
     * @throws UnreadableRecording if it tells nothing of the kind, if it is damaged, takes too long or too much memory, or if this JVM has no JFR
     */
    public static String text(Path file, Duration most) throws UnreadableRecording {
        if (ModuleLayer.boot().findModule("jdk.jfr").isEmpty()) {
            throw new UnreadableRecording("this Java runtime cannot read recordings of JFR: it has no module jdk.jfr", "use a JDK");
        }
        RecordedStacks stacks = new RecordedStacks();
        try {
            RecordingReader.read(file, System.nanoTime() + most.toNanos(), stacks);
        } catch (IOException | RuntimeException | StackOverflowError e) {
            // what is damaged makes the JDK's reader fail in any way
            throw new UnreadableRecording("the recording is damaged or not complete: " + e, "dump it again: jcmd PID JFR.dump filename=FILE");
        } catch (OutOfMemoryError e) {
            throw new UnreadableRecording(
                    "the recording takes more memory than there is here", "record a shorter time, or only exceptions; or raise -Xmx");
        }
        String text = stacks.text();
        if (text.isEmpty()) {
            throw new UnreadableRecording(
                    "the recording has no exception, no error and no dump of threads",
                    "record exceptions: jcmd PID JFR.start jdk.JavaExceptionThrow#enabled=true settings=default, and after the failure jcmd PID JFR.dump");
        }
        return text;
    }
}
