package dev.loom.ctl.attach;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.AttachOperationFailedException;
import com.sun.tools.attach.VirtualMachine;
import com.sun.tools.attach.VirtualMachineDescriptor;
import dev.loom.ctl.failure.CommandFailure;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;

/** One JVM of this machine, attached to. */
public final class AttachedJvm implements AutoCloseable {

    /** System property of a JVM with the version of the agent in it, or {@code error: …} with why it did not start. */
    public static final String STATE = "dev.loom.agent";

    /** Time for a JVM that is just starting to be ready for management, ms. */
    private static final long START_MILLIS = 5_000;

    private static final long LOOK_MILLIS = 100;

    /**
     * A JVM that can be seen.
     *
     * @param main its main class or jar, and arguments
     */
    public record Seen(long pid, String main) {}

    private final ProcessFacts process;
    private final VirtualMachine machine;

    private AttachedJvm(ProcessFacts process, VirtualMachine machine) {
        this.process = process;
        this.machine = machine;
    }

    /** The JVMs of this machine that this user can see, this one left out, by pid. */
    public static List<Seen> list() {
        try {
            return VirtualMachine.list().stream()
                    .filter(jvm -> jvm.id().matches("\\d{1,18}"))
                    .map(AttachedJvm::seen)
                    .filter(jvm -> jvm.pid() != ProcessHandle.current().pid())
                    .sorted(Comparator.comparingLong(Seen::pid))
                    .toList();
        } catch (NoClassDefFoundError e) {
            throw noAttachApi();
        }
    }

    private static Seen seen(VirtualMachineDescriptor jvm) {
        return new Seen(Long.parseLong(jvm.id()), jvm.displayName());
    }

    /** Attaches to a JVM; changes nothing in it yet. */
    public static AttachedJvm attach(long pid) {
        ProcessFacts process = ProcessFacts.of(pid);
        Preflight.problem(process).ifPresent(problem -> {
            throw problem;
        });
        try {
            return new AttachedJvm(process, VirtualMachine.attach(Long.toString(pid)));
        } catch (AttachNotSupportedException | IOException e) {
            throw AttachErrors.decode(process, e);
        } catch (NoClassDefFoundError e) {
            throw noAttachApi();
        }
    }

    /** The JMX service URL of a JVM that has the agent. Opens the JVM's local connector if need be; only its user reaches it. */
    public static String addressOfAgent(long pid) {
        try (AttachedJvm jvm = attach(pid)) {
            if (jvm.agentVersion().isEmpty()) {
                throw CommandFailure.failed("there is no Loom agent in process " + pid,
                        "put it there: java -jar loom-agent.jar attach " + pid);
            }
            return jvm.managementAddress();
        }
    }

    /** Version of the agent in the JVM; empty if there is none. */
    public String agentVersion() {
        String state = properties().getProperty(STATE, "");
        return state.startsWith("error") ? "" : state;
    }

    /** Its system properties. */
    public Properties properties() {
        try {
            return machine.getSystemProperties();
        } catch (IOException e) {
            throw AttachErrors.decode(process, e);
        }
    }

    /** Whether the JVM was told that agents may be loaded while it runs. Without, a JVM of 21 or later prints a warning. */
    public boolean expectsAgents() {
        return process.flag("EnableDynamicAgentLoading").orElse(false);
    }

    /**
     * Loads the agent.
     *
     * @return where the JVM found the jar
     */
    public Path load(Path jar, String options) {
        Path seen = visible(jar);
        // a JVM that had another version before starts this one only if told where it is; a comma would end the option
        String self = seen.toString().contains(",") ? "" : "agent-jar=" + seen;
        try {
            machine.loadAgent(seen.toString(), options + (options.isEmpty() || self.isEmpty() ? "" : ",") + self);
            return seen;
        } catch (AgentLoadException | AgentInitializationException | IOException e) {
            throw AttachErrors.decode(process, e);
        }
    }

    /** Why the agent did not start; empty if it did. */
    public String startError() {
        String state = properties().getProperty(STATE, "error: it did not say why; see the error output of the JVM");
        return state.startsWith("error") ? state.substring(state.indexOf(':') + 1).strip() : "";
    }

    private String managementAddress() {
        try {
            return startManagement();
        } catch (IOException e) {
            throw CommandFailure.unreachable("process " + process.pid() + " cannot open its local JMX connector: " + e.getMessage(),
                    "its run-time image needs the module jdk.management.agent");
        }
    }

    /** A JVM that is just starting answers with an exception of its own until it is far enough. */
    private String startManagement() throws IOException {
        long deadline = System.nanoTime() + START_MILLIS * 1_000_000;
        while (true) {
            try {
                return machine.startLocalManagementAgent();
            } catch (AttachOperationFailedException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
            }
            try {
                Thread.sleep(LOOK_MILLIS);
            } catch (InterruptedException e) {
                throw new InterruptedIOException("interrupted");
            }
        }
    }

    /** The path under which the JVM sees the jar: a JVM in a container sees other files than we do, and gets a copy. */
    private Path visible(Path jar) {
        Path root = Path.of("/proc", Long.toString(process.pid()), "root");
        try {
            if (process.innerPid().isEmpty() && Files.isSameFile(root, Path.of("/"))) {
                return jar;
            }
            Path there = root.resolve(Path.of("/").relativize(jar));
            if (Files.exists(there) && Files.size(there) == Files.size(jar)) {
                return jar;
            }
            Path copy = Path.of("/tmp", "loom-agent-" + Files.getLastModifiedTime(jar).toMillis() + ".jar");
            Files.copy(jar, root.resolve(Path.of("/").relativize(copy)), StandardCopyOption.REPLACE_EXISTING);
            return copy;
        } catch (IOException | SecurityException e) {
            // not Linux, or not allowed to look: the JVM will say whether it finds the jar
            return jar;
        }
    }

    private static CommandFailure noAttachApi() {
        return CommandFailure.failed("this Java has no Attach API (module jdk.attach)", "run the tool with a JDK");
    }

    @Override
    public void close() {
        try {
            machine.detach();
        } catch (IOException e) {
            // the JVM is gone; there is nothing to detach from
        }
    }
}
