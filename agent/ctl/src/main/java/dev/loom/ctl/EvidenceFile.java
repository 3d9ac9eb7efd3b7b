package dev.loom.ctl;

import dev.loom.ctl.failure.CommandFailure;
import dev.loom.filter.recording.Recording;
import dev.loom.filter.recording.UnreadableRecording;
import dev.loom.filter.suggest.Evidence;
import dev.loom.filter.suggest.TextBytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;

/** A file with what somebody has of a failure. What it is, is told from what is in it. */
final class EvidenceFile {

    /** Bytes of a text, which is held in memory. */
    private static final long MAX_TEXT = 64L << 20;
    /** A recording is read piece by piece. */
    private static final long MAX_RECORDING = 4L << 30;
    private static final Duration MAX_TIME = Duration.ofMinutes(5);

    private EvidenceFile() {}

    /** Its text; of a recording what it tells. {@code -} is stdin. */
    static String text(Path file) {
        try {
            if (file.toString().equals("-")) {
                return text(file, System.in.readNBytes((int) MAX_TEXT + 1));
            }
            if (Recording.isOne(file)) {
                return recorded(file, file);
            }
            try (InputStream in = Files.newInputStream(file)) {
                return text(file, in.readNBytes((int) MAX_TEXT + 1));
            }
        } catch (NoSuchFileException e) {
            throw CommandFailure.failed("there is no file " + file, "");
        } catch (IOException e) {
            throw CommandFailure.failed(file + " cannot be read: " + e.getMessage(), "");
        }
    }

    private static String text(Path file, byte[] bytes) throws IOException {
        if (bytes.length > MAX_TEXT) {
            throw CommandFailure.failed(
                    file + " is larger than " + (MAX_TEXT >> 20) + " MiB", "cut out the traces that matter; a recording of JFR may be larger, as a file");
        }
        if (Recording.isOne(bytes)) {
            Path copy = Files.createTempFile("loom-recording", ".jfr");
            try {
                Files.copy(new java.io.ByteArrayInputStream(bytes), copy, StandardCopyOption.REPLACE_EXISTING);
                return recorded(file, copy);
            } finally {
                Files.deleteIfExists(copy);
            }
        }
        return TextBytes.text(bytes)
                .orElseThrow(() -> CommandFailure.failed(file + " is neither a text nor a recording of JFR", Evidence.READ));
    }

    private static String recorded(Path named, Path file) throws IOException {
        if (Files.size(file) > MAX_RECORDING) {
            throw CommandFailure.failed(named + " is larger than " + (MAX_RECORDING >> 30) + " GiB", "record a shorter time, or only exceptions");
        }
        try {
            return Recording.text(file, MAX_TIME);
        } catch (UnreadableRecording e) {
            throw CommandFailure.failed(named + ": " + e.getMessage(), e.hint());
        }
    }
}
