package dev.loom.console.audit;

import org.jspecify.annotations.Nullable;

/**
 * Which events are wanted; null means any.
 *
 * @param type a whole type or, ending in a dot, its beginning
 * @param without the beginning of types that are not wanted
 */
public record EventQuery(
        @Nullable Long target,
        @Nullable String filter,
        @Nullable Long deployment,
        @Nullable String type,
        boolean auditedOnly,
        @Nullable String without) {

    /** Beginning of the types of events about logins, accounts and tokens, which are for administrators. */
    public static final String ACCESS = "access.";

    public static final EventQuery ALL = new EventQuery(null, null, null, null, false, null);
    public static final EventQuery AUDITED = new EventQuery(null, null, null, null, true, null);

    public EventQuery(
            @Nullable Long target, @Nullable String filter, @Nullable Long deployment, @Nullable String type, boolean auditedOnly) {
        this(target, filter, deployment, type, auditedOnly, null);
    }

    /** Whether an event is wanted. */
    public boolean matches(Event event) {
        return (target == null || target.equals(event.subject().target()))
                && (filter == null || filter.equals(event.subject().filter()))
                && (deployment == null || deployment.equals(event.subject().deployment()))
                && (type == null || (type.endsWith(".") ? event.type().startsWith(type) : event.type().equals(type)))
                && (without == null || !event.type().startsWith(without))
                && (!auditedOnly || event.audited());
    }

    /** The same without the events that are for administrators. */
    public EventQuery withoutAccess() {
        return new EventQuery(target, filter, deployment, type, auditedOnly, ACCESS);
    }
}
