package dev.loom.ctl;

import dev.loom.ctl.failure.ExitStatus;
import dev.loom.ctl.output.FilterReport;
import dev.loom.ctl.output.Printer;
import dev.loom.ctl.target.AgentLink;
import dev.loom.ctl.target.JvmFilter;
import java.util.List;
import picocli.CommandLine.Command;

@Command(name = "list", description = "List the filters of a JVM.")
final class ListCommand extends AgentCommand {

    @Override
    int ask(AgentLink agent, Printer printer) {
        List<JvmFilter> filters = agent.filters();
        if (printer.isJson()) {
            printer.json(filters.stream().map(JvmFilter::toJson).toList());
        } else if (filters.isEmpty()) {
            printer.line("No filters.");
        } else {
            printer.table(FilterReport.heads(), filters.stream().map(FilterReport::row).toList());
        }
        return ExitStatus.DONE;
    }
}
