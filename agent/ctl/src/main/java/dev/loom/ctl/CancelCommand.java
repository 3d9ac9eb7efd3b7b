package dev.loom.ctl;

import dev.loom.ctl.failure.ExitStatus;
import dev.loom.ctl.output.FilterText;
import dev.loom.ctl.output.Printer;
import dev.loom.ctl.target.AgentLink;
import dev.loom.ctl.target.FilterView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "cancel", description = "Take an install or replacement back that is not finished.")
final class CancelCommand extends AgentCommand {

    @Parameters(index = "1", paramLabel = "NAME", description = "The filter.")
    private String name;

    @Override
    int ask(AgentLink agent, Printer printer) {
        FilterView filter = agent.cancel(name);
        printer.json(filter.toJson());
        printer.line(FilterText.summary(filter));
        return ExitStatus.DONE;
    }
}
