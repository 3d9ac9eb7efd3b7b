package dev.loom.ctl;

import dev.loom.ctl.failure.CommandFailure;
import dev.loom.ctl.failure.ExitStatus;
import dev.loom.ctl.output.Printer;
import dev.loom.ctl.target.AgentLink;
import dev.loom.ctl.target.JvmFilter;
import dev.loom.filter.CompileResult;
import dev.loom.filter.FilterCompiler;
import dev.loom.filter.classes.ClassSource;
import dev.loom.filter.diagnostic.Diagnostic;
import dev.loom.filter.diagnostic.DiagnosticRenderer;
import dev.loom.filter.diagnostic.Severity;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "check", description = "Check filters against jars, or against what a JVM has loaded. Changes nothing in it.",
        footer = {"", "Without --classpath and --target only the language is checked."})
final class CheckCommand implements Callable<Integer> {

    @Mixin
    private CommonOptions common;

    @Mixin
    private TargetOptions access;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "The filters.")
    private List<Path> files;

    @Option(names = {"--classpath", "--cp"}, paramLabel = "JARS", description = "Jars, directories, Spring Boot jars, lib/*.")
    private String classpath;

    @Option(names = "--target", paramLabel = "TARGET", description = "A JVM with the agent.")
    private String target;

    @Option(names = "--pin", description = "Write pin lines into the files: they bind each filter to this build.")
    private boolean pin;

    @Option(names = "--format", description = "Print the filters in the usual layout; with --write, write the files so.")
    private boolean format;

    @Option(names = "--write", description = "With --format.")
    private boolean write;

    private record Checked(FilterFile file, JvmFilter view, List<Diagnostic> diagnostics) {}

    @Override
    public Integer call() {
        Printer printer = common.printer();
        if (classpath != null && target != null) {
            throw CommandFailure.usage("--classpath and --target are both given; one is enough", "");
        }
        if (pin && classpath == null) {
            throw CommandFailure.usage("--pin needs --classpath: a pin is a digest of a method's bytecode", "");
        }
        if (write && !format) {
            throw CommandFailure.usage("--write goes with --format", "");
        }
        List<FilterFile> filters = files.stream().map(FilterFile::read).toList();
        List<Checked> results = target != null ? byAgent(filters) : here(filters, printer);
        if (printer.isJson()) {
            printer.json(results.size() == 1
                    ? results.get(0).view.toJson()
                    : results.stream().map(result -> result.view.toJson()).toList());
        }
        if (format) {
            results.forEach(result -> Layout.show(FilterFile.read(result.file.file()), write, printer));
        }
        if (classpath == null && target == null) {
            printer.note("Only the language is checked; give --classpath or --target to compare with classes.");
        }
        boolean rejected = false;
        boolean prints = format && !write; // then the layout is the result, and what is said of it is not
        for (Checked result : results) {
            String remarks = DiagnosticRenderer.render(result.diagnostics, result.file.text());
            String verdict = result.file.file() + ": " + verdict(result.diagnostics);
            if (prints) {
                printer.note(remarks + verdict);
            } else {
                printer.text(remarks);
                printer.line(verdict);
            }
            rejected |= result.diagnostics.stream().anyMatch(Diagnostic::isError);
        }
        return rejected ? ExitStatus.FAILED : ExitStatus.DONE;
    }

    private List<Checked> byAgent(List<FilterFile> filters) {
        List<Checked> results = new ArrayList<>();
        try (AgentLink agent = access.agent(target)) {
            for (FilterFile filter : filters) {
                JvmFilter view = agent.check(filter.textToSend()).withFile(filter.file().toString());
                results.add(new Checked(filter, view, view.diagnostics(filter.text())));
            }
        }
        return results;
    }

    private List<Checked> here(List<FilterFile> filters, Printer printer) {
        ClassSource classes = classpath == null ? ClassSource.nothingYet() : ClassPath.open(classpath);
        List<Checked> results = new ArrayList<>();
        for (FilterFile given : filters) {
            FilterFile filter = pin ? Pins.write(given, classes, printer) : given;
            CompileResult result = FilterCompiler.compile(filter.file().toString(), filter.bytes(), filter.baseName(), classes);
            // where there are no classes at all, that one is not there yet is no news
            List<Diagnostic> diagnostics = classpath != null
                    ? result.diagnostics()
                    : result.diagnostics().stream().filter(d -> d.severity() != Severity.INFO).toList();
            results.add(new Checked(filter, JvmFilter.checked(result.name(), diagnostics), diagnostics));
        }
        return results;
    }

    private static String verdict(List<Diagnostic> diagnostics) {
        long errors = diagnostics.stream().filter(Diagnostic::isError).count();
        long warnings = diagnostics.stream().filter(d -> d.severity() == Severity.WARNING).count();
        String warned = warnings == 0 ? "" : warnings == 1 ? "1 warning" : warnings + " warnings";
        if (errors == 0) {
            return "accepted" + (warned.isEmpty() ? "" : ", " + warned);
        }
        return "rejected, " + (errors == 1 ? "1 error" : errors + " errors") + (warned.isEmpty() ? "" : ", " + warned);
    }
}
