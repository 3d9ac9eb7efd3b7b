package dev.loom.console.page;

import dev.loom.console.deployment.DeploymentState;
import dev.loom.console.deployment.DeploymentView;
import dev.loom.console.deployment.JvmProgress;
import dev.loom.console.deployment.JvmState;
import dev.loom.console.deployment.RolloutView;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A deployment on its own page.
 *
 * @param sentence what is so now, in a sentence
 * @param policy what is done about stragglers and deadlocks
 */
public record DeploymentPage(
        long id,
        String filter,
        int version,
        boolean observe,
        String state,
        boolean ended,
        double progress,
        String progressKind,
        String where,
        String policy,
        String sentence,
        boolean canPause,
        boolean canResume,
        boolean canPromote,
        boolean canObserve,
        boolean canAbort,
        boolean canDisable,
        boolean canEnable,
        Instant createdAt,
        String createdBy,
        List<JvmRow> targets,
        @Nullable RolloutView rollout,
        boolean canApprove) {

    static DeploymentPage of(DeploymentView d, List<JvmRow> jvms) {
        boolean wanted = !d.isEnded() && !d.state().isLeaving();
        boolean many = d.jvms().size() > 1 || d.selector() != null;
        boolean paused = d.state() == DeploymentState.PAUSED;
        boolean observe = DeploymentRow.isObserve(d);
        return new DeploymentPage(
                d.id(),
                d.filter(),
                d.version(),
                observe,
                d.state().name(),
                d.isEnded(),
                d.progress(),
                DeploymentRow.kind(d.state().name(), observe, d.progress()),
                DeploymentRow.where(d),
                policy(d),
                sentence(d),
                d.state() == DeploymentState.ENABLING && many,
                paused,
                wanted && observe && !paused,
                wanted && !observe && !paused,
                (d.state() == DeploymentState.ENABLING && many) || paused,
                wanted,
                d.isEnded(),
                d.createdAt(),
                d.createdBy(),
                jvms,
                d.rollout(),
                d.rollout() != null && d.rollout().steps().stream().anyMatch(s -> s.state().equals("APPROVAL")));
    }

    /** A JVM that does not answer cannot be told. */
    private static String leaving(DeploymentView d, String otherwise) {
        List<JvmProgress> open = d.jvms().stream().filter(j -> !j.state().isEnd()).toList();
        List<JvmProgress> silent = open.stream().filter(j -> !j.reachable()).toList();
        if (silent.isEmpty()) {
            return otherwise;
        }
        String who = silent.size() == 1 ? silent.get(0).targetName() + " does not answer" : silent.size() + " JVMs do not answer";
        return (silent.size() < open.size() ? otherwise + " " : "") + who
                + ": the filter is taken out when a connection is there again. If the JVM has ended, the filter ended with it: take it off the list.";
    }

    private static String policy(DeploymentView d) {
        String stragglers = d.onStraggler().equals("wait")
                ? "waits for stragglers"
                : "taken back after " + d.onStraggler().replaceFirst("reverse:", "") + " with stragglers";
        return stragglers + (d.onHarmful().equals("remove") ? ", removed if harmful" : "")
                + (d.onDeadlocked().equals("accept") ? ", accepts threads that were deadlocked before" : "");
    }

    private static String sentence(DeploymentView d) {
        int all = d.jvms().size();
        long inForce = d.jvms().stream().filter(DeploymentRow::isInForce).count();
        int stragglers = d.jvms().stream().mapToInt(JvmProgress::stragglers).sum();
        boolean accepted = d.jvms().stream().anyMatch(j -> j.state() == JvmState.ACCEPTED);
        String most = inForce == all ? "all " + all + " JVMs" : inForce + " of " + all + " JVMs";
        String share = all == 1 ? d.jvms().get(0).targetName() : most;
        return switch (d.state()) {
            case ENABLED -> DeploymentRow.isObserve(d)
                    ? "Counts overlaps in " + share + "; enforces nothing."
                    : accepted
                            ? "In force in " + share + "; accepted stragglers may still run old code."
                            : "In force in " + share + ": no frame is left that could break it.";
            case ENABLING -> all == 0
                    ? "Waits for a JVM with these labels."
                    : stragglers > 0
                            ? "Enforced in all new calls; " + (stragglers == 1 ? "1 thread is" : stragglers + " threads are")
                                    + " still in old code."
                            : all == 1 ? "On its way into " + share + "." : "On its way: in force in " + most + ".";
            case DEGRADED -> "Not in force everywhere: in " + inForce + " of " + all + " JVMs. See below why.";
            case PAUSED -> "Paused: the JVMs stay as they are, in force in " + inForce + " of " + all + ".";
            case DISABLING -> leaving(d, "On its way out; threads inside a region finish it first.");
            case DISABLED -> "Not in force any more. The code is what it was before.";
            case ABORTING -> leaving(d, "Being taken back.");
            case ABORTED -> "Taken back. The code is what it was before.";
            case FAILED -> "No JVM took it. See below why.";
            case SUPERSEDED -> "A newer deployment of this filter took its place.";
            default -> "";
        };
    }
}
