package dev.loom.console.audit;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which events are wanted; null means any.
 *
 * @param type a whole type or, ending in a dot, its beginning
 * @param without the beginning of types that are not wanted
 * @param actor who did it, exactly
 * @param text in the message, the actor's name or the details, in letters of whatever case
 * @param from the first moment
 * @param until the moment after the last one
 */
public record EventQuery(
        @Nullable Long target,
        @Nullable String filter,
        @Nullable Long deployment,
        @Nullable String type,
        boolean auditedOnly,
        @Nullable String without,
        @Nullable String actor,
        @Nullable String text,
        @Nullable Instant from,
        @Nullable Instant until) {

    /** Beginning of the types of events about logins, accounts and tokens, which are for administrators. */
    public static final String ACCESS = "access.";

    public static final EventQuery ALL = new EventQuery(null, null, null, null, false);
    public static final EventQuery AUDITED = new EventQuery(null, null, null, null, true);

    public EventQuery(
            @Nullable Long target, @Nullable String filter, @Nullable Long deployment, @Nullable String type, boolean auditedOnly) {
        this(target, filter, deployment, type, auditedOnly, null, null, null, null, null);
    }

    /** Whether an event is wanted. */
    public boolean matches(LoggedEvent event) {
        return (target == null || target.equals(event.subject().target()))
                && (filter == null || filter.equals(event.subject().filter()))
                && (deployment == null || deployment.equals(event.subject().deployment()))
                && (type == null || (type.endsWith(".") ? event.type().startsWith(type) : event.type().equals(type)))
                && (without == null || !event.type().startsWith(without))
                && (!auditedOnly || event.audited())
                && (actor == null || actor.equals(event.actor()))
                && (text == null || has(event, text.toLowerCase(Locale.ROOT)))
                && (from == null || !event.at().isBefore(from))
                && (until == null || event.at().isBefore(until));
    }

    private static boolean has(LoggedEvent event, String text) {
        return event.message().toLowerCase(Locale.ROOT).contains(text)
                || event.actor().toLowerCase(Locale.ROOT).contains(text)
                || event.data().toString().toLowerCase(Locale.ROOT).contains(text);
    }

    /** The same without the events that are for administrators. */
    public EventQuery withoutAccess() {
        return new EventQuery(target, filter, deployment, type, auditedOnly, ACCESS, actor, text, from, until);
    }

    /** The same, of one actor, with a text, within a time. */
    public EventQuery search(@Nullable String actor, @Nullable String text, @Nullable Instant from, @Nullable Instant until) {
        return new EventQuery(target, filter, deployment, type, auditedOnly, without, actor, text, from, until);
    }
}
