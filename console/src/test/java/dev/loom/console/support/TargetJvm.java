package dev.loom.console.support;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM that a test launches for the console to talk to. It ends with the test. */
public final class TargetJvm implements AutoCloseable {

    /** What agents remember from one start to the next is this run's alone. */
    private static final Path HOME = home();

    private final Process process;
    private final int port;

    private TargetJvm(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    private static Path home() {
        try {
            return Files.createTempDirectory("loom-test-home");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts {@link FakeAgent}. */
    public static TargetJvm fake(String... arguments) {
        return start(List.of(), FakeAgent.class, arguments);
    }

    /** Starts a main class of the tests that prints {@code PORT n} when it is ready. */
    public static TargetJvm start(List<String> options, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-Dloom.home=" + HOME,
                "-Dsun.rmi.transport.tcp.responseTimeout=20000"));
        command.addAll(options);
        command.addAll(List.of("-cp", testClasses(), main.getName()));
        command.addAll(Arrays.asList(arguments));
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            StringBuilder said = new StringBuilder();
            String line;
            while ((line = out.readLine()) != null) {
                said.append(line).append('\n');
                if (line.startsWith("PORT ")) {
                    drain(out);
                    return new TargetJvm(process, Integer.parseInt(line.substring(5)));
                }
            }
            throw new IllegalStateException("the JVM did not start: " + said);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void drain(BufferedReader out) {
        Thread thread = new Thread(() -> {
            try {
                while (out.readLine() != null) {
                    // a full pipe would stop it
                }
            } catch (IOException e) {
                // it has ended
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private static String testClasses() {
        return Path.of(TargetJvm.class.getProtectionDomain().getCodeSource().getLocation().getPath()).toString();
    }

    /** The agent's jar as built, if it is. */
    public static Path agentJar() {
        Path jar = Path.of("..", "agent", "dist", "target", "loom-agent.jar").toAbsolutePath().normalize();
        return Files.exists(jar) ? jar : Path.of("target", "classes", "agent", "loom-agent.jar").toAbsolutePath();
    }

    public int port() {
        return port;
    }

    public String address() {
        return "127.0.0.1:" + port;
    }

    public long pid() {
        return process.pid();
    }

    /** Stops it in its tracks: connections stay, answers do not come. */
    public void freeze() {
        signal("STOP");
    }

    public void thaw() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).inheritIO().start().waitFor();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Kills it. */
    public void die() {
        process.destroyForcibly();
        try {
            process.waitFor(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        die();
    }
}
