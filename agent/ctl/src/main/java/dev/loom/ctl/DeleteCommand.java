package dev.loom.ctl;

import dev.loom.ctl.failure.ExitStatus;
import dev.loom.ctl.output.FilterText;
import dev.loom.ctl.output.Printer;
import dev.loom.ctl.target.AgentLink;
import dev.loom.ctl.target.FilterView;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(name = "delete", description = "Remove a filter from a running JVM.")
final class DeleteCommand implements Callable<Integer> {

    @ParentCommand
    private LoomCtl tool;

    @Mixin
    private CommonOptions common;

    @Mixin
    private TargetOptions access;

    @Parameters(index = "0", paramLabel = "TARGET", description = "pid, host:port or JMX service URL.")
    private String target;

    @Parameters(index = "1", paramLabel = "NAME", description = "The filter.")
    private String name;

    @Option(names = "--wait", paramLabel = "SECONDS", description = "Wait until the filter is REMOVED.")
    private double wait;

    @Override
    public Integer call() {
        Printer printer = common.printer();
        Waiting waiting = new Waiting(printer, filter -> filter.state().equals("REMOVED"), wait, tool.startedNanos());
        FilterView last = waiting.run(target, () -> {
            try (AgentLink agent = access.agent(target)) {
                return waiting.until(agent, agent.remove(name));
            }
        });
        if (printer.isJson()) {
            printer.json(last.toJson());
        }
        printer.line(FilterText.summary(last));
        return waiting.status(last);
    }
}
