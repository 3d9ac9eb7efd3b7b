package dev.loom.client;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import javax.management.openmbean.CompositeData;
import org.jspecify.annotations.Nullable;

/** Reads what {@code java.lang:type=Threading} says of threads, in the open type of a {@code ThreadInfo}. A frame that many threads have is kept once. */
final class ThreadDumpReader {

    private static final int FEWEST_FRAMES = 16;
    private static final int MOST_HELD = 100;
    private static final Pattern LINE_END = Pattern.compile("[\\t\\n\\r\\u0085\\u2028\\u2029]");
    private static final String UNKNOWN = "UNKNOWN";
    private static final Set<String> STATES = Set.of("NEW", "RUNNABLE", "BLOCKED", "WAITING", "TIMED_WAITING", "TERMINATED");

    private final Map<DumpedFrame, DumpedFrame> frames = new HashMap<>();
    private final Map<DumpedLock, DumpedLock> locks = new HashMap<>();
    private final int depth;

    private ThreadDumpReader(int depth) {
        this.depth = depth;
    }

    /** How many frames of each thread are asked for, so that those of all are no more than a number: few threads may have deep stacks. */
    static int depth(int threads, int mostFrames) {
        return Math.max(FEWEST_FRAMES, Math.min(Bounds.MAX_FRAMES, mostFrames / Math.max(1, threads)));
    }

    /** Those of all threads that are asked for: the ones in a deadlock, then the oldest. */
    static long[] chosen(long[] all, long[] deadlocked, int most) {
        Set<Long> chosen = new LinkedHashSet<>();
        Arrays.stream(deadlocked).limit(most).forEach(chosen::add);
        Arrays.stream(all).sorted().takeWhile(id -> chosen.size() < most).forEach(chosen::add);
        return chosen.stream().mapToLong(Long::longValue).sorted().toArray();
    }

    static ThreadDump read(@Nullable Object infos, int live, int depth, int most) {
        ThreadDumpReader reader = new ThreadDumpReader(depth);
        List<DumpedThread> threads = new ArrayList<>(StatusReader.list(infos, reader::thread, most));
        threads.sort(Comparator.comparingLong(DumpedThread::id));
        return new ThreadDump(Math.max(live, threads.size()), depth, threads);
    }

    private DumpedThread thread(CompositeData data) {
        String state = StatusReader.text(data, "threadState");
        return new DumpedThread(
                StatusReader.number(data, "threadId"),
                line(StatusReader.raw(data, "threadName"), Bounds.MEDIUM),
                STATES.contains(state) ? state : UNKNOWN,
                StatusReader.flag(data, "daemon"),
                (int) StatusReader.number(data, "priority"),
                StatusReader.flag(data, "inNative"),
                StatusReader.flag(data, "suspended"),
                StatusReader.item(data, "lockInfo") instanceof CompositeData lock ? lock(lock) : null,
                StatusReader.item(data, "lockOwnerId") instanceof Number owner ? owner.longValue() : -1,
                StatusReader.list(StatusReader.item(data, "stackTrace"), this::frame, depth),
                StatusReader.list(StatusReader.item(data, "lockedMonitors"), this::held, MOST_HELD));
    }

    private DumpedFrame frame(CompositeData data) {
        String file = line(StatusReader.raw(data, "fileName"), Bounds.SHORT);
        long number = StatusReader.number(data, "lineNumber");
        boolean isNative = StatusReader.flag(data, "nativeMethod");
        String source = isNative ? "Native Method" : file.isEmpty() ? "Unknown Source" : number < 0 ? file : file + ":" + number;
        String module = line(StatusReader.raw(data, "moduleName"), Bounds.SHORT);
        String version = line(StatusReader.raw(data, "moduleVersion"), Bounds.SHORT);
        DumpedFrame frame = new DumpedFrame(
                line(StatusReader.raw(data, "className"), Bounds.MEDIUM), line(StatusReader.raw(data, "methodName"), Bounds.SHORT), source,
                module.isEmpty() || version.isEmpty() ? module : module + "@" + version);
        DumpedFrame known = frames.putIfAbsent(frame, frame);
        return known == null ? frame : known;
    }

    private DumpedThread.Held held(CompositeData data) {
        return new DumpedThread.Held(lock(data), (int) Math.max(0, Math.min(depth, StatusReader.number(data, "lockedStackDepth"))));
    }

    private DumpedLock lock(CompositeData data) {
        DumpedLock lock = new DumpedLock(line(StatusReader.raw(data, "className"), Bounds.MEDIUM), (int) StatusReader.number(data, "identityHashCode"));
        DumpedLock known = locks.putIfAbsent(lock, lock);
        return known == null ? lock : known;
    }

    /** What anybody may have named, in one line: a name must not look like more threads and frames than there are. */
    private static String line(String said, int most) {
        return LINE_END.matcher(Bounds.cut(said, most)).replaceAll(" ");
    }
}
