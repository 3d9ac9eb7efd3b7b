package dev.loom.console.page;

import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.target.AgentJar;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A demo JVM under load, which fails all the time, with the real agent from its start. */
final class DemoJvm implements AutoCloseable {

    private static final Path JAR = Path.of("..", "evaluation", "demo", "target", "loom-demo.jar");

    /** The filter for its race. */
    static final Path FILTER = Path.of("..", "evaluation", "filters", "logback-interrupt.loom");

    private final Process process;
    private final Path log;

    private DemoJvm(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts it, to register with a console under a name. */
    static DemoJvm registeredAs(String name, ConsoleUnderTest console, String enrolmentToken) {
        return registeredAs(name, "LogbackDemo", console, enrolmentToken);
    }

    /** The same of another demo. */
    static DemoJvm registeredAs(String name, String demo, ConsoleUnderTest console, String enrolmentToken) {
        if (!Files.exists(JAR)) {
            throw new AssertionError("The demo JVM is not built: mvn -pl evaluation/demo package");
        }
        String agent = "-javaagent:" + console.bean(AgentJar.class).get().file() + "=state=off,name=" + name
                + ",labels=env:demo,jmx.port=0,console=" + console.url()
                + ",token=" + enrolmentToken;
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m", agent, "-cp", JAR.toString(),
                        "dev.loom.demo." + demo));
        try {
            Path log = Files.createTempFile("loom-demo", ".log");
            log.toFile().deleteOnExit();
            return new DemoJvm(new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start(), log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it printed. */
    String said() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
