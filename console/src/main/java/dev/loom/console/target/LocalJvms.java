package dev.loom.console.target;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.AttachOperationFailedException;
import com.sun.tools.attach.VirtualMachine;
import dev.loom.client.JvmAddress;
import dev.loom.client.JvmInfo;
import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import dev.loom.console.jmx.Addresses;
import dev.loom.console.jmx.AgentConnection;
import dev.loom.console.jmx.Unreachable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.springframework.stereotype.Component;

/** The Attach API: finds the JVMs of this machine, puts the agent into one, and decodes what goes wrong. */
@Component
class LocalJvms {

    /** Time for an agent that is there to register its MBean, ms. */
    private static final long COMES_MILLIS = 5_000;

    /** A JVM that has the agent, and its connector. */
    record Attached(String jmxUrl, JvmInfo jvm, String display, boolean loaded) {}

    /** The JVMs that this process's user may attach to, without this process itself. */
    List<LocalJvm> list() {
        return VirtualMachine.list().stream()
                .filter(d -> d.id().matches("\\d{1,18}"))
                .map(d -> new LocalJvm(Long.parseLong(d.id()), mainOf(d.displayName()), null))
                .filter(jvm -> jvm.pid() != ProcessHandle.current().pid())
                .sorted(Comparator.comparingLong(LocalJvm::pid))
                .toList();
    }

    private static String mainOf(String display) {
        return display.isBlank() ? "" : display.strip().split("\\s+")[0];
    }

    /** Whether an agent runs in the JVM; its MBean comes when JMX is used there. */
    private static boolean isThere(VirtualMachine machine) throws IOException {
        String state = machine.getSystemProperties().getProperty("dev.loom.agent", "error");
        return !state.startsWith("error");
    }

    /** Puts the agent into a JVM, unless it is there, and opens the JVM's local connector. */
    Attached attach(long pid, Path agent, String options) {
        String display = VirtualMachine.list().stream()
                .filter(d -> d.id().equals(Long.toString(pid)))
                .map(d -> mainOf(d.displayName()))
                .findFirst()
                .orElse("");
        if (pid == ProcessHandle.current().pid()) {
            throw failed(pid, "that is the console itself", "Choose another JVM.");
        }
        try {
            VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
            try {
                String url = machine.startLocalManagementAgent();
                try (AgentConnection connection = AgentConnection.open(JvmAddress.local(url), null, null)) {
                    boolean there = isThere(machine) ? connection.awaitAgent(COMES_MILLIS) : connection.hasAgent();
                    if (!there) {
                        machine.loadAgent(agent.toString(), options);
                        if (!connection.hasAgent()) {
                            throw failed(
                                    pid,
                                    "the agent was loaded but did not start",
                                    "The JVM's own error output says why, in a line that begins with loom.");
                        }
                    }
                    return new Attached(url, connection.jvm(), display, !there);
                }
            } finally {
                machine.detach();
            }
        } catch (AttachNotSupportedException | IOException | AgentLoadException | AgentInitializationException e) {
            throw decode(pid, e);
        } catch (Unreachable e) {
            throw failed(pid, "its local JMX connector does not answer: " + e.reason(), e.hint());
        } catch (NoClassDefFoundError e) {
            throw failed(pid, "this Java has no Attach API (module jdk.attach)", "Run the console with a JDK.");
        }
    }

    private static LoomProblem decode(long pid, Exception e) {
        String text = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        String lower = text.toLowerCase(Locale.ROOT);
        if (e instanceof AgentInitializationException init) {
            return failed(
                    pid,
                    "the agent refused to start (code " + init.returnValue() + ")",
                    "The JVM's own error output says why, in a line that begins with loom.");
        }
        if (e instanceof AgentLoadException || e instanceof AttachOperationFailedException) {
            if (lower.contains("dynamic agent loading is not enabled") || lower.contains("enabledynamicagentloading")) {
                return failed(
                        pid,
                        "it does not allow agents to be loaded while it runs (-XX:-EnableDynamicAgentLoading)",
                        "Start it with -javaagent:loom-agent.jar, or with -XX:+EnableDynamicAgentLoading.");
            }
            return failed(pid, "the JVM could not load the agent: " + text, "It must be able to read the console's data directory.");
        }
        if (lower.contains("no such process")) {
            return failed(pid, "there is no such process", "It may have ended. By REST: GET /api/v1/targets/local lists those that run.");
        }
        if (lower.contains("unable to open socket file") || lower.contains("doesn't respond")) {
            return failed(
                    pid,
                    "it does not answer to attach: it hangs, is not a JVM, or was started with -XX:+DisableAttachMechanism",
                    "If it was, start it with -javaagent:loom-agent.jar instead.");
        }
        if (lower.contains("permitted") || lower.contains("well-known file") || lower.contains("owner")) {
            return failed(
                    pid,
                    "it belongs to another user",
                    "Attach as that user with the control tool: sudo -u USER java -jar loom-agent.jar attach " + pid);
        }
        return failed(pid, text, "");
    }

    private static LoomProblem failed(long pid, String why, String hint) {
        return new LoomProblem(ProblemCode.ATTACH_FAILED, "Process " + pid + ": " + why + ".", hint);
    }
}
