package dev.loom.agent.standstill;

import dev.loom.agent.evacuation.Evacuation;
import dev.loom.agent.evacuation.FramePosition;
import dev.loom.agent.stack.ThreadLook;
import dev.loom.agent.stack.Threads;
import dev.loom.agent.stack.VirtualThreads;
import dev.loom.agent.support.AgentLog;
import dev.loom.agent.support.LoomThreads;
import dev.loom.agent.transform.PolledClasses;
import dev.loom.bootstrap.hook.LockWait;
import dev.loom.bootstrap.standstill.Standstill;
import dev.loom.bootstrap.wait.LoomThread;
import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks whether all other threads have stopped when one wants a region of {@code r <> *}.
 *
 * <p>The bits of the region are raised when the first look begins, so it is enough to see each thread once where it surely comes to a
 * poll before it runs more of the scope (see {@link Standstill}): what a thread does later begins with that poll. For the same
 * reason threads that are started later need no look.
 */
public final class StandstillWatch implements AutoCloseable {

    /** Frames that are looked at; Loom's own stand at the top. */
    private static final int DEPTH = 64;
    /** Shortest and longest pause between two looks, ns. */
    private static final long SHORTEST_PAUSE = 100_000;

    private static final long LONGEST_PAUSE = 10_000_000;

    private final PolledClasses polls;
    private final ScopeFrames frames;
    private final VirtualThreads virtual;
    private final Thread thread;
    private volatile boolean closed;

    private StandstillWatch(PolledClasses polls, Instrumentation instrumentation) {
        this.polls = polls;
        frames = new ScopeFrames(new ScopeFrames.Polled() {
            @Override
            public boolean isInScope(String type, int bits) {
                return polls.isInScope(type, bits);
            }

            @Override
            public boolean lacks(String type, String method) {
                return polls.lacks(type, method);
            }
        });
        virtual = VirtualThreads.open(instrumentation);
        thread = LoomThreads.daemon("standstill", this::run);
    }

    public static StandstillWatch start(PolledClasses polls, Instrumentation instrumentation) {
        StandstillWatch watch = new StandstillWatch(polls, instrumentation);
        watch.thread.start();
        Standstill.watchedBy(watch.thread);
        return watch;
    }

    /** Names the frames that run code without polls. */
    public void unpolled(Map<FramePosition, Evacuation.Unpolled> some) {
        frames.old(some);
    }

    private void run() {
        while (!closed) {
            try {
                Standstill.Request request = Standstill.request();
                if (request == null) {
                    LockSupport.park(this);
                } else {
                    serve(request);
                }
            } catch (RuntimeException | Error e) {
                AgentLog.warn("a fault in the watch over standstills", e);
                LockSupport.parkNanos(this, LONGEST_PAUSE);
            }
        }
    }

    private void serve(Standstill.Request first) {
        Standstill.Request request = first;
        Map<Long, Thread> virtualRunning = new HashMap<>();
        Set<Long> running = look(request, null, virtualRunning);
        long pause = SHORTEST_PAUSE;
        while (!running.isEmpty() && !closed) {
            if (request.isOver()) {
                break;
            }
            LockSupport.parkNanos(this, pause);
            pause = Math.min(pause * 2, LONGEST_PAUSE);
            Standstill.Request now = Standstill.request();
            if (now == null || now.entry() != first.entry()) {
                return;
            }
            request = now;
            running = look(request, running, virtualRunning);
        }
        Standstill.gathered(request, running.isEmpty() ? List.of() : threadsOf(running, virtualRunning, request));
    }

    /**
     * The threads that may run code of the scope before they come to a poll.
     *
     * @param only those to look at; null for all
     * @param virtualRunning the virtual threads among those to look at; null for {@code only} means that they are found here
     */
    private Set<Long> look(Standstill.Request request, Set<Long> only, Map<Long, Thread> virtualRunning) {
        // before the stacks: who is in here now comes to a poll later, wherever its stack is seen
        Set<Long> standing = new HashSet<>();
        for (Thread some : Standstill.standing()) {
            standing.add(Threads.number(some));
        }
        Set<Long> inHooks = new HashSet<>();
        for (LockWait wait : LockWait.longerThan(0)) {
            if (!wait.isAtPoll()) {
                inHooks.add(Threads.number(wait.thread()));
            }
        }
        Set<Long> running = new HashSet<>();
        List<Thread> some = Threads.platform().stream()
                .filter(thread -> !(thread instanceof LoomThread) && !standing.contains(Threads.number(thread))
                        && (only == null || only.contains(Threads.number(thread))))
                .toList();
        for (ThreadLook look : Threads.look(some, DEPTH)) {
            if (runs(look, inHooks, request.bits())) {
                running.add(look.number());
            }
        }
        if (only == null) {
            for (Thread thread : virtual.list()) {
                virtualRunning.put(Threads.number(thread), thread);
            }
        }
        virtualRunning.entrySet().removeIf(
                entry -> standing.contains(entry.getKey()) || !runs(entry.getValue(), inHooks, request.bits()));
        running.addAll(virtualRunning.keySet());
        return running;
    }

    private boolean runs(ThreadLook look, Set<Long> inHooks, int bits) {
        long id = look.number();
        ThreadLook seen = look;
        if (look.frames().length == DEPTH) {
            List<ThreadLook> whole = Threads.look(List.of(look.thread()), Integer.MAX_VALUE);
            if (whole.isEmpty()) {
                return false;
            }
            seen = whole.get(0);
        }
        return frames.runs(id, seen.frames(), seen.state(), inHooks.contains(id), bits);
    }

    /**
     * Whether the stack of a virtual thread matters: one that waits stops whatever has called the wait. (But for one that waits in a class
     * initializer, which is rare, and thousands of stacks are slow to look at.)
     */
    private boolean matters(long id, Thread.State state) {
        return state != Thread.State.WAITING && state != Thread.State.BLOCKED || frames.hasOld(id) || polls.lacksSome();
    }

    private boolean runs(Thread some, Set<Long> inHooks, int bits) {
        long id = Threads.number(some);
        Thread.State state = Threads.state(some);
        if (state == Thread.State.NEW || state == Thread.State.TERMINATED || !matters(id, state)) {
            return false;
        }
        return frames.runs(id, Threads.stack(some), state, inHooks.contains(id), bits);
    }

    private static List<Thread> threadsOf(Set<Long> ids, Map<Long, Thread> virtualRunning, Standstill.Request request) {
        List<Thread> found = new ArrayList<>();
        for (Thread some : Threads.platform()) {
            if (ids.contains(Threads.number(some))) {
                found.add(some);
            }
        }
        found.addAll(virtualRunning.values());
        for (Thread some : found) {
            StringBuilder text = new StringBuilder();
            for (StackTraceElement frame : Threads.stack(some)) {
                text.append("\n    at ").append(frame);
            }
            AgentLog.warn("thread '" + some.getName() + "' did not come to a poll in time: " + request.entry().lock().name()
                    + " is entered without waiting for it" + text);
        }
        return found;
    }

    @Override
    public void close() {
        closed = true;
        Standstill.watchedBy(null);
        LoomThreads.awaitEnd(thread);
    }
}
