package dev.loom.console.page;

import dev.loom.client.Interleaving;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The last interleavings of a filter in a JVM, to be drawn by thread.
 *
 * @param from when the drawing begins
 * @param to when it ends
 */
public record Timeline(List<Lane> lanes, List<Seen> all, Instant from, Instant to) {

    /** Drawn at most; more lanes than these nobody reads. */
    private static final int MOST_LANES = 12;

    /** The width of the drawing, and of the least of its bars. */
    private static final double WIDTH = 1000;
    private static final double LEAST = 4;
    /** The shortest time that is drawn, ms. */
    private static final long SHORTEST = 1_000;

    /** One thread. */
    public record Lane(String thread, List<Bar> bars) {}

    /** One time. @param kind {@code waits}, {@code inside} or {@code meets} */
    public record Bar(double x, double width, String kind, String title) {}

    /** One of them. @param key names it on the page */
    public record Seen(String key, Instant at, String kind, String sentence, String place, String thread, List<String> stack, String other, List<String> otherStack) {}

    static Timeline of(List<Interleaving> seen) {
        List<Seen> all = new ArrayList<>();
        long from = Long.MAX_VALUE;
        long to = 0;
        for (Interleaving one : seen) {
            from = Math.min(from, one.atMillis());
            to = Math.max(to, one.atMillis() + one.waitedNanos() / 1_000_000);
            all.add(of(one));
        }
        to = Math.max(to, from == Long.MAX_VALUE ? 0 : from + SHORTEST);
        return new Timeline(seen.isEmpty() ? List.of() : lanes(seen, from, to - from), all, Instant.ofEpochMilli(seen.isEmpty() ? 0 : from), Instant.ofEpochMilli(to));
    }

    private static Seen of(Interleaving one) {
        String waited = Format.INSTANCE.nanos(one.waitedNanos());
        String sentence = switch (one.end()) {
            case "OVERLAPPED" -> one.thread() + " came inside while " + one.other() + " was there";
            case "BYPASSED" -> one.thread() + " waited " + waited + " for " + one.other() + ", and went on without";
            default -> one.thread() + " waited " + waited + " for " + one.other();
        };
        return new Seen(
                "seen" + one.atMillis() + "-" + one.threadId(), Instant.ofEpochMilli(one.atMillis()), one.end().equals("BYPASSED") ? "bad" : "", sentence,
                one.hook() + ", " + one.location(), one.thread(), one.stack(), one.other(), one.otherStack());
    }

    private static List<Lane> lanes(List<Interleaving> seen, long from, long span) {
        Map<String, List<Bar>> lanes = new LinkedHashMap<>();
        for (Interleaving one : seen) {
            double x = (one.atMillis() - from) * (WIDTH - LEAST) / span;
            double width = Math.max(LEAST, one.waitedNanos() / 1e6 * WIDTH / span);
            boolean overlap = one.end().equals("OVERLAPPED");
            add(lanes, one.thread(), new Bar(x, width, overlap ? "meets" : "waits", of(one).sentence()));
            add(lanes, one.other(), new Bar(x, width, overlap ? "meets" : "inside", one.other() + " was inside"));
        }
        return lanes.entrySet().stream().limit(MOST_LANES).map(e -> new Lane(e.getKey(), List.copyOf(e.getValue()))).toList();
    }

    private static void add(Map<String, List<Bar>> lanes, String thread, Bar bar) {
        lanes.computeIfAbsent(thread, t -> new ArrayList<>()).add(bar);
    }
}
