package dev.loom.console.thread;

import dev.loom.client.DumpedFrame;
import dev.loom.client.DumpedLock;
import dev.loom.client.DumpedThread;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Locks in a stack, in jstack's words. In place of an address there is the identity hash of the object. */
public final class StackLines {

    private StackLines() {}

    /** {@code <0x000000001b2c3d4e> (a java.lang.Object)}. */
    public static String lock(DumpedLock lock) {
        return String.format(Locale.ROOT, "<0x%016x> (a %s)", lock.hash(), lock.type());
    }

    /** How a thread waits for its lock: {@code waiting to lock}, {@code parking to wait for}. */
    public static String verb(DumpedThread thread) {
        boolean inWait = !thread.stack().isEmpty() && thread.stack().get(0).type().equals("java.lang.Object");
        return thread.state().equals("BLOCKED") ? inWait ? "waiting to re-lock in wait()" : "waiting to lock"
                : thread.isNotified() ? "waiting on" : "parking to wait for ";
    }

    /**
     * A line of a stack.
     *
     * @param frame null for a line about a lock
     */
    public record Line(@Nullable DumpedFrame frame, String about) {}

    /** The stack that threads have in common, with what they wait for and hold at each frame; what differs between them is counted. */
    public static List<Line> of(List<DumpedThread> threads) {
        DumpedThread first = threads.get(0);
        List<Line> lines = new ArrayList<>();
        if (first.stack().isEmpty()) {
            waiting(threads, lines);
        }
        for (int depth = 0; depth < first.stack().size(); depth++) {
            lines.add(new Line(first.stack().get(depth), ""));
            if (depth == 0) {
                waiting(threads, lines);
            }
            held(threads, depth, lines);
        }
        return lines;
    }

    private static void waiting(List<DumpedThread> threads, List<Line> lines) {
        Set<DumpedLock> locks = new LinkedHashSet<>();
        threads.stream().map(DumpedThread::lock).filter(Objects::nonNull).forEach(locks::add);
        if (!locks.isEmpty()) {
            lines.add(new Line(null, verb(threads.get(0)) + " " + one(locks)));
        }
    }

    private static void held(List<DumpedThread> threads, int depth, List<Line> lines) {
        int most = threads.stream().mapToInt(thread -> held(thread, depth).size()).max().orElse(0);
        for (int i = 0; i < most; i++) {
            Set<DumpedLock> locks = new LinkedHashSet<>();
            for (DumpedThread thread : threads) {
                List<DumpedLock> own = held(thread, depth);
                if (i < own.size()) {
                    locks.add(own.get(i));
                }
            }
            lines.add(new Line(null, "locked " + one(locks)));
        }
    }

    private static List<DumpedLock> held(DumpedThread thread, int depth) {
        return thread.held().isEmpty() ? List.of() : thread.held().stream().filter(h -> h.depth() == depth).map(DumpedThread.Held::lock).toList();
    }

    private static String one(Set<DumpedLock> locks) {
        DumpedLock lock = locks.iterator().next();
        return locks.size() == 1 ? lock(lock) : "one of " + locks.size() + " (a " + lock.type() + ")";
    }
}
