package dev.loom.ctl;

import dev.loom.ctl.failure.CommandFailure;
import dev.loom.ctl.failure.ExitStatus;
import dev.loom.ctl.output.Printer;
import dev.loom.ctl.target.AgentLink;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;

@Command(name = "detach", description = "Remove all filters of a JVM and take the agent out of it.")
final class DetachCommand extends AgentCommand {

    /** Somewhat longer than the agent gives its filters to go, ms. */
    private static final long PATIENCE_MILLIS = 45_000;

    private static final long LOOK_MILLIS = 100;

    @Override
    int ask(AgentLink agent, Printer printer) {
        agent.detach();
        boolean gone = awaitGone(agent);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("target", target);
        json.put("state", gone ? "DETACHED" : "DETACHING");
        printer.json(json);
        printer.line(gone ? "Loom has left " + target + "." : "Loom is still leaving " + target + "; its log says what keeps it.");
        return gone ? ExitStatus.DONE : ExitStatus.NOT_WITHIN_WAIT;
    }

    private static boolean awaitGone(AgentLink agent) {
        long deadline = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        while (System.nanoTime() < deadline) {
            try {
                if (!agent.hasAgent()) {
                    return true;
                }
                Thread.sleep(LOOK_MILLIS);
            } catch (CommandFailure e) {
                // we came through the agent's own connector, which leaves with it
                return e.status() == ExitStatus.UNREACHABLE;
            } catch (InterruptedException e) {
                return false;
            }
        }
        return false;
    }
}
