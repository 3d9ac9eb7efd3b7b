package dev.loom.ctl;

import dev.loom.ctl.failure.ExitStatus;
import dev.loom.ctl.output.FilterReport;
import dev.loom.ctl.output.Printer;
import dev.loom.ctl.target.AgentLink;
import dev.loom.ctl.target.JvmFilter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(name = "delete", description = "Remove a filter from a running JVM.")
final class DeleteCommand extends TargetCommand {

    @ParentCommand
    private LoomCtl tool;

    @Parameters(index = "1", paramLabel = "NAME", description = "The filter.")
    private String name;

    @Option(names = "--wait", paramLabel = "SECONDS", description = "Wait until the filter is REMOVED.")
    private double wait;

    @Override
    public Integer call() {
        Printer printer = common.printer();
        Waiting waiting = new Waiting(printer, filter -> filter.state().equals("REMOVED"), wait, tool.startedNanos());
        JvmFilter last = waiting.run(target, () -> {
            try (AgentLink agent = access.agent(target)) {
                return waiting.until(agent, agent.remove(name));
            }
        });
        printer.json(last.toJson());
        printer.line(FilterReport.summary(last));
        return waiting.status(last);
    }
}
