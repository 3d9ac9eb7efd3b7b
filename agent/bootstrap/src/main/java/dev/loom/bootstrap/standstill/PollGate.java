package dev.loom.bootstrap.standstill;

import dev.loom.bootstrap.wait.LoomCode;
import dev.loom.bootstrap.wait.Wait;
import dev.loom.bootstrap.wait.WaitQueue;
import dev.loom.bootstrap.wait.WaitRegistry;
import dev.loom.bootstrap.wait.WaitTarget;
import java.util.List;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.TimeUnit;
import jdk.internal.vm.annotation.DontInline;
import jdk.internal.vm.annotation.ReservedStackAccess;

/** Where threads stand at polls until the owner has left, and which threads never do. Guarded by the latch of {@link Ownership}. */
public final class PollGate implements WaitTarget {

    /** Time after which a thread is let go on from a poll, ns. */
    static final long LONGEST_STAND = TimeUnit.SECONDS.toNanos(30);
    private static final WaitTarget GATE = new PollGate();
    static final WaitQueue PARKED = new WaitQueue();
    /** What a thread waits for as long as nobody has looked. */
    private static final StandstillLock NONE = new StandstillLock("none");
    /** The group of the JVM's own threads. Found once: a security manager guards the way to it. */
    private static final ThreadGroup ROOT = root();

    private PollGate() {}

    private static ThreadGroup root() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        while (group.getParent() != null) {
            group = group.getParent();
        }
        return group;
    }

    /** At a poll for which a bit is raised. */
    @DontInline
    public static void arrive(int bits) {
        Thread me = Thread.currentThread();
        if (Ownership.owner == me && ObservedStays.stays == null || LoomCode.isInside(me)) {
            return;
        }
        while (stand(bits, me)) {
            // another lock of the owner's may be in the way
        }
    }

    /** Stands as long as need be; returns whether to look again. */
    private static boolean stand(int bits, Thread me) {
        StandstillLock some = Ownership.held;
        PollWait wait = new PollWait(some == null ? NONE : some, some == null ? null : some.hook, me, System.nanoTime(), bits);
        boolean stands = false;
        try {
            // first of all: what is called below may load classes, which another agent's transformer sees, or be instrumented by one; what
            // that calls may have polls, and they pass in a thread that is in a hook
            stands = WaitRegistry.begin(wait) && standsFor(wait);
            if (stands && isExempt(me)) {
                stands = false;
                Ownership.passes(me);
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
    private static boolean standsFor(PollWait wait) {
        Ownership.LATCH.shut();
        try {
            for (ObservedStay stay = ObservedStays.stays; stay != null; stay = stay.next) {
                if ((stay.lock.bit & wait.bits) != 0) {
                    stay.meets(wait.thread());
                }
            }
            StandstillLock lock = Ownership.inTheWay(wait.bits, wait.thread());
            if (lock == null) {
                return false;
            }
            wait.isFor(lock, lock.hook);
            return true;
        } finally {
            Ownership.LATCH.open();
        }
    }

    /** Registers a thread that is about to park, if it still has to. */
    @DontInline
    @ReservedStackAccess
    private static boolean park(PollWait wait) {
        Ownership.LATCH.shut();
        try {
            if (Ownership.inTheWay(wait.bits, wait.thread()) == null) {
                return false;
            }
            wait.waitFor(GATE);
            PARKED.append(wait);
            return true;
        } finally {
            Ownership.LATCH.open();
        }
    }

    /**
     * Threads of the JVM, of JMX and of Loom, and those that run other threads. By what the thread is, not by what it runs: asked only
     * where it would have to stop.
     */
    static boolean isExempt(Thread me) {
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

    @Override
    @DontInline
    @ReservedStackAccess
    public boolean tryQueued(Wait some, boolean overdue) {
        PollWait wait = (PollWait) some;
        Ownership.LATCH.shut();
        try {
            if (Ownership.inTheWay(wait.bits, wait.thread()) != null) {
                if (System.nanoTime() - wait.since() < LONGEST_STAND) {
                    return false;
                }
                wait.outOfPatience = true;
                Ownership.letGo(wait.thread());
            }
            PARKED.remove(wait);
            return true;
        } finally {
            Ownership.LATCH.open();
        }
    }

    @Override
    @DontInline
    @ReservedStackAccess
    public void leave(Wait wait) {
        Ownership.LATCH.shut();
        try {
            if (wait.queued) {
                PARKED.remove(wait);
                if (wait.broken()) {
                    Ownership.letGo(wait.thread());
                }
            }
        } finally {
            Ownership.LATCH.open();
        }
    }

    @Override
    public void addBlockers(Wait wait, List<Thread> threads) {
        Thread thread = Ownership.owner;
        if (thread != null && thread != wait.thread()) {
            threads.add(thread);
        }
    }
}
