package dev.loom.filter.suggest;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Brings lines of dumps to files, and of what tools show and people copy, into the form of {@code jstack}. Others stay as they are. */
final class CopiedText {

    /** A frame that stands alone on its line, as in a dump to a file and in JConsole. */
    private static final Pattern BARE_FRAME = Pattern.compile(
            "^\\s*((?:[^\\s/()]*/){0,2}[\\w.$]+\\.[\\w$<>-]+\\((?:[^()\\s]+:\\d+|Native Method|Unknown Source|[^()\\s]+\\.\\w+)\\))\\s*$");
    /** {@code com.acme.Bank.transfer(int, String) line: 42}, as Eclipse, JDK Mission Control and {@code jfr print} write it. */
    private static final Pattern NUMBERED_FRAME = Pattern.compile("^\\s*(?:at )?([\\w.$]+)\\.([\\w$<>-]+)\\([^()]*\\)\\s+line: (\\d+).*$");
    private static final Pattern NUMBERED_THREAD = Pattern.compile("^#\\d+ \"(.*)\"(?: virtual)?(?: ([A-Z_]+)\\b.*)?$");
    private static final Pattern CONSOLE_NAME = Pattern.compile("^Name: (\\S.*)$");
    private static final Pattern CONSOLE_STATE = Pattern.compile("^State: ([A-Z_]+)(?: on (\\S+))?(?: owned by: (.*))?$");
    /** IntelliJ: {@code waiting for Thread-0@512 to release lock on <0x204> (a java.lang.Object)}. */
    private static final Pattern AWAITED = Pattern.compile("^\\s*waiting for .* to release lock on (<\\S+>.*)$");

    private CopiedText() {}

    static Stream<String> line(String line) {
        Matcher thread = NUMBERED_THREAD.matcher(line);
        if (thread.matches()) {
            String state = thread.group(2);
            return Stream.of("\"" + thread.group(1) + "\"", "java.lang.Thread.State: " + (state == null ? "UNKNOWN" : state));
        }
        Matcher frame = BARE_FRAME.matcher(line);
        if (frame.matches()) {
            return Stream.of("\tat " + frame.group(1));
        }
        Matcher numbered = NUMBERED_FRAME.matcher(line);
        if (numbered.matches()) {
            return Stream.of("\tat " + numbered.group(1) + "." + numbered.group(2) + "(Copied:" + numbered.group(3) + ")");
        }
        Matcher name = CONSOLE_NAME.matcher(line);
        if (name.matches()) {
            return Stream.of("\"" + name.group(1) + "\"");
        }
        Matcher state = CONSOLE_STATE.matcher(line);
        if (state.matches()) {
            return state(state.group(1), state.group(2), state.group(3)).stream();
        }
        Matcher awaited = AWAITED.matcher(line);
        return Stream.of(awaited.matches() ? "\t- waiting to lock " + awaited.group(1) : line);
    }

    private static List<String> state(String state, String lock, String owner) {
        String line = "java.lang.Thread.State: " + state;
        if (lock == null) {
            return List.of(line);
        }
        String verb = state.equals("BLOCKED") ? "waiting to lock" : DumpDeadlocks.isLock(lock) ? "parking to wait for" : "waiting on";
        return List.of(line, "\t- " + verb + " <" + lock + "> (a " + lock.replaceAll("@.*", "") + ")" + (owner == null ? "" : " owned by \"" + owner + "\""));
    }
}
