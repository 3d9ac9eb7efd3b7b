package dev.loom.console.finding;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import dev.loom.filter.recording.RecordingMain;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Reads recordings of JFR in a JVM of their own, one at a time. Nothing bounds what a file that no JVM wrote may have the JDK's reader
 * allocate. No thread waits for that JVM.
 */
final class RecordingProcess {

    private static final int SECONDS = 45;
    /** Until it is ended: it has to start and to write. */
    private static final int MORE_SECONDS = 15;
    private static final int HEAP_MEBIBYTES = 256;
    /** Bytes of what it tells: a dump of threads and a hundred stacks. */
    private static final int MAX_TEXT = 5 << 20;
    private static final String LAUNCHER = "org.springframework.boot.loader.launch.PropertiesLauncher";

    private final Semaphore one = new Semaphore(1);

    /** What a recording tells; fails with a {@link LoomProblem} that says why it tells nothing. */
    CompletableFuture<String> text(Path recording) {
        if (!one.tryAcquire()) {
            throw new LoomProblem(ProblemCode.UNAVAILABLE, "Another recording is being read.", "Try again in a moment.");
        }
        Path told = null;
        boolean isReading = false;
        try {
            told = Files.createTempFile("loom-recording", ".txt");
            ProcessBuilder builder = new ProcessBuilder(command(recording)).redirectOutput(told.toFile()).redirectError(ProcessBuilder.Redirect.DISCARD);
            builder.environment().keySet().removeIf(name -> !name.equalsIgnoreCase("SystemRoot")); // no secret of the console's, no option of its JVM
            Process process = builder.start();
            process.getOutputStream().close();
            Path text = told;
            isReading = true;
            return process.onExit().orTimeout(SECONDS + MORE_SECONDS, TimeUnit.SECONDS).handle((ended, late) -> {
                process.destroyForcibly();
                one.release();
                return read(text, late == null ? process.exitValue() : -1);
            });
        } catch (IOException e) {
            throw new LoomProblem(ProblemCode.UNAVAILABLE, "No JVM can be started to read the recording: " + e.getMessage(), "The control tool's suggest reads it too.");
        } finally {
            if (!isReading) {
                one.release();
                Uploads.delete(told);
            }
        }
    }

    private static String read(Path told, int status) {
        try (InputStream in = Files.newInputStream(told)) {
            String text = new String(in.readNBytes(MAX_TEXT), StandardCharsets.UTF_8);
            if (status != 0) {
                List<String> lines = text.lines().toList();
                boolean isTold = status == 1 && !lines.isEmpty();
                throw new LoomProblem(
                        ProblemCode.BAD_REQUEST,
                        isTold ? "Of this recording nothing can be told: " + lines.get(0) + "." : "The recording could not be read in the time and memory that there is for it.",
                        isTold && lines.size() > 1 ? lines.get(1) : "The control tool's suggest reads larger ones.");
            }
            return text;
        } catch (IOException e) {
            throw new LoomProblem(ProblemCode.UNAVAILABLE, "What the recording tells could not be read: " + e.getMessage(), "Try again in a moment.");
        } finally {
            Uploads.delete(told);
        }
    }

    private static List<String> command(Path recording) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx" + HEAP_MEBIBYTES + "m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData", "-Dloader.main=" + RecordingMain.class.getName(), "-cp", System.getProperty("java.class.path")));
        // in the console's jar the classes are in jars inside it
        boolean isPacked = RecordingProcess.class.getClassLoader().getResource(LAUNCHER.replace('.', '/') + ".class") != null;
        command.add(isPacked ? LAUNCHER : RecordingMain.class.getName());
        command.add(recording.toString());
        command.add(String.valueOf(SECONDS));
        return command;
    }
}
