package dev.loom.console.page;

import dev.loom.console.audit.EventLog;
import dev.loom.console.audit.EventQuery;
import dev.loom.console.contract.Page;
import dev.loom.console.deployment.DeploymentService;
import dev.loom.console.deployment.DeploymentView;
import dev.loom.console.deployment.JvmProgress;
import dev.loom.console.deployment.Orphans;
import dev.loom.console.filter.FilterService;
import dev.loom.console.target.TargetService;
import dev.loom.console.target.TargetState;
import dev.loom.console.target.TargetView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Puts the overview together from what the services say. */
@Component
class Overviews {

    private static final int ROWS = 8;
    private static final int EVENTS = 10;
    private static final Set<String> WRONG = Set.of("FAILED", "REJECTED");
    private static final Set<String> UNFINISHED = Set.of("EVACUATING", "REMOVING");
    /** An evacuation takes milliseconds; only what takes longer than this is worth a look. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final TargetService targets;
    private final FilterService filters;
    private final DeploymentService deployments;
    private final EventLog events;
    private final Orphans orphans;

    Overviews(TargetService targets, FilterService filters, DeploymentService deployments, EventLog events,
            Orphans orphans) {
        this.targets = targets;
        this.filters = filters;
        this.deployments = deployments;
        this.events = events;
        this.orphans = orphans;
    }

    Overview overview() {
        List<TargetView> jvms = targets.list("", 0, Page.MAX_SIZE).items();
        List<DeploymentView> current = current();
        long up = jvms.stream().filter(t -> t.state() == TargetState.REACHABLE).count();
        List<JvmProgress> parts = current.stream().flatMap(d -> d.jvms().stream()).toList();
        long filterCount = filters.list("", 0, 1).total();
        return new Overview(
                up,
                jvms.stream().filter(Overviews::isDown).count(),
                filterCount,
                current.stream().filter(d -> !DeploymentRow.isObserve(d)).count(),
                current.stream().filter(DeploymentRow::isObserve).count(),
                parts.stream().filter(j -> j.state().equals("EVACUATING")).count(),
                parts.stream().mapToInt(JvmProgress::stragglers).sum(),
                current.isEmpty() && (jvms.isEmpty() || filterCount == 0),
                attention(jvms, current),
                current.stream().limit(ROWS).map(DeploymentRow::of).toList(),
                jvms.stream().sorted(Comparator.comparing(t -> !isDown(t))).limit(ROWS).map(TargetRow::of).toList(),
                events.list(EventQuery.ALL.withoutAccess(), 0, EVENTS).items().stream().map(JournalEntry::of).toList());
    }

    /** What wants a look, the worst first. */
    List<Attention> attention() {
        return attention(targets.list("", 0, Page.MAX_SIZE).items(), current());
    }

    private List<DeploymentView> current() {
        return deployments.list(null, false, 0, Page.MAX_SIZE).items();
    }

    private static boolean isDown(TargetView target) {
        return target.state() == TargetState.UNREACHABLE || target.state() == TargetState.NO_AGENT;
    }

    private List<Attention> attention(List<TargetView> jvms, List<DeploymentView> current) {
        List<Attention> found = new ArrayList<>();
        for (DeploymentView deployment : current) {
            for (JvmProgress jvm : deployment.jvms()) {
                Attention attention = attention(deployment, jvm);
                if (attention != null) {
                    found.add(attention);
                }
            }
        }
        for (TargetView target : jvms) {
            if (isDown(target)) {
                String why = target.error() == null ? "" : target.error() + (target.hint() == null ? "" : " " + target.hint());
                found.add(new Attention(
                        true, "unplugged", target.name()
                                + (target.state() == TargetState.NO_AGENT ? " has no Loom agent" : " cannot be reached"),
                        why, "/targets/" + target.id(), target.lastSeen()));
            }
        }
        for (Orphans.Orphan orphan : orphans.all()) {
            found.add(new Attention(
                    false, "straggler", orphan.filter() + " in " + orphan.targetName() + " is " + orphan.state() + ", and no deployment wants it",
                    "Installed by other means, or left over. Adopt it or remove it.", "/targets/" + orphan.target(), null));
        }
        found.sort(Comparator.comparing(a -> !a.bad()));
        return found;
    }

    private static @Nullable Attention attention(DeploymentView deployment, JvmProgress jvm) {
        String place = deployment.filter() + " in " + jvm.targetName();
        String href = "/deployments/" + deployment.id() + "?target=" + jvm.targetId();
        if (jvm.harmful()) {
            return new Attention(true, "harmful", place + " is harmful",
                    "Loom had to break a deadlock that it took part in. Make it smaller or disable it.", href,
                    jvm.activeAt());
        }
        if (WRONG.contains(jvm.state())) {
            return new Attention(true, "error", place + " is " + jvm.state(), jvm.cause().isEmpty() ? "See what the agent says."
                    : jvm.cause(), href, deployment.updatedAt());
        }
        boolean late = jvm.installedAt() == null || jvm.installedAt().isBefore(Instant.now().minus(PATIENCE));
        if (jvm.stragglers() > 0 && UNFINISHED.contains(jvm.state()) && late) {
            String threads = jvm.stragglers() == 1 ? "1 thread is" : jvm.stragglers() + " threads are";
            return new Attention(false, "straggler", place + ": " + threads + " still in old code",
                    "See where they wait; they move as they pass a switch point. Or accept them, or cancel.", href,
                            jvm.installedAt());
        }
        return null;
    }
}
