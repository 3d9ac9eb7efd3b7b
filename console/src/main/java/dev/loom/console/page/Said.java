package dev.loom.console.page;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.deployment.DryRun;
import java.util.List;

/**
 * What a JVM says of a proposed filter.
 *
 * @param kind {@code ok}, {@code warn} or {@code bad}
 * @param next what to do next; empty if there is nothing to say
 */
public record Said(String kind, String sentence, String next, List<RemarkView> remarks) {

    /** Says nothing of a filter that nobody has installed yet: it has no pins. */
    private static final String UNPINNED = "LOOM-051";

    static Said of(DryRun run, String text) {
        DryRun.InJvm jvm = run.jvms().get(0);
        List<RemarkView> remarks = RemarkView.of(jvm.diagnostics().stream().filter(r -> !r.code().equals(UNPINNED)).toList(), text);
        boolean warns = remarks.stream().anyMatch(r -> r.severity().equals("WARNING"));
        return switch (jvm.outcome()) {
            case INSTALL, REPLACE, NOTHING -> new Said(
                    warns ? "warn" : "ok",
                    jvm.targetName() + " takes it" + (jvm.explained() == null ? "." : ": " + methods(jvm.explained().methods(), jvm.explained().names())),
                    warns ? "Read the warnings; then observe it." : "Observe it: that shows whether these regions really meet.", remarks);
            case REJECTED -> new Said("bad", jvm.targetName() + " does not take it.", "Each error is listed with its line.", remarks);
            case UNREACHABLE -> new Said("bad", jvm.reason().isEmpty() ? jvm.targetName() + " does not answer." : jvm.reason(), "Try again when it answers.", remarks);
            case BUSY -> new Said("warn", "A filter of that name is at work in " + jvm.targetName() + ".", "Choose another name.", remarks);
        };
    }

    private static String methods(int count, List<String> names) {
        return (count == 1 ? "1 method" : count + " methods") + " would be woven" + (names.isEmpty() ? "." : ": " + String.join(", ", names.stream().map(name -> name.replaceFirst("\\(.*", "")).toList()) + ".");
    }

    static Said of(LoomProblem problem, String text) {
        return new Said("bad", problem.detail(), Flash.forPeople(problem.hint()), RemarkView.of(problem.diagnostics(), text));
    }
}
