package dev.loom.agent.evacuation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The frames that are still in the way of one change of code.
 *
 * <h2>Safety</h2>
 *
 * The first look comes after the new code is in place and the older versions' guards are on. Whatever is invoked from then on runs
 * new code, so the frames of superseded code at that moment are all there will ever be. Of those, only frames at unsafe places
 * (inside a region, or before one with no working switch point in between) can do harm: they are the suspects. A suspect is cleared
 * when at its depth of its thread's stack there is another method or nothing, or a frame of the newest code, or when it stands at
 * a place from which it must pass a guard. A later redefinition of the class, by anybody, makes frames of our code look superseded
 * too; so later looks only ever take suspects away.
 *
 * <h2>Liveness</h2>
 *
 * A suspect that moves on is cleared by the next look that does not find it at an unsafe place. A suspect that never moves stays,
 * and is shown: a straggler.
 *
 * <h2>Failure</h2>
 *
 * A stack that the JVM cut short clears nothing. Without sight of all threads nothing is ever empty.
 */
final class Evacuation {

    private final Map<String, List<WatchedMethod>> methods = new HashMap<>();
    private final Stacks stacks;
    private final Predicate<Position> ancient;
    private Map<Position, Suspect> suspects = new HashMap<>();
    private final Set<Position> census = new HashSet<>();
    private int initial;
    private int shells;
    private boolean looked;

    /**
     * @param ancient frames older than the agent
     */
    Evacuation(Stacks stacks, List<WatchedMethod> watched, Predicate<Position> ancient) {
        this.stacks = stacks;
        this.ancient = ancient;
        for (WatchedMethod method : watched) {
            methods.computeIfAbsent(method.type() + "#" + method.name(), k -> new ArrayList<>()).add(method);
        }
    }

    /** The first look, at all threads. */
    void begin(Predicate<Position> excluded) {
        long now = System.nanoTime();
        for (ThreadStack stack : stacks.all()) {
            for (int depth = 0; depth < stack.frames().length; depth++) {
                StackTraceElement frame = stack.atDepth(depth);
                List<WatchedMethod> candidates = methods.get(frame.getClassName() + "#" + frame.getMethodName());
                if (candidates == null) {
                    continue;
                }
                Position position = new Position(stack.id(), depth);
                for (WatchedMethod method : candidates) {
                    if (!method.mayBe(frame) || !method.mayBeOld(frame)) {
                        continue;
                    }
                    boolean isAncient = ancient.test(position);
                    boolean isUnsafe = method.isUnsafe(stack, depth, isAncient);
                    if (WatchedMethod.isShell(frame) && !isUnsafe) {
                        shells++;
                        break;
                    }
                    census.add(position);
                    if (!excluded.test(position) && (stack.cut() || isUnsafe)) {
                        suspects.put(position, new Suspect(position, method, isAncient, now, stack));
                        break;
                    }
                }
            }
        }
        initial = suspects.size();
        looked = true;
    }

    /** A later look, at the suspects' threads. */
    void look() {
        if (suspects.isEmpty()) {
            return;
        }
        Set<Long> ids = new TreeSet<>();
        suspects.keySet().forEach(position -> ids.add(position.thread()));
        Map<Long, ThreadStack> now = stacks.of(ids);
        Map<Position, Suspect> left = new HashMap<>();
        for (Suspect suspect : suspects.values()) {
            ThreadStack stack = now.get(suspect.position().thread());
            if (stack == null) {
                continue;
            }
            if (stack.cut()) {
                left.put(suspect.position(), suspect);
                continue;
            }
            StackTraceElement frame = stack.atDepth(suspect.position().depth());
            WatchedMethod method = suspect.method();
            if (frame != null && method.mayBe(frame) && method.mayBeOld(frame)
                    && method.isUnsafe(stack, suspect.position().depth(), suspect.ancient())) {
                left.put(
                        suspect.position(),
                        new Suspect(suspect.position(), method, suspect.ancient(), suspect.sinceNanos(), stack));
            }
        }
        suspects = left;
    }

    /** Whether no suspect is left, and none can have been overlooked. */
    boolean isClear() {
        return looked && suspects.isEmpty() && stacks.seesAll();
    }

    /** Share of the first suspects that are gone, 0 to 1. */
    double progress() {
        return initial == 0 ? (looked ? 1 : 0) : 1.0 - (double) suspects.size() / initial;
    }

    List<Suspect> suspects() {
        return List.copyOf(suspects.values());
    }

    /** Places of all frames of superseded code at the first look. */
    Set<Position> census() {
        return Set.copyOf(census);
    }

    /** Frames at the first look that only forward to their continuation. */
    int shells() {
        return shells;
    }
}
