package dev.loom.console.page;

import dev.loom.console.audit.LoggedEvent;
import dev.loom.console.audit.Subject;
import java.time.Instant;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriUtils;

/**
 * An event on a page.
 *
 * @param origin where it came from; null if nobody asked for it
 * @param href where to see more; null if nowhere
 */
public record JournalEntry(long id, Instant at, String actor, @Nullable String origin, String type, String message, @Nullable String href, String icon) {

    static JournalEntry of(LoggedEvent event, LongPredicate jvm, Predicate<String> filter) {
        return new JournalEntry(event.id(), event.at(), event.actor(), event.origin(), event.type(), event.message(), href(event.subject(), jvm, filter),
                icon(event.type()));
    }

    /** Deployments stay for ever; JVMs and filters may be gone. */
    private static @Nullable String href(Subject subject, LongPredicate jvm, Predicate<String> filter) {
        if (subject.deployment() != null) {
            return "/deployments/" + subject.deployment() + (subject.target() == null ? "" : "?target=" + subject.target());
        }
        if (subject.target() != null && jvm.test(subject.target())) {
            return "/targets/" + subject.target();
        }
        return subject.filter() == null || !filter.test(subject.filter()) ? null : "/filters/" + UriUtils.encodePathSegment(subject.filter(), "UTF-8");
    }

    private static String icon(String type) {
        int dot = type.indexOf('.');
        return switch (dot < 0 ? type : type.substring(0, dot)) {
            case "filter" -> "filter";
            case "target" -> "target";
            case "deployment" -> "deploy";
            case "access" -> "access";
            default -> "events";
        };
    }
}
