package dev.loom.console.session;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.session.MapSession;

/**
 * The sessions of those who have not logged in yet: the form's CSRF token, and where they wanted to go. They stay in memory, as many as that
 * bears and not for long; the database is for people who are known. Thread-safe.
 */
final class Strangers {

    private static final int MOST = 5_000;
    private static final Duration LONGEST = Duration.ofMinutes(30);

    /** Guarded by itself. The one that was used longest ago comes first. */
    private final Map<String, MapSession> sessions = new LinkedHashMap<>(64, 0.75f, true);

    @Nullable MapSession find(String id) {
        synchronized (sessions) {
            MapSession found = sessions.get(id);
            if (found != null && Duration.between(found.getLastAccessedTime(), Instant.now()).compareTo(LONGEST) > 0) {
                sessions.remove(id);
                return null;
            }
            return found == null ? null : new MapSession(found);
        }
    }

    void keep(MapSession session) {
        MapSession copy = new MapSession(session);
        synchronized (sessions) {
            sessions.put(copy.getId(), copy);
            if (sessions.size() > MOST) {
                sessions.remove(sessions.keySet().iterator().next());
            }
        }
    }

    void forget(String id) {
        synchronized (sessions) {
            sessions.remove(id);
        }
    }
}
