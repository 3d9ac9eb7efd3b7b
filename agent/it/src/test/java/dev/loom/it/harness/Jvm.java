package dev.loom.it.harness;

import com.sun.tools.attach.VirtualMachine;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** A JVM under test. Closing it kills it. */
public final class Jvm implements AutoCloseable {

    private final Jdk jdk;
    private final ProcessHandle handle;
    /** Null if this JVM was not started here. */
    private final Process process;
    private final Path log;
    private JMXConnector connector;

    private Jvm(Jdk jdk, ProcessHandle handle, Process process, Path log) {
        this.jdk = jdk;
        this.handle = handle;
        this.process = process;
        this.log = log;
    }

    /** A JVM that somebody else has started, and that may live on after these tests: leave it with {@link #leave}. */
    public static Jvm running(Jdk jdk, long pid, Path log) {
        ProcessHandle handle = ProcessHandle.of(pid)
                .orElseThrow(() -> new IllegalStateException("there is no process " + pid));
        return new Jvm(jdk, handle, null, log);
    }

    /** Describes a JVM before it is started. */
    public static final class Builder {
        private final Jdk jdk;
        private final Class<?> main;
        private final List<String> options = new ArrayList<>();
        private final List<String> arguments = new ArrayList<>();
        private final List<Path> classPath = new ArrayList<>(List.of(testClasses()));

        private Builder(Jdk jdk, Class<?> main) {
            this.jdk = jdk;
            this.main = main;
        }

        /** Starts with the agent. */
        public Builder withAgent(String... agentOptions) {
            String given = String.join(",", agentOptions);
            options.add("-javaagent:" + AgentJar.path() + (given.isEmpty() ? "" : "=" + given));
            return this;
        }

        public Builder options(String... some) {
            options.addAll(Arrays.asList(some));
            return this;
        }

        public Builder arguments(String... some) {
            arguments.addAll(Arrays.asList(some));
            return this;
        }

        public Builder classPath(Path... entries) {
            classPath.clear();
            classPath.addAll(Arrays.asList(entries));
            return this;
        }

        public Jvm start() {
            try {
                Path logs = Files.createDirectories(Path.of("target/it-logs").toAbsolutePath());
                Path log = Files.createTempFile(logs, main.getSimpleName() + "-" + jdk.feature() + "-", ".log");
                List<String> command = new ArrayList<>();
                command.add(jdk.tool("java").toString());
                command.addAll(List.of("-Xmx512m", "-XX:-UsePerfData", "-XX:ErrorFile=" + logs + "/hs_err_%p.log"));
                command.addAll(options);
                command.add("-cp");
                command.add(String.join(File.pathSeparator, classPath.stream().map(Path::toString).toList()));
                command.add(main.getName());
                command.addAll(arguments);
                ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
                // what the tests were started with is not meant for the JVM under test
                builder.environment().keySet().removeIf(name -> name.startsWith("LOOM_") || name.equals("JAVA_TOOL_OPTIONS"));
                Process process = builder.start();
                return new Jvm(jdk, process.toHandle(), process, log);
            } catch (IOException e) {
                throw new IllegalStateException("JVM could not be started", e);
            }
        }
    }

    public static Builder of(Jdk jdk, Class<?> main) {
        return new Builder(jdk, main);
    }

    /** Where the classes of the tests, and the programs that they start, are. */
    public static Path testClasses() {
        try {
            return Path.of(Jvm.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (java.net.URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    public Jdk jdk() {
        return jdk;
    }

    public long pid() {
        return handle.pid();
    }

    public boolean isAlive() {
        return handle.isAlive();
    }

    /** Waits for the end; returns the exit status. */
    public int awaitExit(Duration patience) {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("the JVM did not end within " + patience + ":\n" + output());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What it has printed. */
    public String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Waits for a line of the program. */
    public Jvm awaitOutput(String text) {
        Await.until("output '" + text + "'", Await.LONG, () -> {
            if (!isAlive() && !output().contains(text)) {
                throw new AssertionError("the JVM ended before it printed '" + text + "':\n" + output());
            }
            return output().contains(text);
        }, this::output);
        return this;
    }

    /** Loads the agent into it, as the control tool does. */
    public void attachAgent(String options) {
        attach(vm -> vm.loadAgent(AgentJar.path().toString(), options));
    }

    /** Loads some other agent into it. */
    public void attachAgent(Path jar, String options) {
        attach(vm -> vm.loadAgent(jar.toString(), options));
    }

    private interface Attached {
        void run(VirtualMachine vm) throws Exception;
    }

    private void attach(Attached action) {
        try {
            VirtualMachine vm = VirtualMachine.attach(Long.toString(pid()));
            try {
                action.run(vm);
            } finally {
                vm.detach();
            }
        } catch (Exception e) {
            throw new IllegalStateException("attach to " + jdk + ":\n" + output(), e);
        }
    }

    /** A connection by plain JMX, through the JVM's own local connector. */
    public synchronized MBeanServerConnection jmx() {
        try {
            if (connector == null) {
                String[] url = new String[1];
                attach(vm -> url[0] = vm.startLocalManagementAgent());
                connector = JMXConnectorFactory.connect(new JMXServiceURL(url[0]));
            }
            return connector.getMBeanServerConnection();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs {@code jcmd} on it. */
    public String jcmd(String... command) {
        try {
            List<String> line = new ArrayList<>(List.of(jdk.tool("jcmd").toString(), Long.toString(pid())));
            line.addAll(Arrays.asList(command));
            Process tool = new ProcessBuilder(line).redirectErrorStream(true).start();
            String output = new String(tool.getInputStream().readAllBytes());
            tool.waitFor();
            return output;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Lets it run on. */
    public void leave() {
        try {
            if (connector != null) {
                connector.close();
            }
        } catch (IOException e) {
            // nobody needs it any more
        }
    }

    @Override
    public void close() {
        leave();
        process.destroyForcibly();
        try {
            process.waitFor(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
