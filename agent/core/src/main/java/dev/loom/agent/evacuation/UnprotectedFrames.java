package dev.loom.agent.evacuation;

import dev.loom.agent.stack.StackLooks;
import dev.loom.agent.stack.ThreadStack;
import dev.loom.agent.stack.Threads;
import dev.loom.bootstrap.hook.RegionHook;
import dev.loom.bootstrap.hook.UnprotectedHold;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Finds where the frames stand that moved into the new code from inside a region, without its lock. Their threads are known; of
 * several such frames of one thread, the one that moved first is taken for the lowest.
 */
public final class UnprotectedFrames {

    private UnprotectedFrames() {}

    /**
     * Finds them.
     *
     * @param holds what the frames have instead of the lock
     * @param methods the methods that a hook is in
     */
    public static List<Suspect> of(
            Collection<UnprotectedHold> holds, Function<RegionHook, List<WatchedMethod>> methods, StackLooks stacks) {
        if (holds.isEmpty()) {
            return List.of();
        }
        Map<Long, ThreadStack> now = stacks.of(holds.stream().map(hold -> Threads.number(hold.thread())).collect(Collectors.toSet()));
        Set<FramePosition> taken = new HashSet<>();
        List<Suspect> found = new ArrayList<>();
        holds.stream().sorted(Comparator.comparingLong(UnprotectedHold::sinceNanos)).forEach(hold -> {
            ThreadStack stack = now.get(Threads.number(hold.thread()));
            List<WatchedMethod> some = methods.apply(hold.hook());
            if (stack != null && !some.isEmpty()) {
                Suspect suspect = find(hold, stack, some, taken);
                taken.add(suspect.position());
                found.add(suspect);
            }
        });
        return found;
    }

    private static Suspect find(UnprotectedHold hold, ThreadStack stack, List<WatchedMethod> methods, Set<FramePosition> taken) {
        if (!stack.cut()) {
            for (int depth = 0; depth < stack.frames().length; depth++) {
                FramePosition position = new FramePosition(stack.id(), depth);
                for (WatchedMethod method : methods) {
                    if (method.isInside(stack, depth) && !taken.contains(position)) {
                        return new Suspect(position, method, Suspect.Why.UNPROTECTED, hold.sinceNanos(), stack);
                    }
                }
            }
        }
        FramePosition unseen = new FramePosition(stack.id(), Suspect.UNSEEN);
        return new Suspect(unseen, methods.get(0), Suspect.Why.UNPROTECTED, hold.sinceNanos(), stack);
    }
}
