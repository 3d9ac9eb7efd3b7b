package dev.loom.console.page;

import dev.loom.console.deployment.DeploymentSummary;
import dev.loom.console.deployment.DeploymentView;
import dev.loom.console.deployment.JvmProgress;
import java.time.Instant;
import java.util.List;

/**
 * A deployment in a list. What it shares with {@link DeploymentPage} stands in both: a record cannot take over another's components.
 *
 * @param where the JVMs in a few words
 * @param progressKind colour of the bar
 * @param done number of JVMs where it is in force
 */
public record DeploymentRow(
        long id,
        String filter,
        int version,
        boolean observe,
        String state,
        boolean ended,
        double progress,
        String progressKind,
        String where,
        int targets,
        long done,
        int stragglers,
        boolean harmful,
        Instant createdAt,
        String createdBy) {

    static DeploymentRow of(DeploymentSummary d) {
        String where = d.selector() != null ? d.selector() + " (" + d.jvms() + ")" : d.jvms() == 1 ? d.oneName() : d.jvms() + " JVMs";
        return new DeploymentRow(
                d.id(), d.filter(), d.version(), d.observe(), d.state().name(), d.ended(), d.progress(), kind(d.state().name(), d.observe(), d.progress()),
                where, d.jvms(), d.inForce(), d.stragglers(), d.harmful(), d.createdAt(), d.createdBy());
    }

    static boolean isObserve(DeploymentView d) {
        return d.mode().equals("observe");
    }

    static boolean isInForce(JvmProgress jvm) {
        return jvm.state().isInForce();
    }

    static String where(DeploymentView d) {
        if (d.selector() != null) {
            return d.selector() + " (" + d.jvms().size() + ")";
        }
        return d.jvms().size() == 1 ? d.jvms().get(0).targetName() : d.jvms().size() + " JVMs";
    }

    /** {@code done}, {@code watch}, {@code wrong}, or nothing while it goes on. */
    static String kind(String state, boolean observe, double progress) {
        return switch (state) {
            case "ACTIVE", "ENABLED" -> observe ? "watch" : "done";
            case "OBSERVING" -> "watch";
            case "FAILED", "REJECTED", "UNREACHABLE", "DEGRADED" -> "wrong";
            case "WAITING_FOR_CLASS" -> ""; // there is no frame to move, and no hook yet either
            default -> progress >= 1 ? "done" : "";
        };
    }
}
