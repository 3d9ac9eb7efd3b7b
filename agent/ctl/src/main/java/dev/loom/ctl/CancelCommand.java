package dev.loom.ctl;

import dev.loom.ctl.failure.ExitStatus;
import dev.loom.ctl.output.FilterReport;
import dev.loom.ctl.output.Printer;
import dev.loom.ctl.target.AgentLink;
import dev.loom.ctl.target.JvmFilter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "cancel", description = "Take an install or replacement back that is not finished.")
final class CancelCommand extends AgentCommand {

    @Parameters(index = "1", paramLabel = "NAME", description = "The filter.")
    private String name;

    @Override
    int ask(AgentLink agent, Printer printer) {
        JvmFilter filter = agent.cancel(name);
        printer.json(filter.toJson());
        printer.line(FilterReport.summary(filter));
        return ExitStatus.DONE;
    }
}
