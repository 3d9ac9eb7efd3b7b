package dev.loom.agent.transform;

import dev.loom.bootstrap.UpdatePointSites;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Ends the moves of frames into code that is about to be replaced by some that cannot take them up: a frame that was saved, and finds
 * no prologue for it, would run its method from the beginning. Thread-safe.
 */
final class Moves {

    /** A frame under way only has to call its method; longer than this is waited for none, ns. */
    private static final long PATIENCE = 1_000_000_000;
    private static final long PAUSE = 100_000;

    /** No frame of these methods moves any more: the class is about to lose their prologues. */
    void end(Class<?> type, Collection<String> methods) {
        methods.forEach(method -> UpdatePointSites.setLive(type, method, 0));
        awaitNone(type, methods);
    }

    /**
     * The class is about to get other bodies: frames of the ones before never move into these.
     *
     * @param bodies what names the new body of each method that the class still has
     */
    void stayOutOf(Class<?> type, Collection<String> methods, Map<String, String> bodies) {
        for (String method : methods) {
            if (bodies.containsKey(method)) {
                UpdatePointSites.setBody(type, method, bodies.get(method));
            } else {
                UpdatePointSites.setLive(type, method, 0);
            }
        }
        awaitNone(type, methods);
    }

    private static void awaitNone(Class<?> type, Collection<String> methods) {
        long deadline = System.nanoTime() + PATIENCE;
        for (String method : methods) {
            while (UpdatePointSites.underWay(type, method) != 0 && System.nanoTime() < deadline) {
                LockSupport.parkNanos(PAUSE);
            }
        }
    }
}
