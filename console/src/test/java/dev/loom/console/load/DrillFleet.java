package dev.loom.console.load;

import dev.loom.console.support.TargetJvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** JVMs of a drill, most of them played in two processes, six of them real ones; and what is in them, asked past the console. */
final class DrillFleet implements AutoCloseable {

    private static final int REAL = 6;
    private static final int PORT = 18_000;
    private static final ObjectName AGENT = name();

    private final ConsoleProcess console;
    private final List<Process> processes = new ArrayList<>();
    private final List<Process> real = new ArrayList<>();
    private final int played;

    private DrillFleet(ConsoleProcess console, int played) {
        this.console = console;
        this.played = played;
    }

    private static ObjectName name() {
        try {
            return new ObjectName("dev.loom:type=Agent");
        } catch (javax.management.MalformedObjectNameException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Starts them all, to register with the console. One of the last has a thread in {@link Shop#stay} that does not leave. */
    static DrillFleet start(ConsoleProcess console, Path directory, int jvms) throws Exception {
        DrillFleet fleet = new DrillFleet(console, jvms - REAL);
        String token = console.send("POST", "/api/v1/tokens", "application/json", "{\"name\":\"fleet\",\"role\":\"agent\"}").member("secret");
        int half = fleet.played / 2;
        fleet.play(console.url(), token, half, 0);
        fleet.play(console.url(), token, fleet.played - half, half);
        for (int i = 0; i < REAL; i++) {
            // one comes first, and the others behind all that are played
            String name = (i == 0 ? "first" : i == REAL - 1 ? "last" : "middle") + "-" + i;
            String agent = "-javaagent:" + TargetJvm.agentJar() + "=state=off,name=" + name + ",labels=fleet:load,jmx.port=0,console="
                    + console.url() + ",token=" + token;
            Process process = new ProcessBuilder(
                            java(), "-Xmx96m", "-XX:+UseSerialGC", "-Dloom.home=" + directory.resolve(name), agent, "-cp",
                            System.getProperty("java.class.path"), Shop.class.getName(), directory.toString(), i == REAL - 1 ? "stuck" : "")
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve(name + ".log").toFile())
                    .start();
            fleet.processes.add(process);
            fleet.real.add(process);
        }
        return fleet;
    }

    private void play(String url, String token, int count, int first) throws IOException {
        processes.add(new ProcessBuilder(
                        java(), "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
                        SimulatedAgents.class.getName(), url, token, Integer.toString(count), Integer.toString(PORT + first), Integer.toString(first))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    /** JVMs that the console reaches. */
    int reachable() throws Exception {
        return console.send("GET", "/api/v1/targets?size=200", null, null).body().split("\"state\"\\s*:\\s*\"REACHABLE\"", -1).length - 1;
    }

    /** JVMs that have a filter in a state, asked past the console. */
    int with(String filter, String state) throws Exception {
        return (int) in(filter).stream().filter(one -> one.state().equals(state)).count();
    }

    /** Digests of the texts under a filter's name that are in force somewhere. */
    Set<String> digests(String filter) throws Exception {
        return in(filter).stream().filter(one -> one.state().equals("ACTIVE")).map(In::digest).collect(Collectors.toSet());
    }

    private record In(String state, String digest) {}

    /** A filter in each JVM that has it: those that are played are asked themselves, of the real ones the control tool is. */
    private List<In> in(String filter) throws Exception {
        List<In> found = new ArrayList<>();
        for (int i = 0; i < played; i++) {
            JMXServiceURL url = new JMXServiceURL("service:jmx:rmi:///jndi/rmi://127.0.0.1:" + (PORT + i) + "/jmxrmi");
            try (JMXConnector connector = JMXConnectorFactory.connect(url, Map.of())) {
                for (CompositeData one : (CompositeData[]) connector.getMBeanServerConnection().getAttribute(AGENT, "Filters")) {
                    if (one.get("filter").equals(filter)) {
                        found.add(new In((String) one.get("state"), (String) one.get("digest")));
                    }
                }
            }
        }
        Pattern row = Pattern.compile("\"filter\":\"" + filter + "\"(.*?)(?=\"filter\":|$)", Pattern.DOTALL);
        for (Process process : real) {
            Matcher rows = row.matcher(tool("list", Long.toString(process.pid()), "--json"));
            while (rows.find()) {
                found.add(new In(member(rows.group(1), "state"), member(rows.group(1), "digest")));
            }
        }
        return found;
    }

    private static String member(String json, String name) {
        Matcher value = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(json);
        return value.find() ? value.group(1) : "";
    }

    /** Runs the control tool; returns what it printed. */
    static String tool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(java(), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", TargetJvm.agentJar().toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IllegalStateException(command + " ended with " + process.exitValue() + ": " + said);
        }
        return said;
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    @Override
    public void close() {
        processes.forEach(Process::destroy);
    }
}
