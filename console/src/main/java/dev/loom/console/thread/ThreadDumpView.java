package dev.loom.console.thread;

import dev.loom.client.DumpedFrame;
import dev.loom.client.DumpedLock;
import dev.loom.client.DumpedThread;
import dev.loom.client.ThreadDump;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The threads of a JVM at one moment, as scripts get them.
 *
 * @param at when the JVM answered
 * @param live platform threads in the JVM; more than there are in {@code threads} where those were too many to ask for
 * @param mostFrames how many frames of each stack were asked for
 * @param states how many threads are in which state
 * @param deadlocks each a cycle: each thread waits for the next, the last for the first
 * @param threads in the order in which they were made
 */
record ThreadDumpView(
        long target, Instant at, int live, int mostFrames, Map<String, Integer> states, List<Deadlock> deadlocks, List<Dumped> threads) {

    /** Threads that wait for each other. @param timed whether one of them gives up after a time */
    record Deadlock(boolean timed, List<Long> threadIds) {}

    /**
     * A thread.
     *
     * @param loom whether it is one of the agent's
     * @param lock what it is blocked on, waits on or is parked for
     * @param heldBy who holds that; the id of a thread
     * @param held the monitors that it holds
     */
    record Dumped(
            String thread, long threadId, String threadState, boolean daemon, int priority, boolean loom, @Nullable Lock lock, @Nullable Long heldBy,
            List<String> stack, List<Held> held) {}

    /** An object that is locked. @param hash its identity hash */
    record Lock(String type, String hash) {}

    /** A monitor that a thread holds, and the frame that took it. */
    record Held(Lock lock, String location) {}

    static ThreadDumpView of(TakenDump taken) {
        ThreadDump dump = taken.dump();
        Map<DumpedFrame, String> texts = new HashMap<>();
        return new ThreadDumpView(
                taken.target(), taken.at(), dump.live(), dump.depth(), states(dump),
                LockGraph.of(dump).deadlocks().stream()
                        .map(deadlock -> new Deadlock(deadlock.mayEnd(), deadlock.threads().stream().map(DumpedThread::id).toList())).toList(),
                dump.threads().stream().map(thread -> thread(thread, texts)).toList());
    }

    /** How many threads are in which state. */
    static Map<String, Integer> states(ThreadDump dump) {
        Map<String, Integer> states = new TreeMap<>();
        dump.threads().forEach(thread -> states.merge(thread.state(), 1, Integer::sum));
        return states;
    }

    private static Dumped thread(DumpedThread thread, Map<DumpedFrame, String> texts) {
        List<String> stack = thread.stack().stream().map(frame -> texts.computeIfAbsent(frame, DumpedFrame::text)).toList();
        return new Dumped(
                thread.name(), thread.id(), thread.state(), thread.daemon(), thread.priority(), StackGroup.isLooms(thread),
                thread.lock() == null ? null : lock(thread.lock()), thread.isInWait() ? Long.valueOf(thread.owner()) : null, stack,
                thread.held().stream().map(held -> new Held(lock(held.lock()), held.depth() < stack.size() ? stack.get(held.depth()) : "")).toList());
    }

    private static Lock lock(DumpedLock lock) {
        return new Lock(lock.type(), Integer.toHexString(lock.hash()));
    }
}
