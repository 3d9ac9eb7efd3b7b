package dev.loom.ctl.attach;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachOperationFailedException;
import dev.loom.ctl.failure.CommandFailure;
import java.util.Locale;

/** Decodes what the Attach API throws: its messages name sockets and numbers, people need users, flags and what to do. */
final class AttachErrors {

    private AttachErrors() {}

    static CommandFailure decode(ProcessFacts process, Exception e) {
        long pid = process.pid();
        String text = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.contains("dynamic agent loading is not enabled") || lower.contains("enabledynamicagentloading")) {
            return CommandFailure.failed(
                    "process " + pid + " does not let agents be loaded while it runs (JEP 451, -XX:-EnableDynamicAgentLoading)",
                    "start it with -XX:+EnableDynamicAgentLoading, or with -javaagent:loom-agent.jar");
        }
        if (e instanceof AgentInitializationException init) {
            return CommandFailure.failed(
                    "the agent was loaded into process " + pid + " and could not start (code " + init.returnValue() + ")",
                    "the error output of that JVM says why, in a line that begins with 'loom:'");
        }
        if (e instanceof AgentLoadException || e instanceof AttachOperationFailedException) {
            return CommandFailure.failed("process " + pid + " could not load the agent: " + text,
                    process.owner().map(o -> "user " + o).orElse("its user")
                            + " must be able to read loom-agent.jar; copy it where that is so, such as /tmp");
        }
        if (lower.contains("no such process")) {
            return CommandFailure.unreachable("process " + pid + " has ended", "'jvms' lists the JVMs of this machine");
        }
        if (lower.contains("unable to open socket file") || lower.contains("doesn't respond")) {
            return CommandFailure.unreachable("process " + pid + " does not answer to the attach",
                    process.innerPid().isPresent()
                            ? "it runs in a container: run the tool in there, where its pid is " + process.innerPid().get()
                            : "it hangs (jstack would too), or its /tmp is not ours, or it has -XX:+DisableAttachMechanism;"
                                    + " then start it with -javaagent:loom-agent.jar");
        }
        if (lower.contains("not permitted") || lower.contains("well-known file") || lower.contains("permission denied")) {
            return CommandFailure.unreachable("process " + pid + " does not let this user attach (" + text + ")",
                    "run the tool as the user of the JVM, " + process.owner().orElse("whoever that is"));
        }
        return CommandFailure.unreachable("process " + pid + " cannot be attached to: " + text, "");
    }
}
