package dev.loom.ctl.output;

import dev.loom.ctl.target.JvmFilter;
import dev.loom.filter.diagnostic.Printable;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A filter's state in words and tables. */
public final class FilterReport {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.systemDefault());

    /** Frames shown of a straggler's stack. */
    private static final int FRAMES = 12;

    private FilterReport() {}

    /** One line: state, progress, who is in the way. */
    public static String summary(JvmFilter filter) {
        StringBuilder text = new StringBuilder(Printable.of(filter.name())).append(": ");
        text.append(filter.state().isEmpty() ? "no errors" : filter.state());
        switch (filter.state()) {
            case "EVACUATING", "ACCEPTED", "REMOVING" -> text.append(", evacuated ").append(percent(filter.progress()));
            case "WAITING_FOR_CLASS" -> text.append(", waiting for class ").append(String.join(", ", filter.waitingFor()));
            case "FAILED", "REJECTED" -> text.append(filter.text("cause").isEmpty() ? "" : ", " + Printable.of(filter.text("cause")));
            default -> {}
        }
        List<Map<String, Object>> stragglers = filter.rows("stragglers");
        if (!stragglers.isEmpty()) {
            Map<String, Object> first = stragglers.get(0);
            text.append(", ").append(stragglers.size()).append(stragglers.size() == 1 ? " thread" : " threads").append(" in the way: ")
                    .append(cell(first, "thread")).append(" in ").append(cell(first, "location"))
                    .append(stragglers.size() > 1 ? ", …" : "");
        }
        return text.append(filter.isHarmful() ? ", HARMFUL (a deadlock was broken)" : "").toString();
    }

    /** That some classes are not wholly prepared yet; empty if all are. */
    public static String unprepared(int classes) {
        return classes == 0 ? "" : ": " + classes + " more classes have methods that get theirs later";
    }

    /** All that is known, in several parts. */
    public static void details(JvmFilter filter, Printer printer) {
        printer.line("filter      " + Printable.of(filter.name()));
        printer.line("state       " + filter.state() + (filter.isHarmful() ? ", HARMFUL: the guard had to break a deadlock" : ""));
        printer.line("evacuated   " + percent(filter.progress()));
        printer.line("mode        " + filter.text("mode"));
        if (filter.number("enabledSince") > 0) {
            printer.line("since       " + TIME.format(Instant.ofEpochMilli((long) filter.number("enabledSince"))));
        }
        printer.line("overhead    " + number(filter.number("overheadPercent"), 2) + " % (hooks "
                + number(filter.number("cpuPercent"), 2) + " % of CPU time, waits " + number(filter.number("waitPercent"), 2)
                + " % of the time)");
        line(printer, "waiting for ", String.join(", ", filter.waitingFor()));
        line(printer, "cause       ", filter.text("cause"));
        line(printer, "accepted    ", filter.text("accepted"));
        line(printer, "shells      ", filter.number("shells") > 0 ? number(filter.number("shells"), 0) : "");
        line(printer, "digest      ", filter.text("digest"));
        if (filter.list("deadlocks").size() > 0) {
            printer.line("deadlocked  by the application itself, before the filter came:");
            filter.list("deadlocks").forEach(text -> printer.line("    " + Printable.of(text)));
        }
        hooks(filter, printer);
        waits(filter, printer);
        stragglers(filter, printer);
    }

    private static void line(Printer printer, String label, String value) {
        if (!value.isEmpty()) {
            printer.line(label + Printable.of(value));
        }
    }

    private static void hooks(JvmFilter filter, Printer printer) {
        List<Map<String, Object>> hooks = filter.rows("hooks");
        if (hooks.isEmpty()) {
            return;
        }
        printer.line("");
        List<List<String>> rows = new ArrayList<>();
        for (Map<String, Object> hook : hooks) {
            rows.add(List.of(cell(hook, "id"), cell(hook, "kind"), cell(hook, "hits"), cell(hook, "contended"),
                    millis(hook, "waitNanosTotal"), millis(hook, "waitNanosMax"), cell(hook, "timeouts"), cell(hook, "bypasses"),
                    cell(hook, "overlaps"), cell(hook, "location")));
        }
        printer.table(List.of("HOOK", "KIND", "HITS", "CONTENDED", "WAITED ms", "LONGEST ms", "TIMEOUTS", "BYPASSES", "OVERLAPS",
                "LOCATION"), rows);
    }

    private static void waits(JvmFilter filter, Printer printer) {
        List<Map<String, Object>> waits = filter.rows("waits");
        if (waits.isEmpty()) {
            return;
        }
        printer.line("");
        List<List<String>> rows = new ArrayList<>();
        for (Map<String, Object> wait : waits) {
            String whom = wait.get("waitsFor") instanceof List<?> list ? String.join(", ", list.stream().map(String::valueOf).toList()) : "";
            rows.add(List.of(cell(wait, "thread") + " (" + cell(wait, "threadId") + ")", cell(wait, "hook"), cell(wait, "sinceMillis"),
                    whom.isEmpty() ? "(an event)" : Printable.of(whom)));
        }
        printer.table(List.of("WAITS NOW", "HOOK", "FOR ms", "UNTIL THESE LEAVE"), rows);
    }

    private static void stragglers(JvmFilter filter, Printer printer) {
        for (Map<String, Object> straggler : filter.rows("stragglers")) {
            printer.line("");
            long since = straggler.get("sinceMillis") instanceof Number n ? n.longValue() : 0;
            printer.line("in the way: thread \"" + cell(straggler, "thread") + "\" (" + cell(straggler, "threadId") + "), "
                    + cell(straggler, "threadState") + ", for " + Duration.ofMillis(since).toSeconds() + " s, in "
                    + cell(straggler, "location"));
            if (!cell(straggler, "reason").isEmpty()) {
                printer.line("    because " + cell(straggler, "reason"));
            }
            if (straggler.get("stack") instanceof List<?> stack) {
                stack.stream().limit(FRAMES).forEach(frame -> printer.line("    at " + Printable.of(String.valueOf(frame))));
                if (stack.size() > FRAMES) {
                    printer.line("    … " + (stack.size() - FRAMES) + " more");
                }
            }
        }
    }

    /** A row of the table that {@code list} prints. */
    public static List<String> row(JvmFilter filter) {
        double hits = filter.rows("hooks").stream().mapToDouble(h -> h.get("hits") instanceof Number n ? n.doubleValue() : 0).sum();
        double contended = filter.rows("hooks").stream().mapToDouble(h -> h.get("contended") instanceof Number n ? n.doubleValue() : 0).sum();
        return List.of(filter.name(), filter.state() + (filter.isHarmful() ? " HARMFUL" : ""), percent(filter.progress()),
                filter.text("mode"), number(hits, 0), number(contended, 0), Integer.toString(filter.rows("stragglers").size()),
                number(filter.number("overheadPercent"), 2) + " %");
    }

    /** Heads of the columns of {@link #row}. */
    public static List<String> heads() {
        return List.of("FILTER", "STATE", "EVACUATED", "MODE", "HITS", "CONTENDED", "IN THE WAY", "OVERHEAD");
    }

    private static String cell(Map<String, Object> row, String name) {
        Object value = row.get(name);
        return value == null ? "" : Printable.of(value.toString());
    }

    private static String millis(Map<String, Object> row, String name) {
        return row.get(name) instanceof Number n ? number(n.doubleValue() / 1e6, 1) : "";
    }

    /** Rounded down, so that 100 % is said only when nothing is left. */
    private static String percent(double share) {
        return (int) Math.floor(share * 100) + " %";
    }

    private static String number(double value, int digits) {
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
