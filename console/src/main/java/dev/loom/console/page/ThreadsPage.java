package dev.loom.console.page;

import dev.loom.client.DumpedThread;
import dev.loom.client.ThreadDump;
import dev.loom.console.contract.Page;
import dev.loom.console.thread.LockGraph;
import dev.loom.console.thread.StackGroup;
import dev.loom.console.thread.TakenDump;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A thread dump on its page.
 *
 * @param dump its number
 * @param sentence how many threads there are
 * @param states how many are in which state
 * @param rows what fits the search, threads of the same stack in one
 * @param cut what is not in it, and why; empty if all is
 */
public record ThreadsPage(
        long dump, Instant at, String sentence, Map<String, Integer> states, List<Deadlock> deadlocks, List<WaitView> waits, Page<ThreadRow> rows, String cut) {

    private static final int ROWS = 50;
    private static final int MOST_WAITS = 20;
    private static final int MOST_DEADLOCKS = 20;
    private static final List<String> ORDER = List.of("BLOCKED", "RUNNABLE", "WAITING", "TIMED_WAITING", "NEW", "TERMINATED", "UNKNOWN");

    /** A cycle, thread by thread. @param timed whether one of them gives up after a time */
    public record Deadlock(List<WaitView> cycle, boolean timed) {}

    static ThreadsPage of(TakenDump taken, String search, String state, int page) {
        ThreadDump dump = taken.dump();
        LockGraph graph = LockGraph.of(dump);
        List<StackGroup> fitting = StackGroup.of(dump, graph).stream().filter(group -> fits(group, search.strip().toLowerCase(Locale.ROOT), state)).toList();
        int from = (int) Math.min(fitting.size(), (long) Math.max(0, page) * ROWS);
        List<StackGroup> shown = fitting.subList(from, Math.min(fitting.size(), from + ROWS));
        int lines = shown.size() <= 2 ? Integer.MAX_VALUE : ThreadRow.FEW_LINES;
        return new ThreadsPage(
                taken.number(), taken.at(), sentence(dump), states(dump),
                graph.deadlocks().stream().limit(MOST_DEADLOCKS).map(deadlock -> new Deadlock(WaitView.of(deadlock), deadlock.mayEnd())).toList(),
                graph.contended().stream().limit(MOST_WAITS).map(WaitView::of).toList(),
                new Page<>(shown.stream().map(group -> ThreadRow.of(group, lines)).toList(), Math.max(0, page), ROWS, fitting.size()), cut(dump));
    }

    private static boolean fits(StackGroup group, String search, String state) {
        return (state.isEmpty() || group.first().state().equals(state))
                && (search.isEmpty() || group.threads().stream().anyMatch(thread -> thread.name().toLowerCase(Locale.ROOT).contains(search))
                        || group.first().stack().stream().anyMatch(frame -> frame.text().toLowerCase(Locale.ROOT).contains(search)));
    }

    private static Map<String, Integer> states(ThreadDump dump) {
        Map<String, Integer> states = new LinkedHashMap<>();
        for (String state : ORDER) {
            int count = (int) dump.threads().stream().map(DumpedThread::state).filter(state::equals).count();
            if (count > 0) {
                states.put(state, count);
            }
        }
        return states;
    }

    private static String sentence(ThreadDump dump) {
        return dump.live() == 1 ? "1 thread" : Format.INSTANCE.count(dump.live()) + " threads";
    }

    private static String cut(ThreadDump dump) {
        Format format = Format.INSTANCE;
        boolean deep = dump.threads().stream().anyMatch(thread -> thread.stack().size() >= dump.depth());
        return (dump.live() > dump.threads().size() ? "Of " + format.count(dump.live()) + " threads the oldest " + format.count(dump.threads().size()) + " are here. " : "")
                + (deep ? "Of each stack the innermost " + dump.depth() + " frames are here." : "");
    }
}
