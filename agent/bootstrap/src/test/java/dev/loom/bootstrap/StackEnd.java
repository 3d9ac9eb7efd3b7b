package dev.loom.bootstrap;

import dev.loom.bootstrap.hook.ConstraintLock;
import dev.loom.bootstrap.hook.RegionHook;
import dev.loom.bootstrap.standstill.Standstill;
import dev.loom.bootstrap.wait.Interleavings;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs regions at every remaining stack depth and says whether anything was left behind. To be run with the main classes on the
 * boot class path: only there does the JVM honour ReservedStackAccess. Arguments: sweeps, and whether another thread keeps the lock
 * busy.
 */
class StackEnd {

    /** Depths tried on either side of the end of the stack. */
    private static final int MARGIN = 120;

    private static final int EXTRA = 10;
    static final String OUTSIDE = "outside";
    static final String LEAVING = "leaving";

    /** The bit of polls. */
    private static final int BIT = 4;

    private final ConstraintLock lock;
    private final RegionHook hook;
    /** Whether the sweeper polls, while the other thread is in the region and out of it. */
    private final boolean polls;
    final MethodHandle site;
    final Object key;
    long attempts;
    private long thrownByEnter;
    private long thrownByExit;
    long completed;
    long passed;
    private long postponed;
    private long lostInCall;
    long lost;
    private long sink;
    /** Where the sweeper is: an exit that throws leaves it there. */
    String at = OUTSIDE;

    private StackEnd(ConstraintLock lock, boolean shared) {
        this(lock, HookRegistry.create(lock, 0, shared, RegionHook.Mode.ENFORCE));
    }

    StackEnd(ConstraintLock lock, RegionHook hook) {
        this(lock, hook, false);
    }

    private StackEnd(ConstraintLock lock, RegionHook hook, boolean polls) {
        this.lock = lock;
        this.hook = hook;
        this.polls = polls;
        this.key = lock.keyed() ? "key" : null;
        MethodType type = MethodType.methodType(Hold.class, Hold.class, Object.class);
        site = Hooks.enter(MethodHandles.lookup(), "enter", type, hook.id(), lock.keyed() ? "arg" : "").getTarget();
    }

    public static void main(String[] args) throws Exception {
        if (Hooks.class.getClassLoader() != null) {
            throw new IllegalStateException("put the main classes on the boot class path");
        }
        HookRegistry.all();
        if (Faults.total() != 0) {
            throw new IllegalStateException("what hooks need was not initialized: " + Faults.recent());
        }
        int sweeps = Integer.parseInt(args[0]);
        boolean busy = Boolean.parseBoolean(args[1]);
        lookAtAllWaits();
        boolean failed = run("exclusive", new StackEnd(ConstraintLocks.of("c", false, false), false), sweeps, busy)
                | run("shared", new StackEnd(ConstraintLocks.of("c", false, true, false), true), sweeps, busy)
                | run("keyed", new StackEnd(ConstraintLocks.of("c", true, false), false), sweeps, busy)
                | run("event", new EventAtStackEnd(false), sweeps, false)
                | run("keyed event", new EventAtStackEnd(true), sweeps, false)
                | alone("alone", RegionHook.Mode.ENFORCE, false, sweeps, busy)
                | alone("observed", RegionHook.Mode.OBSERVE, false, sweeps, busy)
                | alone("polls", RegionHook.Mode.ENFORCE, true, sweeps, busy)
                | alone("polls for one that is observed", RegionHook.Mode.OBSERVE, true, sweeps, busy);
        System.out.println(failed ? "LEFT BEHIND" : "CLEAN");
        System.exit(failed ? 1 : 0);
    }

    /** All waits and overlaps are looked at, and not some a second: the stack may end on that, too. */
    private static void lookAtAllWaits() {
        Thread looker = new Thread(() -> {
            while (true) {
                Interleavings.take(Integer.MAX_VALUE);
                LockSupport.parkNanos(100_000);
            }
        });
        looker.setDaemon(true);
        looker.start();
    }

    /** A region that stops all others, with somebody who says that they have stopped. */
    private static boolean alone(String kind, RegionHook.Mode mode, boolean polls, int sweeps, boolean busy) throws Exception {
        ConstraintLock lock = ConstraintLocks.unilateral("c");
        Standstill.bit(lock, BIT);
        Thread watcher = new Thread(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                Standstill.Request request = Standstill.request();
                if (request != null) {
                    Standstill.gathered(request, List.of());
                }
                LockSupport.parkNanos(100_000);
            }
        });
        watcher.setDaemon(true);
        watcher.start();
        Standstill.watchedBy(watcher);
        StackEnd test = new StackEnd(lock, HookRegistry.create(lock, 0, false, mode), polls);
        // of a region that is observed nobody tells whose tokens are out
        boolean failed = run(kind, test, sweeps, polls || busy && mode == RegionHook.Mode.ENFORCE);
        Standstill.watchedBy(null);
        watcher.interrupt();
        watcher.join();
        if (test.hook.tokensOut() != 0 || !Standstill.standing().isEmpty()) {
            System.out.printf("%s: %d tokens out, standing %s%n", kind, test.hook.tokensOut(), Standstill.standing());
            return true;
        }
        return failed;
    }

    private static boolean run(String kind, StackEnd test, int sweeps, boolean busy) throws Exception {
        Thread other = new Thread(() -> {
            while (!Thread.interrupted()) {
                try {
                    test.region();
                } catch (Throwable t) {
                    t.printStackTrace();
                }
            }
        });
        other.setDaemon(true);
        if (busy) {
            other.start();
        }
        Thread thread = new Thread(null, () -> test.sweep(sweeps), "sweeper", 256 * 1024);
        thread.start();
        thread.join();
        other.interrupt();
        other.join();
        System.out.printf("%s: %d attempts, completed %d, of these without the lock %d, error out of enter %d, out of exit %d, postponed %d, lost in the call %d, lost %d,"
                        + " stack faults %d, holders left %s%n", kind, test.attempts, test.completed, test.passed,
                test.thrownByEnter, test.thrownByExit, test.postponed, test.lostInCall, test.lost, Faults.count(Faults.Kind.STACK), test.lock.holders());
        return test.lost > 0 || !test.lock.holders().isEmpty();
    }

    private void sweep(int sweeps) {
        for (int sweep = 0; sweep < sweeps; sweep++) {
            int end = deepest();
            for (int depth = Math.max(1, end - MARGIN); depth < end + EXTRA; depth++) {
                try {
                    down(depth, sweep & 3);
                } catch (Throwable t) {
                    if (!(t instanceof StackOverflowError)) {
                        t.printStackTrace();
                        lost++;
                        return;
                    }
                }
                attempts++;
                look("depth " + depth + " of " + end + ", sweep " + sweep);
            }
        }
    }

    /** Whether the last attempt left something behind. */
    void look(String where) {
        boolean threw = at.equals(LEAVING);
        if (threw) {
            thrownByExit++;
            at = OUTSIDE;
        }
        if (isInside()) {
            // exits that were postponed: whoever needs the lock next makes up for them, as this does
            postponed += lock.freeDead();
        }
        if (isInside()) {
            if (threw) {
                // the call of the exit itself failed: nothing that is called can help; the guard finds such holds
                lostInCall++;
            } else {
                lost++;
            }
            System.out.println("lost at " + where + ", threw " + threw);
            releaseAll();
        }
    }

    private boolean isInside() {
        return hook.mode() == RegionHook.Mode.OBSERVE && !hook.isEvent()
                ? !polls && hook.tokensOut() != 0
                : lock.holders().contains(Thread.currentThread());
    }

    private void releaseAll() {
        try {
            Hooks.exit((Hold) site.invokeExact((Hold) null, key), 1);
        } catch (Throwable t) {
            throw new IllegalStateException(t);
        }
    }

    private int deepest() {
        int low = 1;
        int high = 1;
        while (reaches(high)) {
            low = high;
            high *= 2;
        }
        while (high - low > 1) {
            int middle = (low + high) / 2;
            if (reaches(middle)) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private boolean reaches(int depth) {
        try {
            down(depth, -1);
            return true;
        } catch (StackOverflowError e) {
            return false;
        } catch (Throwable t) {
            throw new IllegalStateException(t);
        }
    }

    /** Frames of different sizes at the end, so that the rest of the stack takes all sizes. */
    private void down(int depth, int shift) throws Throwable {
        if (depth > 0) {
            down(depth - 1, shift);
        } else if (shift < 0) {
            sink++;
        } else if (shift == 1) {
            wide1(1);
        } else if (shift == 2) {
            wide2(1, 2, 3, 4);
        } else if (shift == 3) {
            wide2(1, 2, 3, 4);
            wide1(1);
        } else {
            region();
        }
        sink++;
    }

    private void wide1(long a) throws Throwable {
        long b = a + sink;
        region();
        sink += b;
    }

    private void wide2(long a, long b, long c, long d) throws Throwable {
        long e = a + sink;
        long f = b + e;
        wide1(f);
        sink += a + b + c + d + e + f;
    }

    Hold enter() throws Throwable {
        try {
            return (Hold) site.invokeExact((Hold) null, key);
        } catch (StackOverflowError e) {
            thrownByEnter++;
            throw e;
        }
    }

    void region() throws Throwable {
        if (polls && Thread.currentThread().getName().equals("sweeper")) {
            Hooks.poll(BIT);
            completed++;
            return;
        }
        Hold hold = enter();
        int depth = 0;
        try {
            depth = Hooks.depth(hold);
            sink += depth;
            nested(3);
        } catch (Throwable t) {
            at = LEAVING;
            Hooks.exit(hold, depth);
            at = OUTSIDE;
            throw t;
        }
        at = LEAVING;
        Hooks.exit(hold, depth);
        at = OUTSIDE;
        completed++;
        if (hold == null) {
            passed++;
        }
    }

    /** Regions inside the region; whose exits may be lost. */
    private void nested(int levels) throws Throwable {
        Hold hold = (Hold) site.invokeExact((Hold) null, key);
        int depth = 0;
        try {
            depth = Hooks.depth(hold);
            if (levels > 0) {
                nested(levels - 1);
            }
        } catch (Throwable t) {
            Hooks.exit(hold, depth);
            throw t;
        }
        Hooks.exit(hold, depth);
    }
}
