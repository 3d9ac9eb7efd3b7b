package dev.loom.ctl;

import dev.loom.ctl.console.Deployment;
import dev.loom.ctl.output.Printer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How a deployment is shown: on a line, in tables, and as JSON with the names that REST has. */
final class DeploymentReport {

    private DeploymentReport() {}

    /** On one line. */
    static String summary(Deployment d) {
        long settled = d.jvms().stream().filter(Deployment.InJvm::isSettled).count();
        String line = "deployment " + d.id() + " of " + d.filter() + " version " + d.version() + ": " + d.state() + ", in force in " + settled
                + " of " + d.jvms().size() + (d.jvms().size() == 1 ? " JVM" : " JVMs");
        if (d.rollout() == null) {
            return line;
        }
        String at = d.rollout().steps().stream()
                .filter(step -> !step.state().equals("DONE"))
                .findFirst()
                .map(step -> " at " + step.text() + (step.detail().isEmpty() ? "" : " (" + step.detail() + ")"))
                .orElse("");
        return line + ", roll-out " + d.rollout().state() + at;
    }

    /** All of it. */
    static void print(Deployment d, Printer printer) {
        printer.json(json(d));
        printer.line(summary(d));
        Deployment.Rollout rollout = d.rollout();
        if (rollout != null) {
            if (!rollout.reason().isEmpty()) {
                printer.line("taken back: " + rollout.reason());
            }
            printer.table(List.of("STEP", "STATE", ""), rollout.steps().stream().map(s -> List.of(s.text(), s.state(), s.detail())).toList());
        }
        if (!d.jvms().isEmpty()) {
            printer.table(List.of("JVM", "STATE", "EVACUATED", "IN THE WAY", ""), d.jvms().stream()
                    .map(j -> List.of(j.name(), j.state(), Math.round(j.progress() * 100) + " %", Long.toString(j.stragglers()), j.cause()))
                    .toList());
        }
    }

    private static Map<String, Object> json(Deployment d) {
        Map<String, Object> json = map("id", d.id(), "filter", d.filter(), "version", d.version(), "mode", d.mode(), "state", d.state(), "progress", d.progress());
        json.put("jvms", d.jvms().stream()
                .map(j -> map("targetName", j.name(), "state", j.state(), "progress", j.progress(), "stragglers", j.stragglers(), "cause", j.cause()))
                .toList());
        Deployment.Rollout rollout = d.rollout();
        if (rollout != null) {
            json.put("rollout", map("state", rollout.state(), "reason", rollout.reason(), "steps", rollout.steps().stream()
                    .map(s -> map("text", s.text(), "state", s.state(), "detail", s.detail()))
                    .toList()));
        }
        return json;
    }

    private static Map<String, Object> map(Object... members) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < members.length; i += 2) {
            map.put((String) members[i], members[i + 1]);
        }
        return map;
    }
}
