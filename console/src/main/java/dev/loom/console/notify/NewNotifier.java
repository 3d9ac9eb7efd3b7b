package dev.loom.console.notify;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A wish to tell somebody of events, or to change how; null leaves what is there, and takes the usual for a new one.
 *
 * @param kind {@code WEBHOOK} or {@code MAIL}; of no meaning for a change
 * @param types of the events, each whole or, ending in a dot, its beginning; usual are those of deployments, filters and JVMs
 */
public record NewNotifier(
        @Nullable String name, @Nullable String kind, @Nullable String destination, @Nullable List<String> types, @Nullable Boolean enabled) {}
