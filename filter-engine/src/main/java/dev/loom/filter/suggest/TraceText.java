package dev.loom.filter.suggest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Brings texts of other forms into that of {@code jstack}: javacores of J9, traces inside JSON, dumps of {@code Thread.dump_to_file}. */
final class TraceText {

    /** A line of a javacore: {@code 4XESTACKTRACE                at java/util/ArrayList.add(ArrayList.java:459(Compiled Code))}. */
    private static final Pattern J9_LINE = Pattern.compile("^\\s*(\\d[A-Z]{2}[A-Z0-9]+)\\s+(.*)$");
    private static final Pattern J9_THREAD = Pattern.compile("^\"(.*)\" J9VMThread:.*?(?:state:(\\w+).*)?$");
    private static final Pattern J9_FRAME = Pattern.compile("^at ([^\\s(]+)\\.([^.(\\s]+)\\((.*)\\)\\s*$");
    private static final Pattern J9_LOCKED = Pattern.compile("^\\(entered lock: ([^,\\s]+)");
    private static final Pattern J9_BLOCK = Pattern.compile("^(Blocked on|Parked on|Waiting on): (\\S+)(?: Owned by: \"(.*?)\" .*)?.*$");

    /** A frame that stands alone on its line, as in a dump to a file. */
    private static final Pattern BARE_FRAME = Pattern.compile(
            "^\\s+((?:[^\\s/()]*/){0,2}[\\w.$]+\\.[\\w$<>-]+\\((?:[^()\\s]+:\\d+|Native Method|Unknown Source|[^()\\s]+\\.\\w+)\\))\\s*$");
    private static final Pattern NUMBERED_THREAD = Pattern.compile("^#\\d+ \"(.*)\"(?: virtual)?(?: ([A-Z_]+)\\b.*)?$");

    private static final Pattern ESCAPED_TRACE = Pattern.compile("\\\\n(?:\\\\t|\\\\u0009|\\s)*at [\\w$.@/<>]+\\(");

    private TraceText() {}

    /** The lines to read, in order. */
    static Stream<String> lines(String text) {
        String trimmed = text.stripLeading();
        if (trimmed.startsWith("{") && trimmed.contains("\"threadDump\"")) {
            return jsonDump(trimmed);
        }
        return text.lines().flatMap(TraceText::line);
    }

    private static Stream<String> line(String line) {
        if (line.indexOf('{') >= 0 && line.indexOf('"') >= 0 && ESCAPED_TRACE.matcher(line).find()) {
            return escaped(line);
        }
        Matcher j9 = J9_LINE.matcher(line);
        if (j9.matches()) {
            return j9(j9.group(1), j9.group(2).strip());
        }
        Matcher thread = NUMBERED_THREAD.matcher(line);
        if (thread.matches()) {
            String state = thread.group(2);
            return Stream.of("\"" + thread.group(1) + "\"", "java.lang.Thread.State: " + (state == null ? "UNKNOWN" : state));
        }
        Matcher frame = BARE_FRAME.matcher(line);
        return Stream.of(frame.matches() ? "\tat " + frame.group(1) : line);
    }

    /** The strings of a line of JSON that hold a trace, each as lines. */
    private static Stream<String> escaped(String line) {
        List<String> lines = new ArrayList<>();
        int at = 0;
        while ((at = line.indexOf('"', at)) >= 0) {
            int end = at + 1;
            while (end < line.length() && line.charAt(end) != '"') {
                end += line.charAt(end) == '\\' ? 2 : 1;
            }
            String content = line.substring(at + 1, Math.min(end, line.length()));
            if (ESCAPED_TRACE.matcher(content).find()) {
                lines.add("");
                JsonText.unescaped(content).lines().forEach(lines::add);
                lines.add("");
            }
            at = end + 1;
        }
        return lines.stream();
    }

    private static Stream<String> j9(String tag, String rest) {
        Matcher thread = J9_THREAD.matcher(rest);
        if (tag.equals("3XMTHREADINFO") && thread.matches()) {
            String state = thread.group(2) == null ? "UNKNOWN" : switch (thread.group(2)) {
                case "R" -> "RUNNABLE";
                case "B" -> "BLOCKED";
                default -> "WAITING";
            };
            return Stream.of("\"" + thread.group(1) + "\"", "java.lang.Thread.State: " + state);
        }
        Matcher block = J9_BLOCK.matcher(rest);
        if (tag.equals("3XMTHREADBLOCK") && block.matches()) {
            String verb = block.group(1).startsWith("Blocked") ? "waiting to lock" : block.group(1).startsWith("Parked") ? "parking to wait for"
                    : "waiting on";
            String lock = block.group(2);
            return Stream.of("- " + verb + " <" + lock + "> (a " + lock.replaceAll("@.*", "").replace('/', '.') + ")"
                    + (block.group(3) == null ? "" : " owned by \"" + block.group(3) + "\""));
        }
        Matcher frame = J9_FRAME.matcher(rest);
        if (tag.equals("4XESTACKTRACE") && frame.matches()) {
            String type = frame.group(1);
            int module = type.startsWith("java.") || type.startsWith("jdk.") ? type.indexOf('/') : -1;
            return Stream.of("\tat " + type.substring(module + 1).replace('/', '.') + "." + frame.group(2) + "("
                    + frame.group(3).replaceAll("\\(.*", "") + ")");
        }
        Matcher locked = J9_LOCKED.matcher(rest);
        return tag.equals("5XESTACKTRACE") && locked.find() ? Stream.of("\t- locked <" + locked.group(1) + ">") : Stream.of();
    }

    /** A dump of {@code Thread.dump_to_file -format=json}. */
    private static Stream<String> jsonDump(String text) {
        List<String> lines = new ArrayList<>();
        collect(JsonText.parse(text), lines);
        return lines.stream();
    }

    private static void collect(Object value, List<String> lines) {
        List<Object> open = new ArrayList<>(List.of(value));
        while (!open.isEmpty()) {
            Object at = open.remove(open.size() - 1);
            if (at instanceof List<?> list) {
                for (int i = list.size() - 1; i >= 0; i--) {
                    open.add(list.get(i));
                }
            } else if (at instanceof Map<?, ?> map) {
                if (map.get("stack") instanceof List<?> stack) {
                    thread(map, stack, lines);
                } else {
                    List<?> values = List.copyOf(map.values());
                    for (int i = values.size() - 1; i >= 0; i--) {
                        open.add(values.get(i));
                    }
                }
            }
        }
    }

    private static void thread(Map<?, ?> thread, List<?> stack, List<String> lines) {
        lines.add("\"" + (thread.get("name") == null || thread.get("name").equals("") ? "#" + thread.get("tid") : thread.get("name")) + "\"");
        lines.add("java.lang.Thread.State: " + (thread.get("state") == null ? "UNKNOWN" : thread.get("state")));
        for (int i = 0; i < stack.size(); i++) {
            lines.add("\tat " + stack.get(i));
            if (i == 0) {
                wait(thread, lines);
            }
            if (thread.get("monitorsOwned") instanceof List<?> owned) {
                for (Object one : owned) {
                    if (one instanceof Map<?, ?> at && String.valueOf(at.get("depth")).equals(String.valueOf(i)) && at.get("locks") instanceof List<?> locks) {
                        locks.forEach(lock -> lines.add("\t- locked <" + lock + ">"));
                    }
                }
            }
        }
        lines.add("");
    }

    private static void wait(Map<?, ?> thread, List<String> lines) {
        Object parked = thread.get("parkBlocker") instanceof Map<?, ?> map ? map.get("object") : thread.get("parkBlocker");
        if (thread.get("blockedOn") != null) {
            lines.add("\t- waiting to lock <" + thread.get("blockedOn") + ">");
        } else if (parked != null) {
            lines.add("\t- parking to wait for <" + parked + "> (a " + String.valueOf(parked).replaceAll("@.*", "") + ")");
        }
    }
}
