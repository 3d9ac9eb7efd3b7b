package dev.loom.filter.suggest;

import dev.loom.filter.suggest.StackTrace.Frame;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads stack traces out of any text: printed exceptions with their causes, thread dumps ({@code jstack}, {@code jcmd PID
 * Thread.print}, SIGQUIT, {@code ThreadInfo}), and the deadlock reports in them. What it does not know it skips.
 */
public final class TraceReader {

    /** Frames read of one text; a dump of ten thousand threads has a few hundred thousand. */
    private static final int MAX_FRAMES = 1_000_000;

    /** {@code at app//com.acme.Bank.transfer(Bank.java:42)}; class loader and module stand in front of slashes. */
    private static final Pattern FRAME =
            Pattern.compile("^\\s*at ((?:[^\\s/()]*/){0,2})([^\\s()/]+)\\.([^\\s().]+)\\(([^()]*)\\)");

    /** A frame whose class is hidden has a slash in its name: {@code Bank$$Lambda/0x0000.run(Unknown Source)}. */
    private static final Pattern HIDDEN = Pattern.compile("^\\s*at .*\\$\\$Lambda.*\\(.*\\)");

    private static final Pattern THREAD = Pattern.compile("^\"(.*)\"(?: |:|$).*");
    private static final Pattern STATE = Pattern.compile("java\\.lang\\.Thread\\.State: ([A-Z_]+)");
    private static final Pattern INFO_STATE = Pattern.compile("^\".*\".* Id=\\d+ ([A-Z_]+)");
    private static final Pattern LOCKED = Pattern.compile("^\\s*- *locked <?([^>\\s]+)>?");
    private static final Pattern WANTED =
            Pattern.compile("^\\s*- *(?:waiting to lock|parking to wait for|waiting to re-lock in wait\\(\\)|blocked on) *<?([^>\\s]+)>?");
    private static final Pattern MORE = Pattern.compile("^\\s*\\.\\.\\. (\\d+) (?:common frames omitted|more)");
    private static final Pattern EXCEPTION =
            Pattern.compile("^(?:Exception in thread \"(.*?)\" )?([\\w$.]+(?:Exception|Error|Throwable|Failure|Interrupt)\\w*)(?::.*)?$");

    private final List<StackTrace> traces = new ArrayList<>();
    private String name = "";
    private String state = "";
    private final List<Frame> frames = new ArrayList<>();
    /** The frames of the exception around a cause, for its last line {@code ... 12 more}. */
    private final List<Frame> around = new ArrayList<>();
    private boolean inReport;
    private int count;

    private TraceReader() {}

    /** The traces in the order of the text; those of a deadlock report are marked and come once. */
    public static List<StackTrace> read(String text) {
        TraceReader reader = new TraceReader();
        text.lines().forEach(reader::line);
        reader.end();
        return reader.distinct();
    }

    private void line(String line) {
        Matcher frame = FRAME.matcher(line);
        if (frame.find()) {
            if (count++ < MAX_FRAMES) {
                frames.add(new Frame(frame.group(2), frame.group(3), number(frame.group(4)), List.of(), ""));
            }
            return;
        }
        if (HIDDEN.matcher(line).find()) {
            return;
        }
        Matcher locked = LOCKED.matcher(line);
        Matcher wanted = WANTED.matcher(line);
        if (!frames.isEmpty() && locked.find()) {
            Frame last = frames.get(frames.size() - 1);
            List<String> locks = new ArrayList<>(last.locks());
            locks.add(locked.group(1));
            frames.set(frames.size() - 1, new Frame(last.type(), last.method(), last.line(), locks, last.wants()));
            return;
        }
        if (!frames.isEmpty() && wanted.find()) {
            Frame last = frames.get(frames.size() - 1);
            frames.set(frames.size() - 1, new Frame(last.type(), last.method(), last.line(), last.locks(), wanted.group(1)));
            return;
        }
        Matcher stateLine = STATE.matcher(line);
        Matcher thread = THREAD.matcher(line);
        Matcher more = MORE.matcher(line);
        Matcher exception = EXCEPTION.matcher(line.strip());
        if (stateLine.find()) {
            state = stateLine.group(1);
        } else if (line.contains("Java-level deadlock")) {
            end();
            inReport = true;
        } else if (thread.find()) {
            end();
            name = thread.group(1);
            Matcher info = INFO_STATE.matcher(line);
            state = info.find() ? info.group(1) : "";
        } else if (line.strip().startsWith("Caused by:")) {
            // the cause says where it went wrong; what is around it comes back with "... more"
            around.clear();
            around.addAll(frames);
            frames.clear();
        } else if (more.find()) {
            int common = Math.min(Integer.parseInt(more.group(1)), around.size());
            frames.addAll(around.subList(around.size() - common, around.size()));
        } else if (exception.matches()) {
            end();
            name = exception.group(1) != null ? exception.group(1) : exception.group(2);
        }
    }

    private static int number(String place) {
        int colon = place.lastIndexOf(':');
        String digits = place.substring(colon + 1);
        return colon > 0 && digits.matches("\\d{1,5}") ? Integer.parseInt(digits) : -1;
    }

    private void end() {
        if (!frames.isEmpty()) {
            traces.add(new StackTrace(name, state, frames, inReport));
        }
        frames.clear();
        around.clear();
        name = "";
        state = "";
    }

    /** A dump shows the threads of a deadlock twice, the second time marked. */
    private List<StackTrace> distinct() {
        Map<String, StackTrace> byName = new LinkedHashMap<>();
        int nameless = 0;
        for (StackTrace trace : traces) {
            boolean isThread = !trace.state().isEmpty() || trace.isDeadlocked();
            String key = isThread && !trace.name().isEmpty() ? trace.name() : "#" + nameless++;
            StackTrace before = byName.get(key);
            if (before == null || trace.isDeadlocked()) {
                byName.put(key, before == null ? trace
                        : new StackTrace(trace.name(), before.state(), trace.frames(), true));
            }
        }
        return List.copyOf(byName.values());
    }
}
