package dev.loom.ctl;

import dev.loom.ctl.failure.ExitStatus;
import dev.loom.ctl.output.FilterReport;
import dev.loom.ctl.output.Printer;
import dev.loom.ctl.target.AgentLink;
import dev.loom.ctl.target.JvmFilter;
import dev.loom.filter.diagnostic.DiagnosticRenderer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(name = "add", description = "Install a filter in a running JVM, or replace the one of that name.")
final class AddCommand extends TargetCommand {

    @ParentCommand
    private LoomCtl tool;

    @Parameters(index = "1", paramLabel = "FILE", description = "The filter.")
    private Path file;

    @Option(names = "--name", paramLabel = "NAME", description = "Name of the filter (default: what the file says, else the file's name).")
    private String name;

    @Option(names = "--observe", description = "Only count how often the race happens; enforce nothing.")
    private boolean observe;

    @Option(names = "--wait", paramLabel = "SECONDS", description = "Wait until the filter is ACTIVE (or OBSERVING).")
    private double wait;

    @Option(names = "--on-straggler", paramLabel = "wait|reverse:TIME",
            description = "What to do about threads that stay in the way: wait (default), or take the install back after a time, such as"
                    + " reverse:75s.")
    private String onStraggler;

    @Option(names = "--on-harmful", paramLabel = "keep|remove",
            description = "What to do when the deadlock guard had to break a wait: keep the filter (default) or remove it.")
    private String onHarmful;

    @Option(names = "--on-deadlocked", paramLabel = "wait|accept",
            description = "What to do about threads that the application has deadlocked itself, where an interrupt could set them free:"
                    + " wait for them (default) or do without.")
    private String onDeadlocked;

    @Override
    public Integer call() {
        Printer printer = common.printer();
        Waiting waiting = new Waiting(printer, JvmFilter::isInForce, wait, tool.startedNanos());
        FilterFile filter = FilterFile.read(file);
        JvmFilter last = waiting.run(target, () -> {
            try (AgentLink agent = access.agent(target)) {
                JvmFilter first = agent.install(name == null ? filter.name() : name, filter.textToSend(), installOptions())
                        .withFile(file.toString());
                if (!printer.isJson()) {
                    printer.text(DiagnosticRenderer.render(first.diagnostics(filter.text()), filter.text()));
                }
                return waiting.until(agent, first);
            }
        }).withFile(file.toString());
        printer.json(last.toJson());
        printer.line(FilterReport.summary(last));
        return last.isRefused() ? ExitStatus.FAILED : waiting.status(last);
    }

    private String installOptions() {
        List<String> options = new ArrayList<>();
        if (observe) {
            options.add("mode=observe");
        }
        if (onStraggler != null) {
            options.add("on-straggler=" + onStraggler);
        }
        if (onHarmful != null) {
            options.add("on-harmful=" + onHarmful);
        }
        if (onDeadlocked != null) {
            options.add("on-deadlocked=" + onDeadlocked);
        }
        return String.join(",", options);
    }
}
