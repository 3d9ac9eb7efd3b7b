package dev.loom.ctl;

import dev.loom.ctl.console.ConsoleLink;
import dev.loom.ctl.console.Deployment;
import dev.loom.ctl.failure.CommandFailure;
import dev.loom.ctl.output.Printer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "deploy", description = "Store a filter in a console and enable it in JVMs of its list, all at once or in steps.")
final class DeployCommand extends ConsoleCommand {

    @Parameters(index = "0", paramLabel = "FILE|NAME", description = "The filter: a file, or the name of one that the console has.")
    private String filter;

    @Option(names = "--name", paramLabel = "NAME", description = "Name of the filter, where the file says none (default: the file's name).")
    private String name;

    @Option(names = "--selector", paramLabel = "TEXT", description = "The JVMs by their labels, such as env=prod,team in (a, b).")
    private String selector;

    @Option(names = "--jvm", paramLabel = "NAME", description = "A JVM by its name in the console; may be repeated.")
    private List<String> jvms = List.of();

    @Option(names = "--strategy", paramLabel = "FILE", description = "Steps and guards of a roll-out, as JSON.")
    private Path strategy;

    @Option(names = "--observe", description = "Only count how often the race happens; enforce nothing.")
    private boolean observe;

    @Option(names = "--on-straggler", paramLabel = "wait|reverse:TIME", description = "As for add.")
    private String onStraggler;

    @Option(names = "--on-harmful", paramLabel = "keep|remove", description = "As for add.")
    private String onHarmful;

    @Option(names = "--on-deadlocked", paramLabel = "wait|accept", description = "As for add.")
    private String onDeadlocked;

    @Option(names = "--wait", paramLabel = "SECONDS", description = "Wait until it is in force in all its JVMs, and all steps are done.")
    private double wait;

    @Option(names = "--dry-run", description = "Store and enable nothing; say what each JVM would do.")
    private boolean dryRun;

    @Override
    double seconds() {
        return wait;
    }

    @Override
    void requireSense() {
        if ((selector == null) == jvms.isEmpty()) {
            throw CommandFailure.usage("the JVMs are chosen by --selector or by --jvm", "one of the two");
        }
    }

    @Override
    int run(ConsoleLink console, DeploymentWait waiting) {
        Printer printer = common().printer();
        if (dryRun) {
            return DryRunReport.print(console.dryRun(order(console, printer)), printer);
        }
        return waiting.within(() -> waiting.follow(
                console, console.deploy(order(console, printer), strategy == null ? null : steps()), Deployment::isEnabled));
    }

    private Map<String, Object> order(ConsoleLink console, Printer printer) {
        Map<String, Object> order = new LinkedHashMap<>();
        Path file = Path.of(filter);
        if (Files.exists(file)) {
            FilterFile read = FilterFile.read(file);
            if (dryRun) {
                order.put("filter", nameOf(read));
                order.put("text", read.textToSend());
            } else {
                ConsoleLink.Stored stored = console.store(nameOf(read), read.textToSend());
                printer.note(stored.name() + " is version " + stored.version() + " in the console");
                order.put("filter", stored.name());
                order.put("version", stored.version());
            }
        } else if (filter.endsWith(".loom")) {
            throw CommandFailure.failed("there is no file " + filter, "");
        } else {
            order.put("filter", filter);
        }
        if (selector == null) {
            order.put("targets", console.jvms(jvms));
        } else {
            order.put("selector", selector);
        }
        order.put("mode", observe ? "observe" : "enforce");
        Map<String, Object> options = new LinkedHashMap<>();
        put(options, "on-straggler", onStraggler);
        put(options, "on-harmful", onHarmful);
        put(options, "on-deadlocked", onDeadlocked);
        order.put("options", options);
        return order;
    }

    /** What the text says goes before all else, as it does in the console. */
    private String nameOf(FilterFile file) {
        if (!file.nameInText().isEmpty()) {
            return file.nameInText();
        }
        return name == null ? file.baseName() : name;
    }

    private static void put(Map<String, Object> to, String name, String value) {
        if (value != null) {
            to.put(name, value);
        }
    }

    /** As it stands in the file: the console says what is wrong with it. */
    private String steps() {
        try {
            return Files.readString(strategy);
        } catch (IOException e) {
            throw CommandFailure.failed(strategy + " cannot be read", "it is a file with JSON, such as {\"steps\": [{\"jvms\": 1}, {\"percent\": 100}]}");
        }
    }
}
