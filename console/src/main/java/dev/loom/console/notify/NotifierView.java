package dev.loom.console.notify;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who is told of events, as users see it.
 *
 * @param kind {@code WEBHOOK} or {@code MAIL}
 * @param destination a URL, or addresses with commas between
 * @param types of the events, each whole or, ending in a dot, its beginning
 * @param lastEvent number of the newest event that was told or passed over
 * @param attempts failures in a row; 0 while all is well
 * @param told number of events that were told
 * @param passedOver number of events that were given up
 * @param lastError of the newest failure; null while all is well
 */
public record NotifierView(
        long id,
        String name,
        String kind,
        String destination,
        List<String> types,
        boolean enabled,
        long lastEvent,
        int attempts,
        long told,
        long passedOver,
        @Nullable String lastError,
        @Nullable Instant lastToldAt,
        Instant createdAt,
        String createdBy) {

    static NotifierView of(Notifier n) {
        return new NotifierView(
                n.id(), n.name(), n.kind().name(), n.destination(), n.types(), n.enabled(), n.lastEvent(), n.attempts(), n.told(), n.passedOver(),
                n.lastError().isEmpty() ? null : n.lastError(), n.lastToldAt() == null ? null : Instant.ofEpochMilli(n.lastToldAt()),
                Instant.ofEpochMilli(n.createdAt()), n.createdBy());
    }
}
