package dev.loom.bootstrap;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import jdk.internal.vm.annotation.DontInline;
import jdk.internal.vm.annotation.ReservedStackAccess;

/**
 * Unilateral exclusion, {@code r <> *}: while one thread is in {@code r}, no other runs code of the scope. There is one standstill in a
 * JVM: threads that want regions of several such constraints take turns, so that no two of them can wait for each other.
 *
 * <h2>Safety</h2>
 * Code of a scope has polls: at the entry of each method, behind each call, at handlers, behind each monitor, on backward jumps. A
 * thread that wants {@code r} raises the constraint's bit in {@link #raised} and waits; whoever comes to a poll of the scope parks
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
 * that has read the bit already, and not yet acted on it, is seen in this class and counts as running until it is registered. Waits
 * are registered and taken out under one latch, and only while the bit is raised: so a registered thread stays where it is until the
 * owner has left.
 *
 * <h2>Liveness</h2>
 * Waits park in slices ({@link Wait}), so a lost wake-up costs a slice. Three bounds keep the application from hanging: a thread that has
 * not come after {@link #GATHERING} is let go on, and the region begins without it; a thread that waits at a poll for
 * {@link #LONGEST_STAND} is let go on; and the deadlock guard sees who waits for the owner, and lets a thread go on that holds what
 * the owner waits for. Each is counted as a bypass of the region's hook. Who was let go on passes all polls until the owner has left.
 *
 * <p>Threads of the JVM, of JMX and of Loom never stop: they pass. Where all hooks of a constraint pass (removal, shutdown), nobody
 * stops for it any more, whoever is inside.
 *
 * <h2>Failure</h2>
 * A poll never throws anything of Loom's. Changes in several steps are made in methods with ReservedStackAccess, see {@link Hooks}. An exit
 * for which there was no stack left a note in its hold; whoever waits makes up for it at its next look.
 */
public final class Standstill {

    /** Time for the others to come to a poll; then the region begins without them, ns. */
    static final long GATHERING = TimeUnit.SECONDS.toNanos(3);
    /** Time after which a thread is let go on from a poll, ns. */
    static final long LONGEST_STAND = TimeUnit.SECONDS.toNanos(30);
    /** More time for the watcher to say that {@link #GATHERING} is over, before the thread at the entry does without it, ns. */
    private static final long GRACE = TimeUnit.SECONDS.toNanos(1);

    private static final Latch LATCH = new Latch();
    private static final Waited GATE = new Gate();
    private static final Waited ENTRY = new EntryQueue();
    private static final Waited OTHERS = new Others();
    private static final StandstillHold OPEN = new StandstillHold(new StandstillLock("open"));

    /** Bits of the constraints in whose regions a thread is, or is about to be. What polls look at. */
    static volatile int raised;
    /** The one thread that is, or is about to be, in such a region. */
    static volatile Thread owner;

    // guarded by LATCH

    /** The locks of the owner, the last one taken first. */
    private static StandstillLock held;

    private static final WaitQueue ENTERING = new WaitQueue();
    private static final WaitQueue PARKED = new WaitQueue();
    private static Thread[] letGo = new Thread[8];
    private static int letGoCount;
    /** Stays in regions that are only observed. */
    static ObservedStay stays;
    /** The owner's wait for the others; null if it does not wait. */
    private static Wait gathering;

    /** The group of the JVM's own threads. Found once: a security manager guards the way to it. */
    private static final ThreadGroup ROOT = root();

    /** Looks at threads; the agent's. */
    private static volatile Thread watcher;

    private Standstill() {}

    private static ThreadGroup root() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        while (group.getParent() != null) {
            group = group.getParent();
        }
        return group;
    }

    // ---- for the agent -----------------------------------------------------------------------------------------------------

    /**
     * What the watcher has to find out: whether the others have stopped.
     *
     * @param owner the thread that waits for that
     * @param bits the constraints
     * @param isOver whether the time for it is over
     * @param entry its wait
     */
    public record Request(Thread owner, int bits, boolean isOver, Wait entry) {}

    /** Names the thread to unpark when there is a {@link #request()}; null for none: then nobody is waited for. */
    public static void watchedBy(Thread thread) {
        watcher = thread;
        Waits.wake(null);
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
        LATCH.shut();
        try {
            Wait wait = gathering;
            if (wait == null || wait.gathered || wait.ended) {
                return null;
            }
            return new Request(owner, enforced(), System.nanoTime() - wait.since() > GATHERING, wait);
        } finally {
            LATCH.open();
        }
    }

    /**
     * The threads that surely run no code of the scope before they have seen the bits that are raised now: parked at a poll, or waiting
     * to enter a region; the owner; and those that nobody waits for.
     */
    public static List<Thread> standing() {
        List<Thread> threads = new ArrayList<>();
        LATCH.shut();
        try {
            addThreads(PARKED, threads);
            addThreads(ENTERING, threads);
            for (int i = 0; i < letGoCount; i++) {
                threads.add(letGo[i]);
            }
            if (owner != null) {
                threads.add(owner);
            }
        } finally {
            LATCH.open();
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
        Wait wait = request.entry();
        LATCH.shut();
        try {
            if (gathering != wait) {
                return;
            }
            for (Thread thread : missing) {
                letGo(thread);
            }
            wait.gathered = true;
        } finally {
            LATCH.open();
        }
        if (!missing.isEmpty()) {
            wait.hook().bypassed(missing.size());
        }
        LockSupport.unpark(wait.thread());
    }

    /** Initializes what polls and entries need, so that nothing has to be linked at the end of a stack. */
    static void warmUp() {
        StandstillLock lock = new StandstillLock("warm-up");
        RegionHook hook = new RegionHook(0, lock, 0, false);
        hook.mode(RegionHook.Mode.OBSERVE);
        Hooks.exit(Hooks.enterStandstill(null, hook, lock), 1);
        Hooks.poll(0);
        isExempt(Thread.currentThread());
    }

    // ---- polls -------------------------------------------------------------------------------------------------------------

    /** At a poll for which a bit is raised. */
    @DontInline
    static void arrive(int bits) {
        Thread me = Thread.currentThread();
        if (owner == me && stays == null || LoomCode.isInside(me)) {
            return;
        }
        while (stand(bits, me)) {
            // another lock of the owner's may be in the way
        }
    }

    /** Stands as long as need be; returns whether to look again. */
    private static boolean stand(int bits, Thread me) {
        StandstillLock some = held;
        Wait wait = new Wait(some == null ? OPEN.lock : some, some == null ? null : some.hook, me, System.nanoTime());
        wait.bits = bits;
        boolean stands = false;
        try {
            // first of all: what is called below may load classes, which another agent's transformer sees, or be instrumented by one; what
            // that calls may have polls, and they pass in a thread that is in a hook
            stands = Waits.begin(wait) && standsFor(wait);
            if (stands && isExempt(me)) {
                stands = false;
                passes(me);
            } else if (stands && park(wait)) {
                wait.await();
            }
        } finally {
            wait.ended = true;
            wait.conclude(false);
        }
        return stands;
    }

    /** Whether the thread has to stop here; names what it stops for. Observed regions take note of it. */
    @DontInline
    @ReservedStackAccess
    private static boolean standsFor(Wait wait) {
        LATCH.shut();
        try {
            for (ObservedStay stay = stays; stay != null; stay = stay.next) {
                if ((stay.lock.bit & wait.bits) != 0) {
                    stay.meets(wait.thread());
                }
            }
            StandstillLock lock = inTheWay(wait.bits, wait.thread());
            if (lock == null) {
                return false;
            }
            wait.isFor(lock, lock.hook);
            return true;
        } finally {
            LATCH.open();
        }
    }

    /** Registers a thread that is about to park, if it still has to. */
    @DontInline
    @ReservedStackAccess
    private static boolean park(Wait wait) {
        LATCH.shut();
        try {
            if (inTheWay(wait.bits, wait.thread()) == null) {
                return false;
            }
            wait.waitFor(GATE);
            PARKED.append(wait);
            return true;
        } finally {
            LATCH.open();
        }
    }

    @DontInline
    @ReservedStackAccess
    private static void passes(Thread me) {
        LATCH.shut();
        try {
            letGo(me);
        } finally {
            LATCH.open();
        }
    }

    /** The lock for which a thread has to stop at a poll; null for none. */
    private static StandstillLock inTheWay(int bits, Thread me) {
        makeUp();
        if (owner == null || owner == me) {
            return null;
        }
        StandstillLock found = null;
        for (StandstillLock lock = held; lock != null; lock = lock.below) {
            if ((lock.bit & bits) != 0 && !lock.hook.passes()) {
                found = lock;
            }
        }
        if (found != null) {
            for (int i = 0; i < letGoCount; i++) {
                if (letGo[i] == me) {
                    return null;
                }
            }
        }
        return found;
    }

    /** Until the owner leaves, the thread passes. */
    private static void letGo(Thread thread) {
        if (owner == null) {
            return;
        }
        if (letGoCount == letGo.length) {
            Thread[] longer = new Thread[letGoCount * 2];
            System.arraycopy(letGo, 0, longer, 0, letGoCount);
            letGo = longer;
        }
        letGo[letGoCount++] = thread;
    }

    /**
     * Threads of the JVM, of JMX and of Loom, and those that run other threads. By what the thread is, not by what it runs: asked only
     * where it would have to stop.
     */
    private static boolean isExempt(Thread me) {
        String type = me.getClass().getName();
        if (type.equals("jdk.internal.misc.InnocuousThread") || type.equals("jdk.internal.misc.CarrierThread")) {
            return true;
        }
        String name = me.getName();
        if (name.startsWith("JMX ")) {
            return true;
        }
        if (name.startsWith("RMI TCP Connection") && me.getClass().getClassLoader() == null) {
            for (StackTraceElement frame : me.getStackTrace()) {
                if (frame.getClassName().startsWith("javax.management.remote.rmi.")) {
                    return true;
                }
            }
            return false;
        }
        return me.getThreadGroup() == ROOT && !(me instanceof ForkJoinWorkerThread);
    }

    // ---- regions -----------------------------------------------------------------------------------------------------------

    /**
     * Enters the region of a constraint, and waits until the others have stopped.
     *
     * @return the hold; null if nothing was acquired, because the hook was turned off or the wait let go
     */
    static Hold enter(StandstillLock lock, RegionHook hook, Thread me) {
        if (!take(lock, hook, me) && !enterContended(lock, hook, me)) {
            return null;
        }
        if (lock.hold.depth == 1) {
            gather(lock, hook, me);
        }
        if (hook.passes()) {
            exit(lock, lock.hold.depth - 1);
            return null;
        }
        return lock.hold;
    }

    /** Takes the lock if nobody is in the way. */
    @DontInline
    @ReservedStackAccess
    private static boolean take(StandstillLock lock, RegionHook hook, Thread me) {
        LATCH.shut();
        try {
            makeUp();
            if (owner != me && (owner != null || !ENTERING.isEmpty())) {
                return false;
            }
            claim(lock, hook, me);
            return true;
        } finally {
            LATCH.open();
        }
    }

    /** Nothing in here can fail. */
    private static void claim(StandstillLock lock, RegionHook hook, Thread me) {
        owner = me;
        if (lock.hold.depth++ == 0) {
            lock.hook = hook;
            lock.below = held;
            held = lock;
            raised |= lock.bit;
        } else if (lock.hook.passes()) {
            // that by which the thread came in first belongs to a version that is gone
            lock.hook = hook;
        }
        hook.hits++;
    }

    private static boolean enterContended(StandstillLock lock, RegionHook hook, Thread me) {
        Wait wait = new Wait(lock, hook, me, System.nanoTime());
        try {
            if (Waits.begin(wait)) {
                wait.waitFor(ENTRY);
                enqueue(wait);
                wait.await();
            }
        } finally {
            wait.ended = true;
            // not what await says: at the end of the stack its answer may be lost
            wait.conclude(owner == me);
        }
        boolean mine = owner == me;
        if (!mine && wait.broken()) {
            // it holds what the owner needs: the poll behind the entry must not stop it again
            passes(me);
        }
        return mine;
    }

    @DontInline
    @ReservedStackAccess
    private static void enqueue(Wait wait) {
        LATCH.shut();
        try {
            ENTERING.append(wait);
        } finally {
            LATCH.open();
        }
    }

    private static void gather(StandstillLock lock, RegionHook hook, Thread me) {
        Thread looks = watcher;
        if (looks == null || lock.bit == 0) {
            return;
        }
        Wait wait = new Wait(lock, hook, me, System.nanoTime());
        try {
            if (Waits.begin(wait)) {
                wait.waitFor(OTHERS);
                gathering(wait);
                LockSupport.unpark(looks);
                wait.await();
            }
        } finally {
            wait.ended = true;
            wait.conclude(true);
            if (!wait.gathered && !hook.passes() && watcher != null) {
                hook.bypassed(1);
            }
        }
    }

    @DontInline
    @ReservedStackAccess
    private static void gathering(Wait wait) {
        LATCH.shut();
        try {
            gathering = wait;
        } finally {
            LATCH.open();
        }
    }

    /** Lowers the owner's levels of a lock; does nothing for another thread. */
    @DontInline
    @ReservedStackAccess
    static void exit(StandstillLock lock, int left) {
        boolean wakes = false;
        LATCH.shut();
        try {
            if (owner == Thread.currentThread()) {
                wakes = lower(lock, left);
            }
        } finally {
            LATCH.open();
        }
        if (wakes) {
            wake();
        }
    }

    /** Returns whether someone may go on now. */
    private static boolean lower(StandstillLock lock, int left) {
        StandstillHold hold = lock.hold;
        hold.changes++;
        hold.postponed = 0;
        if (lock.hold.depth == 0) {
            return false;
        }
        if (left > 0) {
            lock.hold.depth = Math.min(lock.hold.depth, left);
            return false;
        }
        lock.hold.depth = 0;
        StandstillLock above = null;
        for (StandstillLock other = held; other != lock; other = other.below) {
            above = other;
        }
        if (above == null) {
            held = lock.below;
        } else {
            above.below = lock.below;
        }
        lock.below = null;
        if (held == null) {
            owner = null;
            for (int i = 0; i < letGoCount; i++) {
                letGo[i] = null;
            }
            letGoCount = 0;
            gathering = null;
        }
        raise();
        return true;
    }

    private static int enforced() {
        int bits = 0;
        for (StandstillLock lock = held; lock != null; lock = lock.below) {
            bits |= lock.bit;
        }
        return bits;
    }

    private static void raise() {
        int bits = enforced();
        for (ObservedStay stay = stays; stay != null; stay = stay.next) {
            bits |= stay.lock.bit;
        }
        raised = bits;
    }

    /** Has those that stand look whether they may go on. Should it fail, they look by themselves at the end of their slice. */
    private static void wake() {
        Thread[] threads = waiting();
        for (Thread thread : threads) {
            LockSupport.unpark(thread);
        }
    }

    private static Thread[] waiting() {
        LATCH.shut();
        try {
            int count = 0;
            for (Wait wait = PARKED.first(); wait != null; wait = wait.behind) {
                count++;
            }
            Wait first = ENTERING.first();
            Thread[] threads = new Thread[first == null ? count : count + 1];
            int at = 0;
            if (first != null) {
                threads[at++] = first.thread();
            }
            for (Wait wait = PARKED.first(); wait != null; wait = wait.behind) {
                threads[at++] = wait.thread();
            }
            return threads;
        } finally {
            LATCH.open();
        }
    }

    /** Makes up for exits for which there was no stack, and for those of an owner for whom nobody stops any more. */
    private static void makeUp() {
        boolean counts = false;
        for (StandstillLock lock = held; lock != null; lock = lock.below) {
            counts |= !lock.hook.passes();
        }
        while (held != null && !counts) {
            lower(held, 0);
        }
        StandstillLock lock = held;
        while (lock != null) {
            StandstillLock next = lock.below;
            if (lock.hold.postponed != 0) {
                lower(lock, lock.hold.postponed - 1);
            }
            lock = next;
        }
        for (ObservedStay stay = stays; stay != null; stay = stay.next) {
            if (stay.postponed != 0) {
                lower(stay, stay.postponed - 1);
            }
        }
    }

    static int freeDead() {
        LATCH.shut();
        try {
            for (ObservedStay stay = stays; stay != null; stay = stay.next) {
                if (!stay.thread.isAlive()) {
                    unlink(stay);
                    raise();
                }
            }
            makeUp();
            if (owner == null || owner.isAlive()) {
                return 0;
            }
            while (held != null) {
                lower(held, 0);
            }
        } finally {
            LATCH.open();
        }
        wake();
        return 1;
    }

    static boolean freeLost(StandstillLock lock, Thread thread) {
        LATCH.shut();
        try {
            if (owner != thread || lock.hold.depth == 0) {
                return false;
            }
            lower(lock, 0);
        } finally {
            LATCH.open();
        }
        wake();
        return true;
    }

    static int tokensOut(StandstillLock lock, RegionHook hook) {
        LATCH.shut();
        try {
            int count = ENTERING.countOf(hook) + (lock.hold.depth > 0 && lock.hook == hook ? 1 : 0);
            for (ObservedStay stay = stays; stay != null; stay = stay.next) {
                count += stay.hook() == hook ? 1 : 0;
            }
            return count;
        } finally {
            LATCH.open();
        }
    }

    // ---- observed regions --------------------------------------------------------------------------------------------------

    /** Enters a region that is only observed. */
    @DontInline
    @ReservedStackAccess
    static ObservedStay observe(StandstillLock lock, RegionHook hook, Thread me) {
        // before anything changes
        ObservedStay fresh = new ObservedStay(hook, lock, me);
        LATCH.shut();
        try {
            makeUp();
            hook.hits++;
            ObservedStay stay = stays;
            while (stay != null && !(stay.thread == me && stay.lock == lock)) {
                stay = stay.next;
            }
            if (stay == null) {
                stay = fresh;
                stay.next = stays;
                stays = stay;
            }
            stay.depth++;
            stay.fresh = true;
            raised |= lock.bit;
            return stay;
        } finally {
            LATCH.open();
        }
    }

    @DontInline
    @ReservedStackAccess
    static void leave(ObservedStay stay, int left) {
        LATCH.shut();
        try {
            if (stay.thread == Thread.currentThread() && stay.depth > 0) {
                lower(stay, left);
            }
        } finally {
            LATCH.open();
        }
    }

    /** Gives a level back that the thread acquired in a hook that then failed. */
    @DontInline
    @ReservedStackAccess
    static void undoObserved(Thread me) {
        LATCH.shut();
        try {
            for (ObservedStay stay = stays; stay != null; stay = stay.next) {
                if (stay.thread == me && stay.fresh) {
                    lower(stay, stay.depth - 1);
                }
            }
        } finally {
            LATCH.open();
        }
    }

    private static void lower(ObservedStay stay, int left) {
        stay.changes++;
        stay.postponed = 0;
        stay.fresh = false;
        stay.depth = Math.max(0, Math.min(stay.depth, left));
        if (stay.depth == 0) {
            unlink(stay);
            raise();
        }
    }

    private static void unlink(ObservedStay gone) {
        ObservedStay before = null;
        for (ObservedStay stay = stays; stay != null; stay = stay.next) {
            if (stay == gone) {
                if (before == null) {
                    stays = stay.next;
                } else {
                    before.next = stay.next;
                }
                return;
            }
            before = stay;
        }
    }

    // ---- what waits wait for -----------------------------------------------------------------------------------------------

    /** A thread at a poll waits until the owner has left. */
    private static final class Gate implements Waited {

        @Override
        @DontInline
        @ReservedStackAccess
        public Hold tryQueued(Wait wait, boolean overdue) {
            LATCH.shut();
            try {
                if (inTheWay(wait.bits, wait.thread()) != null) {
                    if (System.nanoTime() - wait.since() < LONGEST_STAND) {
                        return null;
                    }
                    wait.outOfPatience = true;
                    letGo(wait.thread());
                }
                PARKED.remove(wait);
                return OPEN;
            } finally {
                LATCH.open();
            }
        }

        @Override
        @DontInline
        @ReservedStackAccess
        public void leave(Wait wait) {
            LATCH.shut();
            try {
                if (wait.queued) {
                    PARKED.remove(wait);
                    if (wait.broken()) {
                        letGo(wait.thread());
                    }
                }
            } finally {
                LATCH.open();
            }
        }

        @Override
        public void addBlockers(Wait wait, List<Thread> threads) {
            Thread thread = owner;
            if (thread != null && thread != wait.thread()) {
                threads.add(thread);
            }
        }
    }

    /** A thread at an entry waits for its turn. */
    private static final class EntryQueue implements Waited {

        @Override
        @DontInline
        @ReservedStackAccess
        public Hold tryQueued(Wait wait, boolean overdue) {
            LATCH.shut();
            try {
                makeUp();
                if (owner != null || ENTERING.first() != wait && !overdue) {
                    return null;
                }
                StandstillLock lock = (StandstillLock) wait.lock();
                ENTERING.remove(wait);
                claim(lock, wait.hook(), wait.thread());
                return lock.hold;
            } finally {
                LATCH.open();
            }
        }

        @Override
        @DontInline
        @ReservedStackAccess
        public void leave(Wait wait) {
            LATCH.shut();
            try {
                ENTERING.remove(wait);
            } finally {
                LATCH.open();
            }
            wake();
        }

        @Override
        public void addBlockers(Wait wait, List<Thread> threads) {
            LATCH.shut();
            try {
                if (owner != null && owner != wait.thread()) {
                    threads.add(owner);
                } else if (wait.queued) {
                    for (Wait other = wait.ahead; other != null; other = other.ahead) {
                        if (!other.ended) {
                            threads.add(other.thread());
                        }
                    }
                }
            } finally {
                LATCH.open();
            }
        }
    }

    /** The owner waits until the others have stopped; it knows its own bound, should nobody tell it. */
    private static final class Others implements Waited {

        @Override
        public Hold tryQueued(Wait wait, boolean overdue) {
            boolean done = wait.gathered || watcher == null || System.nanoTime() - wait.since() > GATHERING + GRACE;
            return done ? OPEN : null;
        }

        @Override
        public void leave(Wait wait) {}

        @Override
        public void addBlockers(Wait wait, List<Thread> threads) {}
    }
}
