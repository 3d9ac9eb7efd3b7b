package dev.loom.filter.suggest;

import dev.loom.filter.suggest.StackTrace.Frame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads stack traces out of any text: printed exceptions with their causes, also inside the strings of JSON logs, thread dumps
 * ({@code jstack}, {@code jcmd PID Thread.print}, SIGQUIT, {@code ThreadInfo}, {@code Thread.dump_to_file} as text and JSON, javacores of
 * J9), and the deadlocks in them, whether or not the JVM reports them. What it does not know it skips.
 */
public final class TraceReader {

    /** Frames read of one text; a dump of ten thousand threads has a few hundred thousand. */
    private static final int MAX_FRAMES = 1_000_000;

    /** {@code at app//com.acme.Bank.transfer(Bank.java:42)}; class loader and module stand in front of slashes. */
    private static final Pattern FRAME =
            Pattern.compile("(?:^|[\\s|>\\]])at ((?:[^\\s/()]*/){0,2})([^\\s()/]+)\\.([^\\s().]+|[^().]+(?=\\([^()]*\\.\\w+:\\d+\\)))\\(([^()]*)\\)");

    /** What a log puts in front of a line of a dump: a time, the name of a container. */
    private static final Pattern PREFIXED = Pattern.compile("^.{1,200}?[\\s|>\\]]\\s*+((?:- +(?:locked|waiting (?:to|on)|parking to|parked on|blocked on) .*[<@].*"
            + "|- <0x[0-9a-f]+> \\(an? .*|\"[^\"]*\" (?:#\\d+|daemon|prio=|Id=|- Thread t@).*|\"[^\"]*\":\\s*|java\\.lang\\.Thread\\.State: .*"
            + "|\\.\\.\\. \\d+ (?:more|common frames omitted)|Caused by: .*))$");

    /** A frame whose class is hidden has a slash in its name: {@code Bank$$Lambda/0x0000.run(Unknown Source)}. */
    private static final Pattern HIDDEN = Pattern.compile("^\\s*at .*\\$\\$Lambda.*\\(.*\\)");

    /** A line that is about a thread whatever its name looks like: anybody may have chosen that, be it a frame. */
    private static final Pattern THREAD_ALONE = Pattern.compile("^\".*\"(?: (?:#\\d+ |daemon |prio=|Id=\\d|- Thread t@)|:\\s*$)");
    private static final Pattern THREAD = Pattern.compile("^\"(.*)\"(?: |:|$).*");
    /** Threads may have the same name; a dump tells them apart by the number behind it, the report of a deadlock does not. */
    private static final Pattern THREAD_NUMBER = Pattern.compile("^\".*\" #(\\d+) ");
    private static final Pattern STATE = Pattern.compile("java\\.lang\\.Thread\\.State: ([A-Z_]+)");
    private static final Pattern INFO_STATE = Pattern.compile("^\".*\".* Id=\\d+ ([A-Z_]+)");
    private static final Pattern LOCKED = Pattern.compile("^\\s*- *locked <?([^>\\s]+)>?");
    private static final Pattern WANTED =
            Pattern.compile("^\\s*- *(?:waiting to lock|parking to wait for|parked on|waiting to re-lock in wait\\(\\)|blocked on) *<?([^>\\s]+)>?"
                    + "(?: *\\(an? (.*?)\\))?");
    private static final Pattern WAITING = Pattern.compile("^\\s*- *waiting on *<?([^>\\s]+)>?");
    private static final Pattern INITIALIZING = Pattern.compile("^\\s*- *waiting on the Class initialization monitor for (\\S+)");
    /** A line of "Locked ownable synchronizers". */
    private static final Pattern OWNED = Pattern.compile("^\\s*- *<(0x[0-9a-f]+)> \\(an? ");
    private static final Pattern SYNCHRONIZER = Pattern.compile("waiting for ownable synchronizer (0x[0-9a-f]+)");
    private static final Pattern HELD_BY = Pattern.compile("which is held by \"(.*)\"");
    private static final Pattern OWNED_BY = Pattern.compile("(?:on|for) <?([^>\\s]+)>?(?: \\(.*\\))? owned by \"(.*?)\"");
    /** Characters of a line that names an exception. */
    private static final int MAX_HEAD = 2_000;
    private static final Frame NOTHING = new Frame("", "", -1, List.of(), "", "");
    private static final Pattern MORE = Pattern.compile("^\\s*\\.\\.\\. (\\d+) (?:common frames omitted|more)");
    /** Something thrown whose name does not say so. */
    private static final Pattern THROWN = Pattern.compile("^([\\w$]+(?:\\.[\\w$]+)+)(?:: .*)?$");
    private static final Pattern REPORT_END = Pattern.compile("Found \\d+ deadlocks?\\.");
    private static final Pattern SYNCHRONIZERS = Pattern.compile("Locked ownable synchronizers:|Number of locked synchronizers");
    private static final Pattern OWNED_LATER = Pattern.compile("^\\s*- +(?:locked )?<?([^>\\s]*[@0-9a-f][^>\\s]*)>?");
    private static final Pattern EXCEPTION =
            Pattern.compile("(?:^|^.*\\s)(?:Exception in thread \"(.*?)\" )?([\\w$.]+\\.[\\w$]*(?:Exception|Error|Throwable|Failure|Interrupt)\\w*)(?::.*)?$");

    /** A stack of the text, with its thread's number; empty where there is none. */
    private record Read(StackTrace trace, String number) {}

    private final List<Read> traces = new ArrayList<>();
    /** What {@code Object.wait()} of this stack waits on. */
    private String waitingOn = "";
    private String name = "";
    private String number = "";
    private String state = "";
    private final List<Frame> frames = new ArrayList<>();
    /** The frames of the exception around a cause, for its last line {@code ... 12 more}. */
    private final List<Frame> around = new ArrayList<>();
    private final List<String> owned = new ArrayList<>();
    /** Locks by the name of the thread that another line says holds them. */
    private final Map<String, Set<String>> heldBy = new HashMap<>();
    /** What is waited for, of a javacore, before the frames are. */
    private Frame early = NOTHING;
    private String synchronizer = "";
    private boolean inReport;
    /** Whether what follows are locks that the thread holds, and no frame has taken. */
    private boolean inOwned;
    private int count;

    private TraceReader() {}

    /** The traces in the order of the text; those of a deadlock report are marked and come once. */
    public static List<StackTrace> read(String text) {
        TraceReader reader = new TraceReader();
        TraceText.lines(text).forEach(reader::line);
        reader.end();
        return DumpDeadlocks.marked(reader.distinct());
    }

    private void line(String line) {
        Matcher thread = THREAD.matcher(line);
        if (THREAD_ALONE.matcher(line).find() && thread.find()) {
            thread(line, thread.group(1));
            return;
        }
        if (HIDDEN.matcher(line).find()) {
            return;
        }
        Matcher frame = FRAME.matcher(line);
        if (frame.find()) {
            if (count++ < MAX_FRAMES) {
                Frame read = new Frame(frame.group(2), frame.group(3), number(frame.group(4)), List.of(), early.wants(), early.wantsType());
                frames.add(read);
                early = NOTHING;
            }
            return;
        }
        Matcher prefixed = PREFIXED.matcher(line);
        String rest = line.length() <= MAX_HEAD && prefixed.matches() ? prefixed.group(1) : line;
        owner(rest);
        if (!lock(rest)) {
            head(rest);
        }
    }

    /** Notes who holds a lock, where a line says so. */
    private void owner(String line) {
        Matcher waits = SYNCHRONIZER.matcher(line);
        if (waits.find()) {
            synchronizer = waits.group(1);
        }
        Matcher held = HELD_BY.matcher(line);
        if (held.find() && !synchronizer.isEmpty()) {
            heldBy.computeIfAbsent(held.group(1), k -> new LinkedHashSet<>()).add(synchronizer);
            synchronizer = "";
        }
        Matcher by = OWNED_BY.matcher(line);
        if (by.find()) {
            heldBy.computeIfAbsent(by.group(2), k -> new LinkedHashSet<>()).add(by.group(1));
        }
    }

    /** Reads a line about a lock of the frame before it. */
    private boolean lock(String line) {
        Matcher locked = LOCKED.matcher(line);
        Matcher wanted = WANTED.matcher(line);
        Matcher initializing = INITIALIZING.matcher(line);
        Matcher waiting = WAITING.matcher(line);
        Matcher own = OWNED.matcher(line);
        Matcher later = OWNED_LATER.matcher(line);
        if (inOwned && later.find() && !later.group(1).equals("None")) {
            owned.add(later.group(1));
            return true;
        }
        boolean isEarly = frames.isEmpty();
        Frame last = isEarly ? NOTHING : frames.get(frames.size() - 1);
        if (!isEarly && locked.find()) {
            String lock = locked.group(1);
            if (!lock.equals(waitingOn)) {
                last = last.locking(lock);
            }
        } else if (wanted.find()) {
            last = last.waitingFor(wanted.group(1), wanted.group(2) == null ? "" : wanted.group(2));
        } else if (initializing.find()) {
            last = last.waitingFor("class " + initializing.group(1), "");
        } else if (waiting.find() && DumpDeadlocks.isLock(waiting.group(1))) {
            last = last.waitingFor(waiting.group(1), waiting.group(1).replaceAll("@.*", "")); // ThreadInfo says so of parked threads
        } else if (waiting.reset().find()) {
            waitingOn = waiting.group(1); // Object.wait() has given it back, though its frames are printed with it
        } else if (own.find()) {
            owned.add(own.group(1));
            return true;
        } else {
            return false;
        }
        if (isEarly) {
            early = last;
        } else {
            frames.set(frames.size() - 1, last);
        }
        return true;
    }

    /** Reads a line that may begin another stack. */
    private void head(String line) {
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
            thread(line, thread.group(1));
        } else if (line.strip().startsWith("Caused by:")) {
            // the cause says where it went wrong; what is around it comes back with "... more"
            around.clear();
            around.addAll(frames);
            frames.clear();
        } else if (more.find()) {
            int common = Math.min(Integer.parseInt(more.group(1)), around.size());
            frames.addAll(around.subList(around.size() - common, around.size()));
        } else if (REPORT_END.matcher(line).find()) {
            end();
            inReport = false;
        } else if (SYNCHRONIZERS.matcher(line).find()) {
            inOwned = true;
        } else if (line.length() < MAX_HEAD && exception.find()) {
            end();
            inReport = false;
            name = exception.group(1) != null ? exception.group(1) : exception.group(2);
        } else if (!frames.isEmpty() && line.length() < MAX_HEAD && THROWN.matcher(line).matches()) {
            end();
            name = line.replaceFirst(":.*", "");
        }
    }

    private void thread(String line, String called) {
        end();
        name = called;
        Matcher numbered = THREAD_NUMBER.matcher(line);
        number = numbered.find() ? numbered.group(1) : "";
        Matcher info = INFO_STATE.matcher(line);
        state = info.find() ? info.group(1) : "";
    }

    private static int number(String place) {
        int colon = place.lastIndexOf(':');
        String digits = place.substring(colon + 1);
        return colon > 0 && digits.matches("\\d{1,5}") ? Integer.parseInt(digits) : -1;
    }

    private void end() {
        if (!frames.isEmpty()) {
            traces.add(new Read(new StackTrace(name, state, frames, owned, inReport), number));
        }
        frames.clear();
        owned.clear();
        inOwned = false;
        early = NOTHING;
        waitingOn = "";
        around.clear();
        name = "";
        number = "";
        state = "";
    }

    private static List<String> merged(StackTrace one, StackTrace other) {
        Set<String> all = new LinkedHashSet<>(one.owned());
        all.addAll(other.owned());
        return List.copyOf(all);
    }

    /** A dump shows the threads of a deadlock twice, the second time marked. */
    private List<StackTrace> distinct() {
        Map<String, StackTrace> byThread = new LinkedHashMap<>();
        Map<String, List<String>> keys = new HashMap<>();
        int nameless = 0;
        for (Read read : traces) {
            StackTrace trace = read.trace();
            Set<String> held = new LinkedHashSet<>(trace.owned());
            held.addAll(heldBy.getOrDefault(trace.name(), Set.of()));
            trace.frames().forEach(frame -> held.removeAll(frame.locks()));
            trace = trace.owning(List.copyOf(held));
            String key = !trace.isThread() || trace.name().isEmpty() ? "#" + nameless++
                    : read.number().isEmpty() ? known(trace, keys.getOrDefault(trace.name(), List.of()), byThread) : trace.name() + '\n' + read.number();
            StackTrace before = byThread.get(key);
            if (before == null && trace.isThread()) {
                keys.computeIfAbsent(trace.name(), n -> new ArrayList<>()).add(key);
            }
            if (before == null || trace.isDeadlocked()) {
                byThread.put(key, before == null ? trace
                        : new StackTrace(trace.name(), before.state(), trace.frames(), merged(before, trace), true));
            }
        }
        return List.copyOf(byThread.values());
    }

    /** Which of the threads of that name it is, if it was read before: the one with the same stack, else the first. */
    private static String known(StackTrace trace, List<String> same, Map<String, StackTrace> byThread) {
        if (same.size() < 2) {
            return same.isEmpty() ? trace.name() : same.get(0);
        }
        return same.stream().filter(key -> places(byThread.get(key)).equals(places(trace))).findFirst().orElse(same.get(0));
    }

    private static List<String> places(StackTrace trace) {
        return trace.frames().stream().map(frame -> frame.type() + '.' + frame.method() + ':' + frame.line()).toList();
    }
}
