package dev.loom.console.audit;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An event as REST gives it: the fields of {@link LoggedEvent}, flat, which stay as they are promised whatever is stored. */
public record EventView(
        long id,
        Instant at,
        String type,
        String actor,
        @Nullable String origin,
        boolean audited,
        @Nullable Long target,
        @Nullable String filter,
        @Nullable Long deployment,
        String message,
        Map<String, Object> data) {

    /** The same, flat. */
    public static EventView of(LoggedEvent event) {
        return new EventView(
                event.id(),
                event.at(),
                event.type(),
                event.actor(),
                event.origin(),
                event.audited(),
                event.subject().target(),
                event.subject().filter(),
                event.subject().deployment(),
                event.message(),
                event.data());
    }
}
