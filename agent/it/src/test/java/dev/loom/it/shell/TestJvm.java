package dev.loom.it.shell;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.tools.attach.VirtualMachine;
import dev.loom.it.harness.AgentJar;
import dev.loom.it.harness.Jdk;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** A JVM that a test has started, with what it printed. */
final class TestJvm implements AutoCloseable {

    /** The jar under test. */
    static final Path AGENT = AgentJar.path();

    static final Path CLASSES = Path.of("target", "test-classes").toAbsolutePath();

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final List<String> out = new CopyOnWriteArrayList<>();
    private final List<String> err = new CopyOnWriteArrayList<>();
    private final List<Thread> readers;
    private JMXConnector local;

    private TestJvm(Process process) {
        this.process = process;
        this.readers = List.of(read(process.getInputStream(), out), read(process.getErrorStream(), err));
    }

    /** Starts a program of the test classes. */
    static TestJvm start(Jdk jdk, List<String> options, Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(options);
        command.addAll(List.of("-cp", CLASSES.toString(), main.getName()));
        command.addAll(List.of(arguments));
        return start(jdk, Map.of(), command);
    }

    /** Starts {@code java} with a command line and further environment variables. */
    static TestJvm start(Jdk jdk, Map<String, String> environment, List<String> commandLine) throws IOException {
        List<String> command = new ArrayList<>(List.of(jdk.tool("java").toString(), "-Xmx128m", "-XX:TieredStopAtLevel=1",
                // what agents remember from one start to the next
                "-Dloom.home=" + Path.of("target", "loom-home").toAbsolutePath()));
        command.addAll(commandLine);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("LOOM_") || name.equals("JAVA_TOOL_OPTIONS"));
        builder.environment().putAll(environment);
        return new TestJvm(builder.start());
    }

    /** The option that starts the agent. */
    static String agent(String options) {
        return "-javaagent:" + AGENT + (options.isEmpty() ? "" : "=" + options);
    }

    private static Thread read(InputStream in, List<String> lines) {
        Thread thread = new Thread(() -> {
            try (BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
                reader.lines().forEach(lines::add);
            } catch (IOException | java.io.UncheckedIOException e) {
                // the process is gone
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    long pid() {
        return process.pid();
    }

    List<String> out() {
        return out;
    }

    /** What it printed on stderr, without what the JVM says there about agents that are attached (JEP 451). */
    List<String> err() {
        return err.stream().filter(line -> !line.startsWith("WARNING: ")).toList();
    }

    TestJvm awaitReady() throws Exception {
        await("the program says ready", () -> out.contains("ready"));
        return this;
    }

    /** Waits for a line on stderr. */
    String awaitErr(Predicate<String> wanted) throws Exception {
        await("a line on stderr", () -> err.stream().anyMatch(wanted));
        return err.stream().filter(wanted).findFirst().orElseThrow();
    }

    /** Polls until something is so. */
    void await(String what, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.call()) {
            if (err.stream().anyMatch(line -> line.startsWith("loom: agent not started"))) {
                fail(what + " cannot come\nerr: " + err);
            }
            if (System.nanoTime() > deadline) {
                fail(what + " did not come in time\nout: " + out + "\nerr: " + err);
            }
            Thread.sleep(20);
        }
    }

    /** The MBeans of the JVM through its local connector, as any JMX client of the same user gets at them. */
    MBeanServerConnection beans() throws Exception {
        if (local == null) {
            // a JVM that has not reached its main method yet cannot open its local connector
            awaitReady();
            VirtualMachine machine = VirtualMachine.attach(Long.toString(pid()));
            try {
                local = JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()));
            } finally {
                machine.detach();
            }
        }
        return local.getMBeanServerConnection();
    }

    MBeanServerConnection awaitAgent() throws Exception {
        MBeanServerConnection beans = beans();
        await("the agent's MBean", () -> beans.isRegistered(agentName()));
        return beans;
    }

    static ObjectName agentName() {
        return name("dev.loom:type=Agent");
    }

    static ObjectName name(String text) {
        try {
            return new ObjectName(text);
        } catch (javax.management.MalformedObjectNameException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    /** Lets the program end and gives its exit status. */
    int finish() throws Exception {
        if (local != null) {
            local.close();
            local = null;
        }
        process.getOutputStream().close();
        return exitStatus();
    }

    /** Waits for the program to end by itself. */
    int exitStatus() throws Exception {
        assertTrue(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS), () -> "it does not end; out: " + out + " err: " + err);
        for (Thread reader : readers) {
            reader.join(PATIENCE.toMillis());
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        if (local != null) {
            try {
                local.close();
            } catch (IOException e) {
                // it is ended below in any case
            }
        }
        process.destroyForcibly();
        process.onExit().join();
    }
}
