package dev.loom.console.audit;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * What somebody looks for in the audit log, as it comes from an address or a form.
 *
 * @param actor who did it
 * @param q a text
 * @param from a day or a moment, ISO 8601
 * @param to the last day that counts, or the moment after the last one
 * @param zone of the days, as Europe/Berlin; UTC if none is said
 */
public record AuditSearch(@Nullable String actor, @Nullable String q, @Nullable String from, @Nullable String to, @Nullable String zone) {

    private static final int LONGEST = 200;

    /** Adds it to a query. */
    public EventQuery in(EventQuery query) {
        return query.search(text("actor", actor), text("q", q), moment("from", from, false), moment("to", to, true));
    }

    /** Whether anything is looked for. */
    public boolean isEmpty() {
        return isBlank(actor) && isBlank(q) && isBlank(from) && isBlank(to);
    }

    private static boolean isBlank(@Nullable String value) {
        return value == null || value.isBlank();
    }

    private static @Nullable String text(String name, @Nullable String value) {
        if (isBlank(value)) {
            return null;
        }
        if (value.length() > LONGEST) {
            throw new LoomProblem(ProblemCode.BAD_REQUEST, name + " has " + value.length() + " characters, at most " + LONGEST + " are possible.");
        }
        return value.strip();
    }

    private @Nullable Instant moment(String name, @Nullable String value, boolean end) {
        if (isBlank(value)) {
            return null;
        }
        try {
            String text = value.strip();
            Instant moment = text.length() == 10
                    ? LocalDate.parse(text).plusDays(end ? 1 : 0).atStartOfDay(isBlank(zone) ? ZoneOffset.UTC : ZoneId.of(zone)).toInstant()
                    : OffsetDateTime.parse(text).toInstant();
            moment.toEpochMilli();
            return moment;
        } catch (DateTimeException | ArithmeticException e) {
            throw new LoomProblem(
                    ProblemCode.BAD_REQUEST, name + " is no time: '" + value + "'" + (isBlank(zone) ? "." : ", or " + zone + " no zone."),
                    "Write a day as 2026-11-29, or a moment as 2026-11-29T18:00:00Z.");
        }
    }
}
