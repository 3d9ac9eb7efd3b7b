package dev.loom.ctl;

import dev.loom.ctl.output.Printer;
import dev.loom.ctl.target.AgentLink;

/** A command that the agent of a JVM answers over one connection. */
abstract class AgentCommand extends TargetCommand {

    @Override
    public final Integer call() {
        try (AgentLink agent = access.agent(target)) {
            return ask(agent, common.printer());
        }
    }

    /** Asks, prints the answer and returns the exit status. */
    abstract int ask(AgentLink agent, Printer printer);
}
