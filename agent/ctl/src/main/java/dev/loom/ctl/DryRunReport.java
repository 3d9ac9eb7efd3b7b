package dev.loom.ctl;

import dev.loom.ctl.console.DryRun;
import dev.loom.ctl.failure.ExitStatus;
import dev.loom.ctl.output.Printer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a deployment would do, for people and for scripts. */
final class DryRunReport {

    private DryRunReport() {}

    /** Prints it; the exit status says whether a JVM refuses the filter. */
    static int print(DryRun run, Printer printer) {
        printer.line(run.filter() + " version " + run.version() + ", " + run.mode() + ": would come to " + run.total() + (run.total() == 1 ? " JVM, " : " JVMs, ")
                + run.asked() + " asked; nothing was stored or enabled");
        printer.table(
                List.of("JVM", "WOULD", "PINS", "METHODS"),
                run.jvms().stream().map(j -> List.of(j.name(), j.outcome(), j.pins().isEmpty() ? "-" : j.pins(), String.valueOf(j.methods()))).toList());
        for (DryRun.InJvm jvm : run.jvms()) {
            jvm.remarks().forEach(remark -> printer.line(jvm.name() + ": " + remark));
            if (!jvm.reason().isEmpty()) {
                printer.line(jvm.name() + ": " + jvm.reason());
            }
        }
        printer.json(json(run));
        return run.jvms().stream().anyMatch(DryRun.InJvm::isRefused) ? ExitStatus.FAILED : ExitStatus.DONE;
    }

    private static Map<String, Object> json(DryRun run) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("filter", run.filter());
        json.put("version", run.version());
        json.put("mode", run.mode());
        json.put("total", run.total());
        json.put("asked", run.asked());
        json.put("jvms", run.jvms().stream().map(DryRunReport::json).toList());
        return json;
    }

    private static Map<String, Object> json(DryRun.InJvm jvm) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("targetName", jvm.name());
        json.put("outcome", jvm.outcome());
        json.put("pins", jvm.pins());
        json.put("methods", jvm.methods());
        json.put("remarks", jvm.remarks());
        json.put("reason", jvm.reason());
        return json;
    }
}
