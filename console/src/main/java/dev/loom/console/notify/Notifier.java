package dev.loom.console.notify;

import dev.loom.console.audit.LoggedEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who is told of events, as stored.
 *
 * @param destination a URL, or addresses with commas between
 * @param types of the events, each whole or, ending in a dot, its beginning
 * @param secretSealed with which requests are signed; null for mail
 * @param lastEvent number of the newest event that was told or passed over
 * @param attempts failures in a row
 */
record Notifier(
        long id,
        String name,
        Kind kind,
        String destination,
        List<String> types,
        @Nullable String secretSealed,
        boolean enabled,
        long lastEvent,
        int attempts,
        long told,
        long passedOver,
        String lastError,
        @Nullable Long lastToldAt,
        long createdAt,
        String createdBy) {

    /** How somebody is told. */
    enum Kind {
        WEBHOOK,
        MAIL
    }

    /** What the console says of notifiers is told to none of them: it would go on for ever. */
    static final String OWN = "notifier.";

    boolean wants(LoggedEvent event) {
        return !event.type().startsWith(OWN)
                && types.stream().anyMatch(t -> t.endsWith(".") ? event.type().startsWith(t) : event.type().equals(t));
    }
}
