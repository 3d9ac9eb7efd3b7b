package dev.loom.agent.evacuation;

import dev.loom.agent.control.FilterState;
import dev.loom.agent.control.FilterStatus;
import dev.loom.agent.control.HookCounters;
import dev.loom.agent.control.Remark;
import dev.loom.agent.control.Straggler;
import dev.loom.bootstrap.RegionHook;
import dev.loom.filter.diagnostic.Diagnostic;
import dev.loom.filter.plan.RegionPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One filter of this JVM under its name, with the version in force, the one that replaces it, and those on their way out. Changed
 * by the manager's thread alone; {@link #status()} may be called by any.
 */
final class InstalledFilter {

    final String name;
    volatile FilterState state = FilterState.CHECKING;
    volatile @Nullable Version version;
    /** The version that stays visible until {@link #version} is active. */
    volatile @Nullable Version replaced;
    volatile @Nullable Evacuation evacuation;
    /** Clears woven code of frames after removal, so that the bytes can go back. */
    @Nullable Evacuation departure;
    volatile long enabledSince;
    volatile String cause = "";
    volatile String accepted = "";
    volatile boolean harmful;
    volatile List<Diagnostic> diagnostics = List.of();
    volatile Set<String> waitingFor = new TreeSet<>();
    volatile double overhead;
    volatile int shells;
    volatile String text = "";
    volatile String digest = "";
    volatile boolean observe;
    /** When the state was entered, ns. */
    long stateNanos = System.nanoTime();
    long evacuatingSinceNanos;
    /** Places of frames that were older than the first install: they run unwoven code. */
    Set<Position> unwovenFrames = Set.of();
    double reportedProgress = -1;
    final Set<Position> reportedStragglers = new java.util.HashSet<>();
    boolean departing;
    /** How often {@link #hookNanos} and hits were looked at, for the overhead. */
    long sampledNanos;
    long sampledHits;
    long sampledWaits;
    long sampledCpu;

    InstalledFilter(String name) {
        this.name = name;
    }

    boolean isEvacuating() {
        return state == FilterState.EVACUATING || state == FilterState.ACCEPTED || state == FilterState.WAITING_FOR_CLASS;
    }

    /** What is known now. */
    FilterStatus status() {
        Evacuation now = evacuation;
        boolean clearing = isEvacuating() && now != null;
        double progress = switch (state) {
            case ACTIVE, OBSERVING, REMOVED -> 1;
            case CHECKING, REJECTED, FAILED -> 0;
            default -> now == null ? 0 : Math.min(now.progress(), 1);
        };
        return new FilterStatus(
                name, state, progress, observe ? "observe" : "enforce", enabledSince, digest, text, harmful,
                waitingFor.stream().map(c -> c.replace('/', '.')).toList(), cause, accepted, overhead, shells, remarks(diagnostics),
                clearing ? stragglers(now) : List.of(), hooks());
    }

    static List<Remark> remarks(List<Diagnostic> diagnostics) {
        return diagnostics.stream()
                .map(d -> new Remark(
                        d.code(), d.severity().name(), d.file(), d.span().line(), d.span().column(), d.message(), d.hint()))
                .toList();
    }

    private static List<Straggler> stragglers(Evacuation evacuation) {
        List<Straggler> result = new ArrayList<>();
        long now = System.nanoTime();
        for (Suspect suspect : evacuation.suspects()) {
            result.add(straggler(suspect, now));
        }
        return result;
    }

    static Straggler straggler(Suspect suspect, long now) {
        StackTraceElement frame = suspect.frame();
        ThreadStack stack = suspect.last();
        String reason = suspect.ancient()
                ? "the frame is older than the agent, so it has no switch point: it leaves when its method returns"
                : "the frame runs code from before the filter, inside a region or before one with no switch point in between";
        return new Straggler(
                stack.name(), stack.id(), stack.state(),
                frame == null ? suspect.method().type() + "#" + suspect.method().key() : location(frame),
                Arrays.stream(stack.frames()).limit(64).map(InstalledFilter::location).toList(),
                (now - suspect.sinceNanos()) / 1_000_000, reason);
    }

    /** A frame as people know it: the JVM no longer names the file of superseded code. */
    private static String location(StackTraceElement frame) {
        String file = frame.getFileName();
        if (file == null) {
            String simple = frame.getClassName().substring(frame.getClassName().lastIndexOf('.') + 1);
            int nested = simple.indexOf('$');
            file = (nested > 0 ? simple.substring(0, nested) : simple) + ".java";
        }
        return frame.getClassName() + "." + frame.getMethodName() + "("
                + (frame.isNativeMethod() ? "Native Method" : file + ":" + frame.getLineNumber()) + ")";
    }

    private List<HookCounters> hooks() {
        Version now = version;
        if (now == null || state == FilterState.REJECTED) {
            return List.of();
        }
        List<HookCounters> result = new ArrayList<>();
        int number = 1;
        for (Map.Entry<String, RegionHook> entry : now.hooks().entrySet()) {
            RegionHook hook = entry.getValue();
            RegionPlan plan = now.planOf(entry.getKey());
            RegionHook.Counts counts = hook.counts();
            result.add(new HookCounters(
                    "h" + number++, hook.shared() ? "shared region" : "region", plan == null ? "" : plan.location(), counts.hits(),
                    counts.contended(), counts.waitNanosTotal(), counts.waitNanosMax(), counts.timeouts(), counts.bypasses(),
                    counts.overlaps()));
        }
        return result;
    }
}
