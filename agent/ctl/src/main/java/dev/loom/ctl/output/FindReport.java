package dev.loom.ctl.output;

import dev.loom.filter.diagnostic.Printable;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a search for races has seen, in words. */
public final class FindReport {

    /** Frames shown of a stack. */
    private static final int FRAMES = 8;
    /** The sides of a torn step. */
    private static final List<String> STEP = List.of("first ", "in between ", "then ");

    private FindReport() {}

    /** Prints the answer of the agent. */
    public static void print(Map<String, Object> status, Printer printer) {
        List<?> findings = list(status, "findings");
        printer.line("Looked for " + seconds(status) + " s at " + status.get("places") + " places in " + status.get("watchedClasses")
                + " classes: threads came to " + status.get("reached") + " of them, and paused at " + status.get("paused") + ".");
        printer.line("Took " + percent(status, "pausePercent") + " % of the time in pauses and about " + percent(status, "watchPercent")
                + " % of a processor in watch points; the budget is " + percent(status, "budgetPercent") + " %.");
        for (Object finding : findings) {
            if (finding instanceof Map<?, ?> map) {
                printer.line("");
                finding(map, printer);
            }
        }
        if (findings.isEmpty()) {
            printer.line("");
            printer.line("No race was seen. One that is rare takes longer, or the code that shows it has to run.");
        }
        List<?> uncovered = list(status, "uncovered");
        if (!uncovered.isEmpty()) {
            printer.line("");
            printer.line("Not looked at:");
            uncovered.forEach(line -> printer.line("    " + text(line)));
        }
    }

    private static void finding(Map<?, ?> finding, Printer printer) {
        List<?> sides = list(finding, "sides");
        String target = sides.isEmpty() ? "" : text(((Map<?, ?>) sides.get(0)).get("target"));
        String kind = switch (text(finding.get("kind"))) {
            case "DATA_RACE" -> "data race on " + target;
            case "TORN" -> "torn step with " + target + " (another thread came in between)";
            case "VOLATILE" -> "volatile field " + target + " (no data race, but a step may be torn)";
            default -> "calls on one object that is not thread-safe";
        };
        int pairs = finding.get("pairs") instanceof Number number ? number.intValue() : 1;
        printer.line(text(finding.get("id")) + ". " + kind + ", an object of " + text(finding.get("type")) + ", seen "
                + times(finding.get("count")) + (pairs > 1 ? " (at " + pairs + " pairs of lines)" : ""));
        for (int i = 0; i < sides.size(); i++) {
            String role = sides.size() == STEP.size() ? STEP.get(i) : "";
            side(role, (Map<?, ?>) sides.get(i), printer);
        }
        String filter = text(finding.get("filter"), true);
        if (filter.isEmpty()) {
            printer.line("   no filter: " + text(finding.get("why")));
        } else {
            printer.line("   a filter that keeps them apart, by " + text(finding.get("why")) + ":");
            filter.lines().forEach(line -> printer.line("      " + line));
            for (Object alternative : list(finding, "alternatives")) {
                if (alternative instanceof Map<?, ?> other) {
                    printer.line("   or, by " + text(other.get("why")) + ":");
                    constraints(text(other.get("filter"), true)).forEach(line -> printer.line("      " + line));
                }
            }
        }
    }

    /** What differs between filters for one race. */
    private static List<String> constraints(String filter) {
        return filter.lines().filter(line -> line.startsWith("    ") && !line.strip().startsWith("about ")).map(String::strip).toList();
    }

    private static void side(String role, Map<?, ?> side, Printer printer) {
        printer.line("   " + role + text(side.get("access")) + " of " + text(side.get("target")) + " in thread \"" + text(side.get("thread")) + "\""
                + (Boolean.TRUE.equals(side.get("monitor")) ? ", which holds the object's monitor" : ""));
        List<?> stack = list(side, "stack");
        stack.stream().limit(FRAMES).forEach(frame -> printer.line("      at " + text(frame)));
        if (stack.isEmpty()) {
            printer.line("      at " + text(side.get("place")));
        } else if (stack.size() > FRAMES) {
            printer.line("      … " + (stack.size() - FRAMES) + " more");
        }
    }

    private static String times(Object count) {
        return Long.valueOf(1).equals(count) ? "once" : text(count) + " times";
    }

    private static List<?> list(Map<?, ?> map, String name) {
        return map.get(name) instanceof List<?> list ? list : List.of();
    }

    private static String text(Object value) {
        return text(value, false);
    }

    private static String text(Object value, boolean lines) {
        String text = value == null ? "" : value.toString();
        return lines ? text : Printable.of(text);
    }

    private static String seconds(Map<String, Object> status) {
        return status.get("elapsedMillis") instanceof Number millis ? String.format(Locale.ROOT, "%.1f", millis.doubleValue() / 1_000) : "?";
    }

    private static String percent(Map<String, Object> status, String name) {
        return status.get(name) instanceof Number number ? String.format(Locale.ROOT, "%.2f", number.doubleValue()) : "?";
    }
}
