package dev.loom.ctl;

import dev.loom.ctl.failure.CommandFailure;
import dev.loom.ctl.failure.ExitStatus;
import dev.loom.ctl.output.Printer;
import dev.loom.ctl.target.AgentLink;
import dev.loom.ctl.target.JvmFilter;
import dev.loom.filter.CompileResult;
import dev.loom.filter.FilterCompiler;
import dev.loom.filter.classes.ClassSource;
import dev.loom.filter.diagnostic.DiagnosticRenderer;
import dev.loom.filter.explain.Explanation;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "explain", description = "Say what a filter would weave: method by method, line by line, hook by hook.")
final class ExplainCommand implements Callable<Integer> {

    @Mixin
    private CommonOptions common;

    @Mixin
    private TargetOptions access;

    @Parameters(index = "0", paramLabel = "FILE", description = "The filter.")
    private Path file;

    @Option(names = {"--classpath", "--cp"}, paramLabel = "JARS", description = "Jars, directories, Spring Boot jars, lib/*.")
    private String classpath;

    @Option(names = "--target", paramLabel = "TARGET", description = "A JVM with the agent.")
    private String target;

    @Option(names = "--sources", paramLabel = "PATHS", description = "Directories or jars with the sources, to show their lines.")
    private String sources;

    @Override
    public Integer call() {
        Printer printer = common.printer();
        if ((classpath == null) == (target == null)) {
            throw CommandFailure.usage("explain needs --classpath JARS or --target TARGET", "");
        }
        FilterFile filter = FilterFile.read(file);
        SourceColumn column = sources == null ? null : SourceColumn.of(sources);
        String text;
        if (target != null) {
            try (AgentLink agent = access.agent(target)) {
                text = agent.explain(filter.textToSend());
            }
        } else {
            ClassSource classes = ClassPath.open(classpath);
            CompileResult result = FilterCompiler.compile(file.toString(), filter.bytes(), filter.baseName(), classes);
            if (result instanceof CompileResult.Compiled compiled) {
                text = Explanation.of(compiled.plan(), classes);
            } else {
                printer.text(DiagnosticRenderer.render(result.diagnostics(), filter.text()));
                printer.json(JvmFilter.checked(result.name(), result.diagnostics()).toJson());
                return ExitStatus.FAILED;
            }
        }
        text = column == null ? text : column.fill(text);
        if (printer.isJson()) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("file", file.toString());
            json.put("text", text);
            printer.json(json);
        }
        printer.text(text);
        return ExitStatus.DONE;
    }
}
