package dev.loom.agent.code;

import dev.loom.agent.evacuation.Evacuation;
import dev.loom.agent.evacuation.FramePosition;
import dev.loom.agent.evacuation.Suspect;
import dev.loom.agent.evacuation.WatchedMethod;
import dev.loom.agent.support.AgentLog;
import dev.loom.agent.transform.ClassId;
import dev.loom.agent.transform.Refused;
import dev.loom.filter.weave.body.CannotWeave;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Versions of a filter on their way out of the code. Their hooks pass already. When no token is out, or those that are take long,
 * methods go to neutral code (update points and prologue, no hooks), into which running frames move; when none is left in woven code,
 * guards go off, no frame is under way, and the bytes from before come back. Methods that other versions want keep what those want.
 *
 * <p>A frame that never returns holds no lock that anybody waits for, and meets no hook that does anything. It only keeps its methods
 * neutral.
 */
public final class Departure {

    /** Frames get this long to leave their regions before the code is changed under them, ns. */
    private static final long HELD_NANOS = 1_000_000_000L;

    private final WovenCode code;
    private final List<FilterVersion> versions;
    private final @Nullable FilterVersion kept;
    private final ClassArrivals arrivals;
    private final Evacuation evacuation;
    private final List<WatchedMethod> left = new ArrayList<>();
    private final long start = System.nanoTime();
    private boolean unwoven;
    private volatile boolean over;
    private volatile int shells;

    /**
     * @param versions their hooks must pass
     * @param kept the version that stays in their place, and may have hooks in common with them
     */
    public Departure(WovenCode code, List<FilterVersion> versions, @Nullable FilterVersion kept, ClassArrivals arrivals) {
        this.code = code;
        this.versions = versions;
        this.kept = kept;
        this.arrivals = arrivals;
        evacuation = new Evacuation(code.stacks(), code.ancient(), Evacuation.Scope.EVERYWHERE);
    }

    /** Whether nothing is left to do. */
    public boolean isOver() {
        return over;
    }

    String filter() {
        return versions.get(0).filter;
    }

    /** Frames in the way. */
    public Collection<Suspect> suspects() {
        return evacuation.suspects();
    }

    /** Frames that stay behind without hooks: shells, and those in neutral code that have not returned. */
    public int shells() {
        return shells;
    }

    /** Goes one step further. */
    public void advance() {
        if (over) {
            return;
        }
        try {
            if (!unwoven) {
                boolean isHeld = versions.stream().anyMatch(version -> version.tokensOut(kept) > 0);
                if (isHeld && System.nanoTime() - start < HELD_NANOS) {
                    return;
                }
                unweave();
            }
            boolean expecting = false;
            for (FilterVersion version : versions) {
                expecting |= arrivals.settle(version, (type, isWoven) -> takeBack(version, type));
            }
            evacuation.look();
            shells = evacuation.shells() + evacuation.suspects().size();
            if (!expecting && (evacuation.suspects().isEmpty() || isNothingNeutral())) {
                restore();
            }
        } catch (Refused | CannotWeave e) {
            // hooks pass, so nothing is wrong with the application but the bytes
            AgentLog.warn("the JVM does not take back the classes of filter '" + filter() + "'", e);
            over = true;
        }
    }

    private void unweave() {
        for (FilterVersion version : versions) {
            code.withdraw(version);
        }
        unwoven = true;
        for (FilterVersion version : versions) {
            code.apply(code.planWithout(version), Map.of());
        }
        if (versions.stream().anyMatch(version -> !version.scopes().isEmpty())) {
            code.polled().settle(Set.of());
        }
        for (FilterVersion version : versions) {
            for (Class<?> type : version.touched()) {
                left.addAll(leaving(version, type));
            }
        }
        evacuation.begin(left, code.unhooked());
    }

    /** The methods that have no hooks any more; of those, every frame in woven code is in the way. */
    private List<WatchedMethod> leaving(FilterVersion version, Class<?> type) {
        List<WatchedMethod> leaving = new ArrayList<>();
        for (WatchedMethod method : version.watched(ClassId.of(type))) {
            // where new frames look like old ones it could never be told when the last has gone
            if (method.named() && code.isNeutral(type, method.key())) {
                leaving.add(method);
            }
        }
        return leaving;
    }

    /** A class has come that was given hooks before the version left. */
    private void takeBack(FilterVersion version, Class<?> type) {
        version.touch(type);
        code.apply(code.planWithout(version), Map.of());
        List<WatchedMethod> more = leaving(version, type);
        left.addAll(more);
        evacuation.begin(more, code.unhooked());
    }

    private void restore() {
        BiPredicate<FramePosition, String> unhooked = code.unhookedNow();
        boolean quiet = true;
        for (FilterVersion version : versions) {
            quiet &= code.restore(version);
        }
        if (quiet) {
            Evacuation count = new Evacuation(code.stacks(), code.ancient(), Evacuation.Scope.EVERYWHERE);
            count.begin(left, unhooked);
            shells = count.shells() + count.suspects().size();
            over = true;
        }
    }

    /** Whether others have woven all these methods again meanwhile. */
    private boolean isNothingNeutral() {
        for (FilterVersion version : versions) {
            for (Class<?> type : version.touched()) {
                Set<String> methods = version.regionsOf(ClassId.of(type)).keySet();
                if (methods.stream().anyMatch(method -> code.isNeutral(type, method))) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Leaves neutral code where it is, with its guards off; returns whether no frame moves any more. For detach. */
    public boolean giveUp() {
        over = true;
        boolean quiet = true;
        for (FilterVersion version : versions) {
            quiet &= WovenCode.stopMoves(version);
        }
        return quiet;
    }
}
