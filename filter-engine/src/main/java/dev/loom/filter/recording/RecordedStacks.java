package dev.loom.filter.recording;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The stacks of a recording, each once with how often it came. What a recording can hold of them is bounded. */
final class RecordedStacks {

    /** Different stacks that are counted; of those that come later each is one too many. */
    private static final int MAX_STACKS = 5_000;
    /** Stacks that are told. */
    private static final int MAX_TOLD = 100;
    /** Characters of a dump of threads: ten thousand threads. */
    private static final int MAX_DUMP = 4 << 20;
    private static final int MAX_MESSAGE = 200;

    private record Stack(String type, List<String> frames) {}

    private static final class Seen {
        private final String message;
        /** By event: an error makes two events when it is thrown. */
        private final Map<String, Long> times = new LinkedHashMap<>();

        Seen(String message) {
            this.message = message;
        }

        long times() {
            return times.values().stream().mapToLong(n -> n).max().orElse(0);
        }
    }

    private final Map<Stack, Seen> seen = new LinkedHashMap<>();
    private String lastDump = "";
    private String deadlock = "";

    /** @param frames the innermost first, as {@code com.acme.Bank.transfer(42)} */
    void thrown(String event, String type, String message, List<String> frames) {
        Stack stack = new Stack(type, List.copyOf(frames));
        Seen before = seen.get(stack);
        if (before == null && seen.size() < MAX_STACKS) {
            before = new Seen(message.lines().findFirst().map(m -> m.substring(0, Math.min(MAX_MESSAGE, m.length()))).orElse(""));
            seen.put(stack, before);
        }
        if (before != null) {
            before.times.merge(event, 1L, Long::sum);
        }
    }

    void dump(String text) {
        if (text.length() <= MAX_DUMP) {
            lastDump = text;
            deadlock = text.contains("Java-level deadlock") ? text : deadlock;
        }
    }

    /** As a log and {@code jstack} print them; empty if there is nothing. */
    String text() {
        StringBuilder text = new StringBuilder(deadlock.isEmpty() && seen.isEmpty() ? lastDump : deadlock);
        seen.entrySet().stream().sorted(Comparator.comparing(e -> -e.getValue().times())).limit(MAX_TOLD).forEach(e -> {
            Stack stack = e.getKey();
            text.append('\n').append(stack.type()).append(": ").append(e.getValue().message).append(" (").append(e.getValue().times()).append(" times)\n");
            for (String frame : stack.frames()) {
                int line = frame.lastIndexOf('(');
                text.append("\tat ").append(frame, 0, line).append("(Recorded:").append(frame, line + 1, frame.length()).append('\n');
            }
        });
        return text.toString();
    }
}
