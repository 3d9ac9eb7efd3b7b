package dev.loom.bootstrap.standstill;

import dev.loom.bootstrap.Hold;
import dev.loom.bootstrap.hook.ConstraintLock;
import dev.loom.bootstrap.hook.LockWait;
import dev.loom.bootstrap.hook.RegionHook;
import dev.loom.bootstrap.wait.Wait;
import dev.loom.bootstrap.wait.WaitQueue;
import dev.loom.bootstrap.wait.WaitRegistry;
import java.util.ArrayList;
import java.util.List;

/**
 * Unilateral exclusion, {@code r <> *}: while one thread is in {@code r}, no other runs code of the scope. There is one standstill in a
 * JVM: threads that want regions of several such constraints take turns, so that no two of them can wait for each other. Who is alone
 * stands in {@link Ownership}, the way in is {@link EntryQueue}, where the others stop {@link PollGate}, the wait until they have {@link
 * Gathering}. What is here is for the agent.
 *
 * <h2>Safety</h2>
 * Code of a scope has polls: at the entry of each method, behind each call, at handlers, behind each monitor, on backward jumps. A
 * thread that wants {@code r} raises the constraint's bit in {@link Ownership#raised} and waits; whoever comes to a poll of the scope parks
 * there. The agent's watcher then looks at all threads until each of the others
 *
 * <ul>
 *   <li>is parked at a poll, or waits to enter such a region itself: it is in {@link #standing()}; or
 *   <li>is in code outside of the scope (the JDK's, a native method of the JDK's), from where it comes to a poll before anything else of
 *       the scope runs; or waits for a monitor, behind which there is a poll.
 * </ul>
 *
 * That a thread has left the scope is seen in its stack, and it is true of what the thread does next because the bit was raised before
 * the look: a poll reads the bit behind a fence that the JIT moves neither over a call nor over a loop of the code before it. A thread
 * that has read the bit already, and not yet acted on it, is seen in this package and counts as running until it is registered. Waits
 * are registered and taken out under one latch, and only while the bit is raised: so a registered thread stays where it is until the
 * owner has left.
 *
 * <h2>Liveness</h2>
 * Waits park in slices ({@link Wait}), so a lost wake-up costs a slice. Three bounds keep the application from hanging: a thread that has
 * not come after {@link Gathering#GATHERING} is let go on, and the region begins without it; a thread that waits at a poll for
 * {@link PollGate#LONGEST_STAND} is let go on; and the deadlock guard sees who waits for the owner, and lets a thread go on that holds what
 * the owner waits for. Each is counted as a bypass of the region's hook. Who was let go on passes all polls until the owner has left.
 *
 * <p>Threads of the JVM, of JMX and of Loom never stop: they pass. Where all hooks of a constraint pass (removal, shutdown), nobody
 * stops for it any more, whoever is inside.
 *
 * <h2>Failure</h2>
 * A poll never throws anything of Loom's. Changes in several steps are made in methods with ReservedStackAccess, see {@link dev.loom.bootstrap.Hooks}. An exit
 * for which there was no stack left a note in its hold; whoever waits makes up for it at its next look.
 */
public final class Standstill {

    private Standstill() {}

    /**
     * What the watcher has to find out: whether the others have stopped.
     *
     * @param owner the thread that waits for that
     * @param bits the constraints
     * @param isOver whether the time for it is over
     * @param entry its wait
     */
    public record Request(Thread owner, int bits, boolean isOver, LockWait entry) {}

    /** Names the thread to unpark when there is a {@link #request()}; null for none: then nobody is waited for. */
    public static void watchedBy(Thread thread) {
        Gathering.watcher = thread;
        WaitRegistry.wake(null);
    }

    /**
     * Gives a constraint the bit by which polls know it.
     *
     * @param lock of a unilateral exclusion
     * @param bit a power of two; 0 if no code has polls for it any more
     */
    public static void bit(ConstraintLock lock, int bit) {
        ((StandstillLock) lock).bit = bit;
    }

    /** The bit that a constraint has. */
    public static int bit(ConstraintLock lock) {
        return ((StandstillLock) lock).bit;
    }

    /** Whether a lock is one of a unilateral exclusion, and code has polls for it. */
    public static boolean isInForce(ConstraintLock lock) {
        return lock instanceof StandstillLock standstill && standstill.bit != 0;
    }

    /** What there is to look for; null if nothing. */
    public static Request request() {
        return Gathering.request();
    }

    /**
     * The threads that surely run no code of the scope before they have seen the bits that are raised now: parked at a poll, or waiting
     * to enter a region; the owner; and those that nobody waits for.
     */
    public static List<Thread> standing() {
        List<Thread> threads = new ArrayList<>();
        Ownership.LATCH.shut();
        try {
            addThreads(PollGate.PARKED, threads);
            addThreads(EntryQueue.ENTERING, threads);
            for (int i = 0; i < Ownership.LET_GO.size(); i++) {
                threads.add(Ownership.LET_GO.get(i));
            }
            if (Ownership.owner != null) {
                threads.add(Ownership.owner);
            }
        } finally {
            Ownership.LATCH.open();
        }
        return threads;
    }

    /** Without those that are over and could not take themselves out. */
    private static void addThreads(WaitQueue queue, List<Thread> threads) {
        for (Wait wait = queue.first(); wait != null; wait = wait.behind) {
            if (!wait.ended) {
                threads.add(wait.thread());
            }
        }
    }

    /** Ends a request. The missing threads are let go on, and counted. */
    public static void gathered(Request request, List<Thread> missing) {
        Gathering.gathered(request, missing);
    }

    private static void leave(Hold hold) {
        if (hold != null) {
            hold.exit(1);
        }
    }

    /** Initializes what polls and entries need, so that nothing has to be loaded or linked at the end of a stack. */
    public static void warmUp() {
        StandstillLock lock = new StandstillLock("warm-up");
        StandstillHook hook = lock.hook(0, 0, false);
        // no code has polls for this lock: nobody is waited for, and nobody stops
        hook.mode(RegionHook.Mode.ENFORCE);
        leave(StandstillHook.enter(null, hook, lock));
        hook.mode(RegionHook.Mode.OBSERVE);
        leave(StandstillHook.enter(null, hook, lock));
        // a thread of Loom's has passed by all that: each class of this house once by itself
        Thread me = Thread.currentThread();
        new PollWait(lock, hook, me, 0, 0).isAtPoll();
        new GatherWait(lock, hook, me, 0).isAtPoll();
        PollGate.arrive(0);
        PollGate.isExempt(me);
        EntryQueue.ENTERING.isEmpty();
        ObservedStays.undoObserved(me);
        Gathering.request();
    }
}
