package dev.loom.ctl;

import dev.loom.ctl.failure.ExitStatus;
import dev.loom.ctl.output.FilterText;
import dev.loom.ctl.output.Printer;
import dev.loom.ctl.target.AgentLink;
import dev.loom.ctl.target.FilterView;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "list", description = "List the filters of a JVM.")
final class ListCommand implements Callable<Integer> {

    @Mixin
    private CommonOptions common;

    @Mixin
    private TargetOptions access;

    @Parameters(index = "0", paramLabel = "TARGET", description = "pid, host:port or JMX service URL.")
    private String target;

    @Override
    public Integer call() {
        Printer printer = common.printer();
        try (AgentLink agent = access.agent(target)) {
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
}
