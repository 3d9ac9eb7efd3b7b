package dev.loom.agent.filter;

import dev.loom.agent.code.FilterVersion;
import dev.loom.agent.control.OngoingWait;
import dev.loom.agent.stack.Threads;
import dev.loom.bootstrap.hook.LockWait;
import dev.loom.bootstrap.hook.RegionHook;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Shows to people who waits in the hooks of a filter now, and for whom. */
final class OngoingWaits {

    /** More than these help nobody. */
    private static final int MAX_SHOWN = 100;

    private record Place(String hook, String location) {}

    private OngoingWaits() {}

    /** What a filter's hook is called, by its place among them from 0. */
    static String name(int index) {
        return "h" + (index + 1);
    }

    static List<OngoingWait> of(@Nullable FilterVersion version) {
        List<LockWait> waits = LockWait.longerThan(0);
        if (version == null || waits.isEmpty()) {
            return List.of();
        }
        Map<RegionHook, Place> places = new IdentityHashMap<>();
        version.hooks().forEach((token, hook) -> places.put(hook, new Place(name(places.size()), version.locationOf(token))));
        long now = System.nanoTime();
        return waits.stream()
                .filter(wait -> places.containsKey(wait.hook()))
                .sorted(Comparator.comparingLong(LockWait::since))
                .limit(MAX_SHOWN)
                .map(wait -> of(wait, places.get(wait.hook()), now))
                .toList();
    }

    private static OngoingWait of(LockWait wait, Place place, long now) {
        List<String> waitsFor = wait.blockers().stream().map(OngoingWaits::shown).toList();
        return new OngoingWait(
                wait.thread().getName(), Threads.number(wait.thread()), place.hook(), place.location(),
                Math.max(0, now - wait.since()) / 1_000_000, waitsFor);
    }

    private static String shown(Thread thread) {
        return thread.getName() + " (" + Threads.number(thread) + ")";
    }
}
