package dev.loom.filter.recording;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * {@code RecordingMain FILE SECONDS}: prints what a recording tells of failures, or ends with 1 and prints why it tells nothing, and in the next line what to do.
 * For who reads files of strangers: what a file can take of time and memory, it takes of this JVM.
 */
public final class RecordingMain {

    /** Beyond the time given it ends, though nobody else is there any more to end it, s. */
    private static final long MORE_SECONDS = 10;

    private RecordingMain() {}

    private static void endAfter(long seconds) {
        Thread watchdog = new Thread(() -> {
            try {
                Thread.sleep(seconds * 1_000);
                Runtime.getRuntime().halt(2);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }, "watchdog");
        watchdog.setDaemon(true);
        watchdog.start();
    }

    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        int status = 0;
        endAfter(Long.parseLong(arguments[1]) + MORE_SECONDS);
        try {
            out.print(Recording.text(Path.of(arguments[0]), Duration.ofSeconds(Long.parseLong(arguments[1]))));
        } catch (UnreadableRecording e) {
            out.print(e.getMessage().replace('\n', ' ') + "\n" + e.hint());
            status = 1;
        }
        out.flush();
        System.exit(status);
    }
}
