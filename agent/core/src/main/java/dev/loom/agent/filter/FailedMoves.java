package dev.loom.agent.filter;

import dev.loom.agent.evacuation.WatchedMethod;
import dev.loom.agent.stack.Threads;
import dev.loom.bootstrap.Transfer;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Notices frames that came to their update point and could not move: what relies on update points no longer holds for them. The
 * manager's thread only.
 */
final class FailedMoves {

    private final Filters filters;
    private int withoutRoomSeen = Transfer.withoutRoom();

    FailedMoves(Filters filters) {
        this.filters = filters;
    }

    /** Has all evacuations distrust frames, of any method, that found no stack to move with. */
    void distrustWhatHasNoRoom() {
        if (noneWithoutRoom()) {
            return;
        }
        int since = withoutRoomSeen;
        withoutRoomSeen = Transfer.withoutRoom();
        Thread[] threads = Transfer.takeWithoutRoom(since);
        Set<Long> ids = new TreeSet<>();
        if (threads != null) {
            Arrays.stream(threads).filter(Objects::nonNull).forEach(thread -> ids.add(Threads.number(thread)));
        }
        for (InstalledFilter filter : filters.all()) {
            if (filter.isInForce()) {
                filter.evacuation.distrust((position, method) -> threads == null || ids.contains(position.thread()));
            }
        }
    }

    /** Has a filter's evacuation distrust the methods in which frames could not move since the last look. */
    static void distrustWhatFailed(InstalledFilter filter) {
        Map<String, Long> seen = filter.failuresSeen;
        Map<String, Long> now = filter.version.failures();
        if (!now.equals(seen)) {
            filter.failuresSeen = now;
            filter.evacuation.distrust((position, method) -> {
                String shown = WatchedMethod.shown(method.type(), method.key());
                return !now.getOrDefault(shown, 0L).equals(seen.getOrDefault(shown, 0L));
            });
        }
    }

    /** Whether no frame has failed to move since the last look. */
    boolean noneSince(InstalledFilter filter) {
        return filter.version.failures().equals(filter.failuresSeen) && noneWithoutRoom();
    }

    private boolean noneWithoutRoom() {
        return Transfer.withoutRoom() == withoutRoomSeen;
    }
}
