package dev.loom.ctl;

import dev.loom.ctl.failure.ExitStatus;
import dev.loom.ctl.output.FilterReport;
import dev.loom.ctl.output.Printer;
import dev.loom.ctl.target.AgentLink;
import dev.loom.ctl.target.JvmFilter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "accept", description = "Accept the threads that are still in the way of a filter. Who and why are recorded.")
final class AcceptCommand extends AgentCommand {

    @Parameters(index = "1", paramLabel = "NAME", description = "The filter.")
    private String name;

    @Option(names = "--why", required = true, paramLabel = "TEXT", description = "The reason.")
    private String why;

    @Override
    int ask(AgentLink agent, Printer printer) {
        String reason = why.isBlank() ? "" : System.getProperty("user.name") + ": " + why.strip();
        JvmFilter filter = agent.acceptStragglers(name, reason);
        printer.json(filter.toJson());
        printer.line(FilterReport.summary(filter));
        return ExitStatus.DONE;
    }
}
