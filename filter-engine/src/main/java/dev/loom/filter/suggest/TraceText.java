package dev.loom.filter.suggest;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Brings texts of other forms into that of {@code jstack}: javacores of J9, traces inside JSON. */
final class TraceText {

    /** A line of a javacore: {@code 4XESTACKTRACE                at java/util/ArrayList.add(ArrayList.java:459(Compiled Code))}. */
    private static final Pattern J9_LINE = Pattern.compile("^\\s*(\\d[A-Z]{2}[A-Z0-9]+)\\s+(.*)$");
    private static final Pattern J9_THREAD = Pattern.compile("^\"(.*)\" J9VMThread:.*?(?:state:(\\w+).*)?$");
    private static final Pattern J9_FRAME = Pattern.compile("^at ([^\\s(]+)\\.([^.(\\s]+)\\((.*)\\)\\s*$");
    private static final Pattern J9_LOCKED = Pattern.compile("^\\(entered lock: ([^,\\s]+)");
    private static final Pattern J9_BLOCK = Pattern.compile("^(Blocked on|Parked on|Waiting on): (\\S+)(?: Owned by: \"(.*?)\" .*)?.*$");

    /** A trace in a string of JSON, which may itself be in one. */
    private static final Pattern ESCAPED_TRACE = Pattern.compile("(?<!\\\\)\\\\++n(?:\\\\++t|\\\\++u0009|\\s){0,64}+at [\\w$.@/<>]++\\(");
    /** How a line of a container's log begins as Docker keeps it, with one line of the program in each. */
    private static final String CONTAINER_LOG = "{\"log\":\"";
    /** A trace whose frames are objects. */
    private static final Pattern STRUCTURED_TRACE = Pattern.compile("\"(?:stackTrace|extendedStackTrace)\"\\s*:\\s*\\[\\s*\\{");
    private static final int MAX_DEPTH = 4;

    private TraceText() {}

    /** Whether a text as a whole is JSON, as far as its ends say. */
    static boolean isJson(String text) {
        String trimmed = text.strip();
        return trimmed.startsWith("[") && trimmed.endsWith("]") && trimmed.matches("(?s)\\[\\s*[\\]{\\[].*") || trimmed.startsWith("{") && trimmed.endsWith("}");
    }

    /** The lines to read, in order. */
    static Stream<String> lines(String text) {
        String trimmed = text.strip();
        int end = trimmed.indexOf('\n');
        boolean isOne = isJson(trimmed) && (end < 0 || !isJson(trimmed.substring(0, end))); // and not an object in each line
        List<String> dump = isOne ? JsonDump.lines(JsonText.parse(trimmed)) : List.of();
        return dump.isEmpty() ? text.lines().flatMap(line -> line(line, 0)) : dump.stream();
    }

    /** @param depth in how many strings of JSON the line stands */
    private static Stream<String> line(String line, int depth) {
        if (depth < MAX_DEPTH && line.indexOf('{') >= 0 && line.indexOf('"') >= 0) {
            if (line.startsWith(CONTAINER_LOG) && line.contains("\"stream\":")) {
                return JsonText.unescaped(quoted(line, CONTAINER_LOG.length() - 1)).lines().flatMap(inner -> line(inner, depth + 1));
            }
            if (ESCAPED_TRACE.matcher(line).find()) {
                return escaped(line).flatMap(inner -> line(inner, depth + 1));
            }
            List<String> frames = STRUCTURED_TRACE.matcher(line).find() ? JsonDump.lines(JsonText.parse(line.substring(line.indexOf('{')))) : List.of();
            if (!frames.isEmpty()) {
                return frames.stream();
            }
        }
        Matcher j9 = J9_LINE.matcher(line);
        if (j9.matches()) {
            return j9(j9.group(1), j9.group(2).strip());
        }
        return CopiedText.line(line);
    }

    /** The strings of a line of JSON that hold a trace, each as lines. */
    private static Stream<String> escaped(String line) {
        List<String> lines = new ArrayList<>();
        int at = 0;
        while ((at = line.indexOf('"', at)) >= 0) {
            String content = quoted(line, at);
            if (ESCAPED_TRACE.matcher(content).find()) {
                lines.add("");
                JsonText.unescaped(content).lines().forEach(lines::add);
                lines.add("");
            }
            at += content.length() + 2;
        }
        return lines.stream();
    }

    /** What stands between a quotation mark and the next that is not escaped. */
    private static String quoted(String line, int at) {
        int end = at + 1;
        while (end < line.length() && line.charAt(end) != '"') {
            end += line.charAt(end) == '\\' ? 2 : 1;
        }
        return line.substring(at + 1, Math.min(end, line.length()));
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
}
