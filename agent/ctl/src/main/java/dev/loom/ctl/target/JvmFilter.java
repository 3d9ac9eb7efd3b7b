package dev.loom.ctl.target;

import dev.loom.client.FilterState;
import dev.loom.client.OpenData;
import dev.loom.filter.diagnostic.Diagnostic;
import dev.loom.filter.diagnostic.Severity;
import dev.loom.filter.diagnostic.Span;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.management.openmbean.CompositeData;
import org.jspecify.annotations.Nullable;

/** One filter in one JVM at one moment, as the agent tells it. Items that an older or newer agent does not have are empty. */
public final class JvmFilter {

    private final Map<String, @Nullable Object> items;

    private JvmFilter(Map<String, @Nullable Object> items) {
        this.items = items;
    }

    static JvmFilter of(CompositeData data) {
        return new JvmFilter(OpenData.map(data));
    }

    /** A filter that was checked here and not by an agent. */
    public static JvmFilter checked(String name, List<Diagnostic> diagnostics) {
        Map<String, @Nullable Object> items = new LinkedHashMap<>();
        items.put("filter", name);
        items.put("state", diagnostics.stream().anyMatch(Diagnostic::isError) ? "REJECTED" : null);
        items.put("progress", 0.0);
        List<Object> rows = new ArrayList<>();
        for (Diagnostic d : diagnostics) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("code", d.code());
            row.put("severity", d.severity().name());
            row.put("file", d.file());
            row.put("line", d.span().line());
            row.put("column", d.span().column());
            row.put("message", d.message());
            row.put("hint", d.hint());
            rows.add(row);
        }
        items.put("diagnostics", rows);
        items.put("stragglers", List.of());
        items.put("hooks", List.of());
        return new JvmFilter(items);
    }

    /** The same, with the file that the tool read instead of what the agent calls it. */
    public JvmFilter withFile(String file) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>(items);
        List<Object> rows = new ArrayList<>();
        for (Map<String, Object> row : rows("diagnostics")) {
            Map<String, Object> renamed = new LinkedHashMap<>(row);
            renamed.put("file", file);
            rows.add(renamed);
        }
        copy.put("diagnostics", rows);
        return new JvmFilter(copy);
    }

    /** The names of the contract and their values; without the filter's text. */
    public Map<String, @Nullable Object> toJson() {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>(items);
        copy.remove("text");
        // only the carets need it
        copy.put("diagnostics", rows("diagnostics").stream().map(row -> {
            Map<String, Object> shown = new LinkedHashMap<>(row);
            shown.remove("length");
            return shown;
        }).toList());
        return copy;
    }

    /** Name of the filter. */
    public String name() {
        return text("filter");
    }

    /** State; empty after a check without errors. */
    public String state() {
        return text("state");
    }

    private FilterState known() {
        return FilterState.of(state());
    }

    /** Share of the suspects that are gone, 0 to 1. */
    public double progress() {
        return items.get("progress") instanceof Number n ? n.doubleValue() : 0;
    }

    /** Another item as text; empty if it is not there. */
    public String text(String item) {
        Object value = items.get(item);
        return value == null ? "" : value.toString();
    }

    /** Another item as a number; 0 if it is not there. */
    public double number(String item) {
        return items.get(item) instanceof Number n ? n.doubleValue() : 0;
    }

    /** Whether the deadlock guard had to break a wait. */
    public boolean isHarmful() {
        return Boolean.TRUE.equals(items.get("harmful"));
    }

    /** Names of classes that are not loaded yet. */
    public List<String> waitingFor() {
        return list("waitingFor");
    }

    /** An item that is a list of texts; empty if it is not there. */
    public List<String> list(String item) {
        return items.get(item) instanceof List<?> list ? list.stream().map(String::valueOf).toList() : List.of();
    }

    /** Whether nothing follows. */
    public boolean isEnd() {
        return known().isEnd();
    }

    /** Whether the filter is not in the JVM because something was wrong. */
    public boolean isRefused() {
        return known().isRefused();
    }

    /** Whether the filter does all that it promises. */
    public boolean isInForce() {
        return known().isInForce();
    }

    /** Rows of {@code diagnostics}, {@code stragglers} or {@code hooks}. */
    @SuppressWarnings("unchecked")
    public List<Map<String, Object>> rows(String item) {
        return items.get(item) instanceof List<?> list ? (List<Map<String, Object>>) list : List.of();
    }

    /**
     * The remarks of the checker.
     *
     * @param text the filter, to find their places in
     */
    public List<Diagnostic> diagnostics(String text) {
        return rows("diagnostics").stream().map(row -> diagnostic(row, text)).toList();
    }

    private static Diagnostic diagnostic(Map<String, Object> row, String text) {
        int line = row.get("line") instanceof Number n ? Math.max(1, n.intValue()) : 1;
        int column = row.get("column") instanceof Number n ? Math.max(1, n.intValue()) : 1;
        int offset = 0;
        for (int i = 1; i < line && offset >= 0; i++) {
            int end = text.indexOf('\n', offset);
            offset = end < 0 ? -1 : end + 1;
        }
        int start = offset < 0 ? text.length() : Math.min(text.length(), offset + column - 1);
        Severity severity;
        try {
            severity = Severity.valueOf(cell(row, "severity"));
        } catch (IllegalArgumentException e) {
            severity = Severity.INFO;
        }
        // an agent of 0.1.0 does not say it
        int length = row.get("length") instanceof Number n ? Math.max(0, n.intValue()) : 0;
        int end = Math.min(text.length(), start + length);
        return new Diagnostic(cell(row, "code"), severity, cell(row, "file"), new Span(start, end, line, column),
                cell(row, "message"), cell(row, "hint"));
    }

    private static String cell(Map<String, Object> row, String name) {
        Object value = row.get(name);
        return value == null ? "" : value.toString();
    }
}
