package dev.loom.console.page;

import dev.loom.console.audit.Event;
import dev.loom.console.audit.Subject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriUtils;

/**
 * An event on a page.
 *
 * @param origin where it came from; null if nobody asked for it
 * @param href where to see more; null if nowhere
 */
public record JournalEntry(long id, Instant at, String actor, @Nullable String origin, String type, String message, @Nullable String href, String icon) {

    static JournalEntry of(Event event) {
        return new JournalEntry(event.id(), event.at(), event.actor(), event.origin(), event.type(), event.message(), href(event.subject()),
                icon(event.type()));
    }

    private static @Nullable String href(Subject subject) {
        if (subject.deployment() != null) {
            return "/deployments/" + subject.deployment() + (subject.target() == null ? "" : "?target=" + subject.target());
        }
        if (subject.target() != null) {
            return "/targets/" + subject.target();
        }
        return subject.filter() == null ? null : "/filters/" + UriUtils.encodePathSegment(subject.filter(), "UTF-8");
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
