package dev.loom.ctl;

import dev.loom.ctl.failure.ExitStatus;
import dev.loom.ctl.output.FilterText;
import dev.loom.ctl.output.Printer;
import dev.loom.ctl.target.AgentLink;
import dev.loom.ctl.target.FilterView;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "cancel", description = "Take an install or replacement back that is not finished.")
final class CancelCommand implements Callable<Integer> {

    @Mixin
    private CommonOptions common;

    @Mixin
    private TargetOptions access;

    @Parameters(index = "0", paramLabel = "TARGET", description = "pid, host:port or JMX service URL.")
    private String target;

    @Parameters(index = "1", paramLabel = "NAME", description = "The filter.")
    private String name;

    @Override
    public Integer call() {
        Printer printer = common.printer();
        try (AgentLink agent = access.agent(target)) {
            FilterView filter = agent.cancel(name);
            if (printer.isJson()) {
                printer.json(filter.toJson());
            }
            printer.line(FilterText.summary(filter));
            return ExitStatus.DONE;
        }
    }
}
