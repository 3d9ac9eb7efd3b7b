package dev.loom.ctl;

import dev.loom.ctl.failure.CommandFailure;
import dev.loom.ctl.failure.ExitStatus;
import dev.loom.ctl.output.FilterReport;
import dev.loom.ctl.output.InterleavingReport;
import dev.loom.ctl.output.Printer;
import dev.loom.ctl.target.AgentLink;
import dev.loom.ctl.target.JvmFilter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "status", description = "Show filters of a JVM: state, evacuation, threads in the way, hooks.",
        footer = {"", "--watch prints a line whenever something changes, until the filters are in force or gone (exit status 0), or have",
            "failed (1). With --json, each line is one JSON value."})
final class StatusCommand extends AgentCommand {

    private static final long LOOK_MILLIS = 250;

    @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", description = "One filter (default: all).")
    private String name;

    @Option(names = "--watch", description = "Go on showing changes.")
    private boolean watch;

    @Option(names = "--interleavings", description = "The last interleavings that the filter NAME prevented, or saw, with both stacks.")
    private boolean interleavings;

    @Override
    int ask(AgentLink agent, Printer printer) {
        if (interleavings) {
            if (name == null || watch) {
                throw CommandFailure.usage("--interleavings is about one filter, at one moment", "status TARGET NAME --interleavings");
            }
            InterleavingReport.print(agent.interleavings(name), printer);
            return ExitStatus.DONE;
        }
        if (watch) {
            return watch(agent, printer);
        }
        int status = show(look(agent), printer);
        String unprepared = FilterReport.unprepared(agent.unpreparedClasses());
        if (name == null && !unprepared.isEmpty()) {
            printer.line("");
            printer.line("Update points" + unprepared);
        }
        return status;
    }

    private List<JvmFilter> look(AgentLink agent) {
        return name == null ? agent.filters() : List.of(agent.filter(name));
    }

    private int show(List<JvmFilter> filters, Printer printer) {
        if (printer.isJson()) {
            printer.json(json(filters));
        } else if (filters.isEmpty()) {
            printer.line("No filters.");
        }
        for (int i = 0; i < filters.size(); i++) {
            if (i > 0) {
                printer.line("");
            }
            FilterReport.details(filters.get(i), printer);
        }
        return name != null && filters.get(0).isRefused() ? ExitStatus.FAILED : ExitStatus.DONE;
    }

    private Object json(List<JvmFilter> filters) {
        return name == null ? filters.stream().map(JvmFilter::toJson).toList() : filters.get(0).toJson();
    }

    private int watch(AgentLink agent, Printer printer) {
        String shown = null;
        while (true) {
            List<JvmFilter> filters = look(agent);
            String lines = String.join(System.lineSeparator(), filters.stream().map(FilterReport::summary).toList());
            if (!lines.equals(shown)) {
                printer.json(json(filters));
                printer.line(filters.isEmpty() ? "No filters." : lines);
                shown = lines;
            }
            if (filters.stream().allMatch(filter -> filter.isInForce() || filter.isEnd())) {
                return filters.stream().anyMatch(JvmFilter::isRefused) ? ExitStatus.FAILED : ExitStatus.DONE;
            }
            try {
                Thread.sleep(LOOK_MILLIS);
            } catch (InterruptedException e) {
                throw CommandFailure.failed("interrupted", "");
            }
        }
    }
}
