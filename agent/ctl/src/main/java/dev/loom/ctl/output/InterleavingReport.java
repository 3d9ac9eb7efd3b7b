package dev.loom.ctl.output;

import dev.loom.client.Interleaving;
import dev.loom.filter.diagnostic.Printable;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The last interleavings of a filter in words, the newest first. */
public final class InterleavingReport {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

    /** Frames shown of a stack. */
    private static final int FRAMES = 6;

    private InterleavingReport() {}

    /** Prints them. */
    public static void print(List<Interleaving> seen, Printer printer) {
        printer.json(seen.stream().map(InterleavingReport::json).toList());
        if (seen.isEmpty()) {
            printer.line("No interleaving was looked at yet. A few a second are, where a thread waits long enough to park.");
        }
        for (Interleaving one : seen) {
            printer.line(TIME.format(Instant.ofEpochMilli(one.atMillis())) + " " + Printable.of(sentence(one)));
            stack(one.stack(), printer);
            printer.line(Printable.of("  \"" + one.other() + "\" (" + one.otherId() + ") was inside" + (one.otherStack().isEmpty() ? "" : ", and left at")));
            stack(one.otherStack(), printer);
            printer.line("");
        }
    }

    private static String sentence(Interleaving one) {
        String who = "\"" + one.thread() + "\" (" + one.threadId() + ")";
        String where = " at " + one.hook() + ", " + one.location();
        return switch (one.end()) {
            case "OVERLAPPED" -> who + " came inside" + where;
            case "BYPASSED" -> who + " waited " + millis(one) + " and went on without" + where;
            default -> who + " waited " + millis(one) + where;
        };
    }

    private static String millis(Interleaving one) {
        return String.format(Locale.ROOT, "%.3f ms", one.waitedNanos() / 1e6);
    }

    private static void stack(List<String> stack, Printer printer) {
        stack.stream().limit(FRAMES).forEach(frame -> printer.line("    at " + Printable.of(frame)));
        if (stack.size() > FRAMES) {
            printer.line("    … " + (stack.size() - FRAMES) + " more");
        }
    }

    private static Map<String, Object> json(Interleaving one) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("end", one.end());
        json.put("hook", one.hook());
        json.put("location", one.location());
        json.put("thread", one.thread());
        json.put("threadId", one.threadId());
        json.put("stack", one.stack());
        json.put("other", one.other());
        json.put("otherId", one.otherId());
        json.put("otherStack", one.otherStack());
        json.put("atMillis", one.atMillis());
        json.put("waitedNanos", one.waitedNanos());
        return json;
    }
}
