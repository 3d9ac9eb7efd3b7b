package dev.loom.console.finding;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import dev.loom.filter.recording.Recording;
import dev.loom.filter.suggest.Evidence;
import dev.loom.filter.suggest.TextBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Files with what somebody has of a failure. What one is, is told from its content; it is on disk only while it is read. */
@Component
class Uploads {

    /** Bytes of a recording. */
    static final long MAX_RECORDING = 256L << 20;
    /** Bytes of a text. */
    static final int MAX_TEXT = 5 << 20;

    /** A file has this time, and more for its size: 500 KB a second. */
    private static final long PATIENCE_NANOS = 15_000_000_000L;
    private static final long NANOS_PER_BYTE = 2_000;

    /** So many recordings are on their way to the disk at a time. */
    private final Semaphore coming = new Semaphore(2);
    private final RecordingProcess recordings = new RecordingProcess();

    /** The text of a file, or what a recording tells. Fails with a {@link LoomProblem} if it is neither, or too large. */
    CompletableFuture<String> text(InputStream file) {
        byte[] beginning = new byte[4];
        Path copy = null;
        try {
            int n = file.readNBytes(beginning, 0, beginning.length);
            if (n < beginning.length || !Recording.isOne(beginning)) {
                return CompletableFuture.completedFuture(text(beginning, n, file));
            }
            if (!coming.tryAcquire()) {
                throw new LoomProblem(ProblemCode.UNAVAILABLE, "Other recordings are being sent.", "Try again in a moment.");
            }
            try {
                copy = Files.createTempFile("loom-recording", ".jfr");
                copy(beginning, file, copy);
            } finally {
                coming.release();
            }
            Path whole = copy;
            CompletableFuture<String> text = recordings.text(copy).whenComplete((told, failure) -> delete(whole));
            copy = null;
            return text;
        } catch (IOException e) {
            throw new LoomProblem(ProblemCode.BAD_REQUEST, "The file did not come as a whole: " + e.getMessage(), "Send it again.");
        } finally {
            delete(copy);
        }
    }

    private static String text(byte[] beginning, int read, InputStream rest) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        copy(Arrays.copyOf(beginning, read), rest, bytes, MAX_TEXT, new LoomProblem(
                ProblemCode.TOO_LARGE, "The text has more than " + (MAX_TEXT >> 20) + " MiB.", "Cut out the traces that matter, or give it to the control tool's suggest."));
        return TextBytes.text(bytes.toByteArray()).orElseThrow(
                () -> new LoomProblem(ProblemCode.BAD_REQUEST, "This is neither a text nor a recording of JFR.", "A text: " + Evidence.READ + "."));
    }

    private static void copy(byte[] beginning, InputStream rest, Path to) throws IOException {
        try (OutputStream out = Files.newOutputStream(to)) {
            copy(beginning, rest, out, MAX_RECORDING, new LoomProblem(
                    ProblemCode.TOO_LARGE, "The recording has more than " + (MAX_RECORDING >> 20) + " MiB.",
                    "Record a shorter time, or only exceptions; the control tool's suggest reads larger ones."));
        }
    }

    private static void copy(byte[] beginning, InputStream rest, OutputStream out, long most, LoomProblem tooLarge) throws IOException {
        long size = beginning.length;
        long began = System.nanoTime();
        byte[] buffer = new byte[1 << 16];
        out.write(beginning);
        for (int n = rest.read(buffer); n >= 0; n = rest.read(buffer)) {
            size += n;
            if (size > most) {
                throw tooLarge;
            }
            if (System.nanoTime() - began > PATIENCE_NANOS + size * NANOS_PER_BYTE) {
                throw new LoomProblem(ProblemCode.TOO_SLOW, "The file comes too slowly.", "Give it to the control tool's suggest where it is.");
            }
            out.write(buffer, 0, n);
        }
    }

    static void delete(@Nullable Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            file.toFile().deleteOnExit();
        }
    }
}
