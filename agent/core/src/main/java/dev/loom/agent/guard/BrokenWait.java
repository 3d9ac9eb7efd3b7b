package dev.loom.agent.guard;

import dev.loom.bootstrap.hook.RegionHook;
import java.util.List;

/**
 * A wait that the guard let go on without its lock.
 *
 * @param hook the hook that waited
 * @param proven whether a cycle was found; if not, all holders were blocked or dead for too long
 * @param reason a sentence for people
 * @param stacks the stacks of the threads concerned, each with its name in the first line
 */
public record BrokenWait(RegionHook hook, boolean proven, String reason, List<String> stacks) {
    public BrokenWait {
        stacks = List.copyOf(stacks);
    }
}
