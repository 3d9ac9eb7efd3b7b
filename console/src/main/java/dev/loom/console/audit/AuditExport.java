package dev.loom.console.audit;

import java.io.IOException;
import java.io.Writer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Writes the audit log, newest first, piece by piece: no connection of the database is held while a slow reader reads. */
@Component
class AuditExport {

    private static final int PIECE = 1_000;

    private final EventLog log;
    private final JsonMapper json;

    AuditExport(EventLog log, JsonMapper json) {
        this.log = log;
        this.json = json;
    }

    /** Takes events. */
    private interface Sink {
        void event(LoggedEvent event) throws IOException;
    }

    /** A line for each event (RFC 4180), and one with the names of the columns. */
    void csv(EventQuery query, Writer to) throws IOException {
        to.write("id,at,type,actor,origin,target,filter,deployment,message,data\r\n");
        each(query, event -> to.write(String.join(
                        ",",
                        cell(event.id()),
                        cell(event.at()),
                        cell(event.type()),
                        cell(event.actor()),
                        cell(event.origin()),
                        cell(event.subject().target()),
                        cell(event.subject().filter()),
                        cell(event.subject().deployment()),
                        cell(event.message()),
                        cell(json.writeValueAsString(event.data())))
                + "\r\n"));
    }

    /** A line of JSON for each event. */
    void jsonLines(EventQuery query, Writer to) throws IOException {
        each(query, event -> to.write(json.writeValueAsString(EventView.of(event)).replaceAll("\\R\\s*", "") + "\n"));
    }

    private void each(EventQuery query, Sink sink) throws IOException {
        long before = Long.MAX_VALUE;
        List<LoggedEvent> piece = log.before(before, query, PIECE);
        while (!piece.isEmpty()) {
            for (LoggedEvent event : piece) {
                sink.event(event);
                before = event.id();
            }
            piece = piece.size() < PIECE ? List.of() : log.before(before, query, PIECE);
        }
    }

    /** Spreadsheets take a cell that begins like a formula for one: a quote in front of it makes it a text. */
    static String cell(@Nullable Object value) {
        String text = value == null ? "" : value.toString();
        if (value instanceof String && !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0) {
            text = "'" + text;
        }
        return text.matches("(?s).*[\",\r\n].*") ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }
}
