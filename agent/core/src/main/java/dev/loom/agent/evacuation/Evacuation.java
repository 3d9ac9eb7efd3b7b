package dev.loom.agent.evacuation;

import dev.loom.agent.stack.StackLooks;
import dev.loom.agent.stack.ThreadStack;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiPredicate;

/**
 * The frames that are still in the way of one change of code.
 *
 * <h2>Safety</h2>
 *
 * The first look comes after the new code is in place and the older versions' guards are on. Whatever is invoked from then on runs
 * new code, so the frames of superseded code at that moment are all there will ever be. Of those, only frames at unsafe places
 * (inside a region, or before one with no working update point in between) can do harm: they are the suspects. A suspect is cleared
 * when at its depth of its thread's stack there is another method or nothing, or a frame of the newest code, or when it stands at
 * a place from which it must pass a guard. A later redefinition of the class, by anybody, makes frames of our code look superseded
 * too; so later looks only ever take suspects away. There is one exception: when some frame has come to its guard and could not move,
 * what relies on guards no longer holds for its method. Then all frames of it that were there at the first look, and may still be,
 * are suspects wherever they stand ({@link #distrust}).
 *
 * <h2>Liveness</h2>
 *
 * A suspect that moves on is cleared by the next look that does not find it at an unsafe place. A suspect that never moves stays,
 * and is shown: a straggler.
 *
 * <h2>Failure</h2>
 *
 * A stack that the JVM cut short shows nothing, for depths are counted from its bottom: its thread is a suspect until it is seen whole,
 * and its frames are looked at then. Without sight of all threads nothing is ever empty.
 *
 * <p>Used by the manager's thread; {@link #suspects()}, {@link #progress} and {@link #shells()} by any.
 */
public final class Evacuation {

    /** What makes a frame of older code a suspect. */
    public enum Scope {
        /** That it stands at an unsafe place. */
        UNSAFE,
        /** That it is there: when woven code has to be left for good. */
        EVERYWHERE
    }

    private final Map<String, List<WatchedMethod>> methods = new HashMap<>();
    private final StackLooks stacks;
    private final KnownFrames ancient;
    private final Scope scope;
    /** All frames of older code that the first look found, with their method. */
    private final Map<FramePosition, WatchedMethod> census = new HashMap<>();
    private final AtomicReference<Map<FramePosition, Suspect>> suspects = new AtomicReference<>(Map.of());
    /** Frames of threads that never go on: at unsafe places, and not in the way as long as that is so. */
    private final Map<FramePosition, Suspect> deadlocked = new HashMap<>();
    private volatile int initial;
    private volatile int shells;
    private volatile boolean looked;
    private boolean distrusted;

    /** @param ancient frames older than the agent */
    public Evacuation(StackLooks stacks, KnownFrames ancient, Scope scope) {
        this.stacks = stacks;
        this.ancient = ancient;
        this.scope = scope;
    }

    /**
     * The first look at the frames of some methods, through all threads.
     *
     * @param isExempt frames, by place and method, that are not in the way whatever they look like
     */
    public void begin(Collection<WatchedMethod> watched, BiPredicate<FramePosition, String> isExempt) {
        Map<String, List<WatchedMethod>> fresh = new HashMap<>();
        for (WatchedMethod method : watched) {
            fresh.computeIfAbsent(WatchedMethod.shown(method.type(), method.name()), k -> new ArrayList<>()).add(method);
        }
        Map<FramePosition, Suspect> found = new HashMap<>(suspects.get());
        int before = found.size();
        if (!fresh.isEmpty()) {
            for (ThreadStack stack : stacks.all()) {
                look(stack, fresh, isExempt, found);
            }
        }
        fresh.forEach((shown, some) -> methods.computeIfAbsent(shown, k -> new ArrayList<>()).addAll(some));
        initial += found.size() - before;
        suspects.set(found);
        looked = true;
    }

    private void look(
            ThreadStack stack, Map<String, List<WatchedMethod>> watched, BiPredicate<FramePosition, String> isExempt,
            Map<FramePosition, Suspect> found) {
        if (stack.cut()) {
            FramePosition position = new FramePosition(stack.id(), Suspect.UNSEEN);
            WatchedMethod any = watched.values().iterator().next().get(0);
            found.putIfAbsent(position, new Suspect(position, any, Suspect.Why.UNSEEN, System.nanoTime(), stack));
            return;
        }
        for (int depth = 0; depth < stack.frames().length; depth++) {
            StackTraceElement frame = stack.atDepth(depth);
            String shown = WatchedMethod.shown(frame.getClassName(), frame.getMethodName());
            List<WatchedMethod> candidates = watched.get(shown);
            if (candidates == null) {
                continue;
            }
            FramePosition position = new FramePosition(stack.id(), depth);
            boolean isAncient = ancient.contains(position, shown);
            for (WatchedMethod method : candidates) {
                WatchedMethod.Place place = method.place(stack, depth, isAncient);
                if (place == WatchedMethod.Place.SHELL) {
                    shells++;
                    break;
                }
                if (place != WatchedMethod.Place.SAFE && place != WatchedMethod.Place.UNSAFE) {
                    continue;
                }
                census.merge(position, method, (first, other) -> first.polled() != null ? first : other);
                boolean counts = place == WatchedMethod.Place.UNSAFE || scope == Scope.EVERYWHERE;
                if (counts && !isExempt.test(position, shown)) {
                    found.putIfAbsent(position, new Suspect(position, method, why(isAncient), System.nanoTime(), stack));
                }
            }
        }
    }

    private Suspect.Why why(boolean isAncient) {
        if (scope == Scope.EVERYWHERE) {
            return Suspect.Why.WOVEN;
        }
        return isAncient ? Suspect.Why.ANCIENT : Suspect.Why.OLD_CODE;
    }

    /** A later look, at the suspects' threads. */
    public void look() {
        Map<FramePosition, Suspect> before = suspects.get();
        if (before.isEmpty()) {
            return;
        }
        Map<Long, ThreadStack> now = stacks.of(threads(before.keySet()));
        Map<FramePosition, Suspect> left = new HashMap<>();
        for (Suspect suspect : before.values()) {
            ThreadStack stack = now.get(suspect.position().thread());
            if (stack == null) {
                continue;
            }
            if (stack.cut()) {
                left.put(suspect.position(), suspect.seen(stack));
            } else if (suspect.why() == Suspect.Why.UNSEEN) {
                // whatever it has called since then runs new code: what is found now was there at the first look
                look(stack, methods, (position, method) -> false, left);
                if (distrusted) {
                    keepAll(stack.id(), left);
                }
            } else if (isStillThere(suspect, stack)) {
                left.put(suspect.position(), suspect.seen(stack));
            }
        }
        suspects.set(left);
    }

    /** The threads of the suspects, and of frames that are {@link #deadlocked}. */
    public Set<Long> threadsInTheWay() {
        Set<Long> all = threads(suspects.get().keySet());
        all.addAll(threads(deadlocked.keySet()));
        return all;
    }

    /**
     * Says which threads never go on: their frames are not in the way. What was said before of others is taken back.
     *
     * @param stopped numbers of threads
     */
    public void deadlocked(Set<Long> stopped) {
        Map<FramePosition, Suspect> all = new HashMap<>(suspects.get());
        all.putAll(deadlocked);
        deadlocked.clear();
        all.forEach((position, suspect) -> {
            if (stopped.contains(position.thread()) && suspect.why() != Suspect.Why.UNSEEN) {
                deadlocked.put(position, suspect);
            }
        });
        all.keySet().removeAll(deadlocked.keySet());
        suspects.set(all);
    }

    /** Takes all frames of older code of a thread for suspects: some could not be moved while it was not seen. */
    private void keepAll(long thread, Map<FramePosition, Suspect> found) {
        Map<Long, ThreadStack> now = stacks.of(List.of(thread));
        census.forEach((position, method) -> {
            if (position.thread() == thread && now.containsKey(thread)) {
                found.putIfAbsent(position, new Suspect(position, method, Suspect.Why.STUCK, System.nanoTime(), now.get(thread)));
            }
        });
    }

    private boolean isStillThere(Suspect suspect, ThreadStack stack) {
        WatchedMethod method = suspect.method();
        if (isStillThere(suspect, method, stack)) {
            return true;
        }
        // what wants it out of a region, and what wants polls for it, call different places safe
        for (WatchedMethod other : methods.getOrDefault(WatchedMethod.shown(method.type(), method.name()), List.of())) {
            if (other.key().equals(method.key()) && isStillThere(suspect, other, stack)) {
                return true;
            }
        }
        return false;
    }

    private boolean isStillThere(Suspect suspect, WatchedMethod method, ThreadStack stack) {
        boolean isAncient = suspect.why() == Suspect.Why.ANCIENT;
        return switch (method.place(stack, suspect.position().depth(), isAncient)) {
            case OTHER, NEW, SHELL -> false;
            case SAFE -> scope == Scope.EVERYWHERE || suspect.why() == Suspect.Why.STUCK;
            case UNSAFE -> true;
        };
    }

    private static Set<Long> threads(Collection<FramePosition> positions) {
        Set<Long> ids = new TreeSet<>();
        positions.forEach(position -> ids.add(position.thread()));
        return ids;
    }

    /** Takes frames for suspects that the first look found in older code and that may still be in it. */
    public void distrust(BiPredicate<FramePosition, WatchedMethod> isConcerned) {
        distrusted = true;
        Map<FramePosition, WatchedMethod> concerned = new HashMap<>();
        census.forEach((position, method) -> {
            if (isConcerned.test(position, method)) {
                concerned.put(position, method);
            }
        });
        Map<Long, ThreadStack> now = stacks.of(threads(concerned.keySet()));
        Map<FramePosition, Suspect> all = new HashMap<>(suspects.get());
        concerned.keySet().removeAll(deadlocked.keySet());
        concerned.forEach((position, method) -> {
            ThreadStack stack = now.get(position.thread());
            if (stack == null) {
                census.remove(position);
                return;
            }
            Suspect suspect = new Suspect(position, method, Suspect.Why.STUCK, System.nanoTime(), stack);
            if (stack.cut() || isStillThere(suspect, stack)) {
                all.putIfAbsent(position, suspect);
            } else {
                census.remove(position);
            }
        });
        initial = Math.max(initial, all.size());
        suspects.set(all);
    }

    /**
     * Looks again at frames without polls: one that waits for code with polls is not in the way, and may be later, when that has
     * returned.
     */
    public void lookAtUnpolled() {
        Map<FramePosition, WatchedMethod> unpolled = new HashMap<>();
        census.forEach((position, method) -> {
            if (method.polled() != null && !suspects.get().containsKey(position)) {
                unpolled.put(position, method);
            }
        });
        if (unpolled.isEmpty()) {
            return;
        }
        Map<Long, ThreadStack> now = stacks.of(threads(unpolled.keySet()));
        Map<FramePosition, Suspect> all = new HashMap<>(suspects.get());
        unpolled.forEach((position, method) -> {
            ThreadStack stack = now.get(position.thread());
            if (stack != null && stack.cut()) {
                return; // nobody knows which frame that is
            }
            boolean isAncient = isAncient(position, method);
            WatchedMethod.Place place = stack == null
                    ? WatchedMethod.Place.OTHER
                    : method.place(stack, position.depth(), isAncient);
            if (place == WatchedMethod.Place.UNSAFE) {
                all.put(position, new Suspect(position, method, why(isAncient), System.nanoTime(), stack));
            } else if (place != WatchedMethod.Place.SAFE) {
                census.remove(position);
            }
        });
        initial = Math.max(initial, all.size());
        suspects.set(all);
    }

    private boolean isAncient(FramePosition position, WatchedMethod method) {
        return ancient.contains(position, WatchedMethod.shown(method.type(), method.name()));
    }

    /** A frame that runs code without polls. */
    public record Unpolled(WatchedMethod method, boolean isAncient) {}

    /** The frames found so far that run code without polls, and may still do. */
    public Map<FramePosition, Unpolled> unpolled() {
        Map<FramePosition, Unpolled> unpolled = new HashMap<>();
        census.forEach((position, method) -> {
            if (method.polled() != null) {
                unpolled.put(position, new Unpolled(method, isAncient(position, method)));
            }
        });
        return unpolled;
    }

    /** Whether no suspect is left, and none can have been overlooked. */
    public boolean isClear() {
        return looked && suspects.get().isEmpty() && stacks.seesAll();
    }

    /**
     * Share of the first suspects that are gone, 0 to 1.
     *
     * @param moved of those that are, how many are in the way all the same
     */
    public double progress(int moved) {
        int left = suspects.get().size() + moved;
        int first = Math.max(initial, left);
        return first == 0 ? (looked ? 1 : 0) : 1.0 - (double) left / first;
    }

    public Collection<Suspect> suspects() {
        return suspects.get().values();
    }

    /** All frames of older code at the first look, with their method. */
    public Map<FramePosition, WatchedMethod> census() {
        return census;
    }

    /** Frames at the first look that only forward to their continuation. */
    public int shells() {
        return shells;
    }
}
