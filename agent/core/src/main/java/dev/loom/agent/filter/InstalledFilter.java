package dev.loom.agent.filter;

import dev.loom.agent.code.Departure;
import dev.loom.agent.code.FilterVersion;
import dev.loom.agent.control.FilterState;
import dev.loom.agent.control.FilterStatus;
import dev.loom.agent.control.HookCounters;
import dev.loom.agent.control.Remark;
import dev.loom.agent.control.Straggler;
import dev.loom.agent.evacuation.Evacuation;
import dev.loom.agent.evacuation.FramePosition;
import dev.loom.agent.evacuation.Suspect;
import dev.loom.agent.stack.Deadlocks;
import dev.loom.bootstrap.hook.ConstraintLock;
import dev.loom.bootstrap.hook.HookCounts;
import dev.loom.bootstrap.hook.RegionHook;
import dev.loom.filter.diagnostic.Diagnostic;
import dev.loom.filter.diagnostic.DiagnosticCode;
import dev.loom.filter.plan.RegionPlan;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One filter of this JVM under its name, with the version in force and the one that it replaces. Changed by the manager's thread
 * alone; {@link #status()} may be called by any.
 */
final class InstalledFilter {

    final String name;
    volatile FilterState state = FilterState.CHECKING;
    volatile @Nullable FilterVersion version;
    /** The version that goes when {@link #version} is active, and comes back if that is cancelled. */
    volatile @Nullable FilterVersion replaced;
    volatile @Nullable Evacuation evacuation;
    /** Set when it is being removed. */
    volatile @Nullable Departure departure;
    volatile long enabledSince;
    volatile String cause = "";
    volatile String accepted = "";
    volatile boolean harmful;
    volatile List<Diagnostic> diagnostics = List.of();
    /** Internal names. */
    volatile Set<String> waitingFor = Set.of();
    volatile Overhead.Cost cost = Overhead.Cost.NONE;
    volatile int shells;
    volatile String text = "";
    volatile String digest = "";
    volatile boolean observe;
    /** Frames that moved from inside a region, and have not left it. */
    volatile List<Suspect> unprotected = List.of();
    final Deadlocks deadlockLooks = new Deadlocks();
    /** Who waits for whom in deadlocks of the application's own, a line each. */
    volatile List<String> deadlocks = List.of();
    /** When the state was entered, ns. */
    long stateNanos = System.nanoTime();
    /** When the install or replacement that is under way began, ns. */
    long evacuatingSinceNanos;
    /** Frames that could not move, by method, as counted before the last look. */
    Map<String, Long> failuresSeen = Map.of();
    /** How it was with {@link #replaced} when that was replaced. */
    @Nullable Before before;
    double reportedProgress = -1;
    /** Waits that ran out, as far as they were told of. */
    long reportedTimeouts;
    final Set<FramePosition> reportedStragglers = new HashSet<>();
    final Overhead.Sample sample = new Overhead.Sample();

    /** A version that may come back. */
    record Before(FilterState state, Evacuation evacuation, Set<String> waitingFor, long enabledSince, String accepted) {}

    InstalledFilter(String name) {
        this.name = name;
    }

    /** Whether an install or replacement is under way. */
    boolean isEvacuating() {
        return state == FilterState.EVACUATING || state == FilterState.ACCEPTED || state == FilterState.WAITING_FOR_CLASS;
    }

    /** Whether its hooks do what it says, as far as they are reached. */
    boolean isInForce() {
        return isEvacuating() || state == FilterState.ACTIVE || state == FilterState.OBSERVING;
    }

    /** What is known now. */
    FilterStatus status() {
        return statusAs(state);
    }

    /** The same in another state; null for none. */
    FilterStatus statusAs(@Nullable FilterState shown) {
        return new FilterStatus(
                name, shown, progress(shown), observe ? "observe" : "enforce", enabledSince, digest, text, harmful,
                waitingFor.stream().map(c -> c.replace('/', '.')).toList(), cause, accepted, cost.all().total(), cost.all().cpuPercent(),
                cost.all().waitPercent(), shells, allRemarks(),
                stragglers(), hooks(), OngoingWaits.of(version), deadlocks);
    }

    private double progress(@Nullable FilterState shown) {
        Evacuation now = evacuation;
        if (shown == FilterState.ACTIVE || shown == FilterState.OBSERVING || shown == FilterState.REMOVED) {
            return 1;
        }
        return shown == null || shown == FilterState.CHECKING || shown == FilterState.REJECTED || shown == FilterState.FAILED || now == null
                ? 0
                : now.progress(unprotected.size());
    }

    private List<Straggler> stragglers() {
        Departure leaving = departure;
        Evacuation now = evacuation;
        if (leaving != null) {
            return Stragglers.of(leaving.suspects());
        }
        return isEvacuating() && now != null ? Stragglers.of(inTheWay(now)) : List.of();
    }

    /** What keeps it from being ACTIVE, as seen last. */
    List<Suspect> inTheWay(Evacuation now) {
        List<Suspect> all = new ArrayList<>(now.suspects());
        all.addAll(unprotected);
        return all;
    }

    static List<Remark> remarks(List<Diagnostic> diagnostics) {
        return diagnostics.stream()
                .map(d -> new Remark(
                        d.code(), d.severity().name(), d.file(), d.span().line(), d.span().column(), d.span().end() - d.span().start(),
                        d.message(), d.hint()))
                .toList();
    }

    /** What the check said, and what has come up since. */
    private List<Remark> allRemarks() {
        List<Remark> all = new ArrayList<>(remarks(diagnostics));
        FilterVersion now = version;
        if (now == null) {
            return all;
        }
        Set<ConstraintLock> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (RegionHook hook : now.hooks().values()) {
            ConstraintLock lock = hook.lock();
            if (seen.add(lock) && lock.evictions() > 0) {
                all.add(new Remark(
                        DiagnosticCode.KEYS_FORGOTTEN.id(), DiagnosticCode.KEYS_FORGOTTEN.severity().name(), "", 0, 0, 0,
                        lock.evictions() + " keys of " + lock.name() + " were forgotten, because more came than an order remembers",
                        "an event whose key was forgotten may wait once more, up to the bound"));
            }
        }
        return all;
    }

    private List<HookCounters> hooks() {
        FilterVersion now = version;
        if (now == null) {
            return List.of();
        }
        List<HookCounters> result = new ArrayList<>();
        Overhead.Cost costs = cost;
        now.hooks().forEach((token, hook) -> {
            HookCounts counts = hook.counts();
            Overhead.Share share = costs.of(hook);
            result.add(new HookCounters(
                    OngoingWaits.name(result.size()), hook.isEvent() ? "event" : hook.shared() ? "shared region" : "region",
                    now.locationOf(token), counts.hits(), counts.contended(), counts.waitNanosTotal(), counts.waitNanosMax(),
                    counts.timeouts(), counts.bypasses(), counts.overlaps(), share.cpuPercent(), share.waitPercent()));
        });
        return result;
    }
}
