package dev.loom.agent.filter;

import dev.loom.agent.evacuation.Evacuation;
import dev.loom.agent.stack.Deadlocks;
import dev.loom.agent.stack.Threads;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds suspects whose threads the application itself has deadlocked. In a deadlock of monitors alone a frame never moves again, so it
 * cannot break the filter: it is named, and not in the way. Where a lock is among what they wait for, an interrupt may set them free: they
 * are named, and in the way unless the install accepts them.
 */
final class DeadlockedFrames {

    /** Suspects that are younger are about to go by themselves, ns. */
    private static final long YOUNG = 500_000_000;

    private DeadlockedFrames() {}

    /** Looks at the threads that are in the way of a filter, and tells the evacuation which of them never go on. */
    static void look(InstalledFilter filter, Announcements announcements) {
        Evacuation evacuation = filter.evacuation;
        Set<Long> numbers = evacuation.threadsInTheWay();
        if (numbers.isEmpty() || System.nanoTime() - filter.evacuatingSinceNanos < YOUNG) {
            return;
        }
        List<Thread> threads = Threads.platform().stream().filter(thread -> numbers.contains(Threads.number(thread))).toList();
        Map<Thread, Deadlocks.Deadlock> found = filter.deadlockLooks.look(threads);
        Set<Long> stopped = new HashSet<>();
        Set<String> lines = new TreeSet<>();
        found.forEach((thread, deadlock) -> {
            lines.addAll(deadlock.cycle());
            if (deadlock.isForGood() || filter.version.options.acceptDeadlocked()) {
                stopped.add(Threads.number(thread));
            }
        });
        evacuation.deadlocked(stopped);
        List<String> now = new ArrayList<>(lines);
        if (!now.equals(filter.deadlocks)) {
            filter.deadlocks = now;
            if (!now.isEmpty()) {
                announcements.deadlocked(filter, stopped.containsAll(numbers));
            }
        }
    }
}
