package dev.loom.ctl.attach;

import dev.loom.ctl.failure.CommandFailure;
import java.util.Optional;

/** Says, before anything is sent to a process, why attaching to it cannot work. */
final class Preflight {

    private Preflight() {}

    /** The reason, if there is one. */
    static Optional<CommandFailure> problem(ProcessFacts process) {
        long pid = process.pid();
        if (!process.exists()) {
            return unreachable("there is no process " + pid, "'jvms' lists the JVMs of this machine; inside a container its own pids count");
        }
        if (pid == ProcessHandle.current().pid()) {
            return unreachable("process " + pid + " is this tool itself", "");
        }
        if (!process.isOursOrWeAreRoot()) {
            String owner = process.owner().orElse("");
            return unreachable(
                    "process " + pid + " belongs to user " + owner + ", and a JVM is open to its own user only",
                    "run the tool as that user: sudo -u " + owner + " java -jar loom-agent.jar attach " + pid);
        }
        if (process.hasJvm().isPresent() && !process.hasJvm().get()) {
            return unreachable("process " + pid + " is not a JVM" + process.command().map(c -> " but " + c).orElse(""),
                    "'jvms' lists the JVMs of this machine");
        }
        if (process.flag("DisableAttachMechanism").orElse(false)) {
            return unreachable("process " + pid + " was started with -XX:+DisableAttachMechanism, so nothing can be attached",
                    "start it with -javaagent:loom-agent.jar, or without that option");
        }
        if (process.arguments().contains("-Xrs") || process.flag("ReduceSignalUsage").orElse(false)) {
            return unreachable("process " + pid + " was started with -Xrs, so it does not listen for an attach",
                    "start it with -javaagent:loom-agent.jar, or with -XX:+StartAttachListener");
        }
        if (process.catchesQuit().isPresent() && !process.catchesQuit().get()) {
            return unreachable("process " + pid + " is not ready for an attach: it does not handle SIGQUIT",
                    "if it has just been started, try again in a moment");
        }
        return Optional.empty();
    }

    private static Optional<CommandFailure> unreachable(String message, String hint) {
        return Optional.of(CommandFailure.unreachable(message, hint));
    }
}
