package dev.loom.ctl;

import dev.loom.ctl.failure.ExitStatus;
import dev.loom.ctl.output.FilterText;
import dev.loom.ctl.output.Printer;
import dev.loom.ctl.target.AgentLink;
import dev.loom.ctl.target.FilterView;
import java.util.List;
import picocli.CommandLine.Command;

@Command(name = "list", description = "List the filters of a JVM.")
final class ListCommand extends AgentCommand {

    @Override
    int ask(AgentLink agent, Printer printer) {
        List<FilterView> filters = agent.filters();
        if (printer.isJson()) {
            printer.json(filters.stream().map(FilterView::toJson).toList());
        } else if (filters.isEmpty()) {
            printer.line("No filters.");
        } else {
            printer.table(FilterText.heads(), filters.stream().map(FilterText::row).toList());
        }
        return ExitStatus.DONE;
    }
}
