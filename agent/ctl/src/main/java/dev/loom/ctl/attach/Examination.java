package dev.loom.ctl.attach;

import dev.loom.ctl.failure.CommandFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** Looks at a JVM of this machine the way one would before attaching to it, and says each thing that matters. */
public final class Examination {

    /** How one thing is. */
    public enum Result {
        OK,
        WARN,
        FAIL
    }

    /**
     * One thing looked at.
     *
     * @param hint what to do; empty if nothing has to be done
     */
    public record Finding(Result result, String what, String detail, String hint) {}

    private static final String FACADE = "dev.loom.bootstrap";

    private final List<Finding> findings = new ArrayList<>();
    private boolean reachable = true;
    private boolean agent;

    private Examination() {}

    /** Examines a process. Attaches to it if nothing speaks against that, and changes nothing. */
    public static Examination of(long pid) {
        Examination examination = new Examination();
        ProcessFacts process = ProcessFacts.of(pid);
        Optional<CommandFailure> problem = Preflight.problem(process);
        if (problem.isPresent()) {
            examination.unreachable(problem.get());
            return examination;
        }
        examination.add(Result.OK, "process " + pid, process.owner().map(owner -> "a JVM of user " + owner).orElse("a JVM"), "");
        process.innerPid().ifPresent(inner -> examination.add(Result.WARN, "container", "it runs in one, as pid " + inner,
                "the agent jar is copied into its /tmp when attaching"));
        try (AttachedJvm jvm = AttachedJvm.attach(pid)) {
            examination.look(jvm, process, jvm.properties());
        } catch (CommandFailure e) {
            examination.unreachable(e);
        }
        return examination;
    }

    private void look(AttachedJvm jvm, ProcessFacts process, Properties properties) {
        add(Result.OK, "attach", "works", "");
        String java = properties.getProperty("java.specification.version", "0");
        int feature = java.matches("\\d{1,4}") ? Integer.parseInt(java) : 8;
        add(feature >= 17 ? Result.OK : Result.FAIL, "Java of the JVM", properties.getProperty("java.version", "?"),
                feature >= 17 ? "" : "Loom needs Java 17 or later");
        agent = !jvm.agentVersion().isEmpty();
        if (!agent) {
            String state = properties.getProperty(AttachedJvm.STATE, "");
            add(Result.WARN, "agent", state.isEmpty() ? "not in the JVM" : "did not start: " + state.replaceFirst("^error: *", ""),
                    "put it there: java -jar loom-agent.jar attach " + process.pid());
            loading(process, feature);
        }
    }

    private void loading(ProcessFacts process, int feature) {
        Optional<Boolean> allowed = process.flag("EnableDynamicAgentLoading");
        if (allowed.isPresent() && !allowed.get()) {
            add(Result.FAIL, "loading an agent", "forbidden by -XX:-EnableDynamicAgentLoading (JEP 451)",
                    "start it with -javaagent:loom-agent.jar, or with -XX:+EnableDynamicAgentLoading");
        } else if (feature >= 21 && allowed.isEmpty()) {
            add(Result.WARN, "loading an agent", "Java " + feature + " prints a warning then (JEP 451)",
                    "start it with -XX:+EnableDynamicAgentLoading to avoid that");
        } else {
            add(Result.OK, "loading an agent", "allowed", "");
        }
    }

    /** Module systems that hide the facade from the classes that they load, unless told. */
    public static List<Finding> surroundings(Map<String, ?> properties) {
        List<Finding> findings = new ArrayList<>();
        String command = String.valueOf(properties.get("sun.java.command"));
        if (command.contains("jboss-modules") && !lists(properties.get("jboss.modules.system.pkgs"))) {
            findings.add(new Finding(Result.FAIL, "JBoss Modules", "its classes cannot see the package " + FACADE,
                    "start the JVM with -Djboss.modules.system.pkgs=org.jboss.byteman," + FACADE
                            + " (keep what is in there already)"));
        }
        boolean osgi = properties.keySet().stream().anyMatch(key -> key.startsWith("org.osgi.framework.") || key.startsWith("osgi."));
        if (osgi && !lists(properties.get("org.osgi.framework.bootdelegation"))) {
            findings.add(new Finding(Result.FAIL, "OSGi", "bundles cannot see the package " + FACADE,
                    "start the JVM with -Dorg.osgi.framework.bootdelegation=" + FACADE + " (keep what is in there already)"));
        }
        return findings;
    }

    private static boolean lists(Object packages) {
        if (packages == null) {
            return false;
        }
        for (String entry : packages.toString().split("\\s*,\\s*")) {
            if (entry.equals("*") || entry.equals(FACADE) || entry.equals("dev.loom") || entry.equals("dev.loom.*")) {
                return true;
            }
        }
        return false;
    }

    /** What was found, in order. */
    public List<Finding> findings() {
        return List.copyOf(findings);
    }

    /** Whether the process can be attached to. */
    public boolean isReachable() {
        return reachable;
    }

    /** Whether the agent is in it. */
    public boolean hasAgent() {
        return agent;
    }

    private void unreachable(CommandFailure problem) {
        reachable = false;
        add(Result.FAIL, "attach", problem.getMessage(), problem.hint());
    }

    private void add(Result result, String what, String detail, String hint) {
        findings.add(new Finding(result, what, detail, hint));
    }
}
