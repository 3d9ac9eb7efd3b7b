package dev.loom.console.page;

import dev.loom.console.deployment.DryRun;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a deployment would do, on the page that enables a filter. */
public record DryRunPage(String filter, int version, String mode, int total, int asked, List<Row> jvms) {

    /** Most JVMs that are listed; those where something is in the way come first. */
    private static final int MOST_ROWS = 100;

    /**
     * In one JVM.
     *
     * @param bad whether it would not come there at once
     * @param methods that would be woven; null if it is not known
     */
    public record Row(
            long id, String name, String outcome, String would, boolean bad, boolean asked, String pins, boolean pinsBad, @Nullable Integer methods,
            String methodNames, List<RemarkView> remarks, String summary, String reason, String waitingFor) {}

    static DryRunPage of(DryRun run, String text) {
        return new DryRunPage(
                run.filter(), run.version(), run.mode(), run.total(), run.asked(),
                run.jvms().stream().map(jvm -> row(jvm, text)).sorted(java.util.Comparator.comparing(r -> !r.bad())).limit(MOST_ROWS).toList());
    }

    private static Row row(DryRun.InJvm jvm, String text) {
        CheckView check = CheckView.of(jvm.diagnostics(), text, "");
        boolean bad = switch (jvm.outcome()) {
            case BUSY, REJECTED, UNREACHABLE -> true;
            case INSTALL, REPLACE, NOTHING -> false;
        };
        return new Row(
                jvm.targetId(), jvm.targetName(), jvm.outcome().name(), would(jvm), bad, jvm.asked(), pins(jvm.pins()), jvm.pins() == DryRun.Pins.MISMATCH,
                jvm.explained() == null ? null : Integer.valueOf(jvm.explained().methods()),
                jvm.explained() == null ? "" : String.join(", ", jvm.explained().names()), check.remarks(), check.summary(), jvm.reason(),
                String.join(", ", jvm.waitingFor()));
    }

    private static String would(DryRun.InJvm jvm) {
        DryRun.Now now = jvm.now();
        String other = now == null ? "another" : "version " + now.version() + ", " + (now.mode().equals("observe") ? "observing" : "enforcing");
        return switch (jvm.outcome()) {
            case INSTALL -> "be installed";
            case REPLACE -> "take the place of " + other;
            case NOTHING -> "change nothing: it is there";
            case BUSY -> "wait for " + other + ", which is " + (now == null ? "at work" : now.state().name().replace('_', ' '));
            case REJECTED -> "be refused";
            case UNREACHABLE -> "wait: the JVM does not answer";
        };
    }

    private static String pins(DryRun.@Nullable Pins pins) {
        return pins == null ? "–" : switch (pins) {
            case NONE -> "none";
            case MATCH -> "match";
            case PARTLY -> "match, not all methods have one";
            case MISMATCH -> "other code";
        };
    }
}
