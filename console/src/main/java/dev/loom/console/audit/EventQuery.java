package dev.loom.console.audit;

import org.jspecify.annotations.Nullable;

/** Which events are wanted; null means any. {@code type} matches a whole type or, ending in a dot, its beginning. */
public record EventQuery(
        @Nullable Long target, @Nullable String filter, @Nullable Long deployment, @Nullable String type, boolean auditedOnly) {

    public static final EventQuery ALL = new EventQuery(null, null, null, null, false);
    public static final EventQuery AUDITED = new EventQuery(null, null, null, null, true);

    /** Whether an event is wanted. */
    public boolean matches(Event event) {
        return (target == null || target.equals(event.subject().target()))
                && (filter == null || filter.equals(event.subject().filter()))
                && (deployment == null || deployment.equals(event.subject().deployment()))
                && (type == null || (type.endsWith(".") ? event.type().startsWith(type) : event.type().equals(type)))
                && (!auditedOnly || event.audited());
    }
}
