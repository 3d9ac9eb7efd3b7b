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

    private RecordingMain() {}

    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        int status = 0;
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
