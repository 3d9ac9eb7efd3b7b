package dev.loom.bootstrap.hook;

import dev.loom.bootstrap.Faults;
import dev.loom.bootstrap.Hold;
import dev.loom.bootstrap.wait.SpinLatch;
import dev.loom.bootstrap.wait.Wait;
import dev.loom.bootstrap.wait.WaitListener;
import dev.loom.bootstrap.wait.WaitRegistry;
import java.lang.invoke.MethodHandle;
import java.util.List;
import jdk.internal.vm.annotation.DontInline;
import jdk.internal.vm.annotation.ReservedStackAccess;

/**
 * The hooks at the edges of one region, or at one event, wherever they are woven in; woven code names it by its {@link #id()}. There is one kind
 * for each kind of lock, which makes it. Thread-safe.
 *
 * <p>Each kind writes its entry out, from the look at the frame's hold and the gear to what a fault leads to, though it reads alike in all: a
 * shared one would be a call more on the fast path, and a frame more where the stack ends (see {@link dev.loom.bootstrap.Hooks}).
 */
public abstract class RegionHook implements WaitListener {

    /** What entries do. */
    public enum Mode {
        /** Keep others out. */
        ENFORCE,
        /** Keep no one out, count the overlaps. */
        OBSERVE,
        /** Nothing. */
        PASS
    }

    /** Gears: what an entry has to do, as one number to look at. */
    public static final int ENFORCE = 0;
    public static final int OBSERVE = 1;
    public static final int PASS = 2;

    public final int id;
    private final ConstraintLock lock;
    private final int side;
    private final boolean shared;

    public volatile int gear = PASS;
    /** Entries, where the owner of the lock counts them itself. */
    public long hits;
    /** Waits of which nobody knew, where the owner of the lock counts them itself: how many, together, the longest, ns. */
    private long brief;

    private long briefNanosTotal;
    private long briefNanosMax;

    private final UnprotectedHolds unprotected = new UnprotectedHolds(this);
    private volatile Mode mode = Mode.PASS;

    private final SpinLatch latch = new SpinLatch();
    // guarded by latch
    private long contended;
    private long waitNanosTotal;
    private long waitNanosMax;
    private long bypasses;
    private long overlaps;
    private HookCounts origin = HookCounts.ZERO;

    protected RegionHook(int id, ConstraintLock lock, int side, boolean shared) {
        this.id = id;
        this.lock = lock;
        this.side = side;
        this.shared = shared;
    }

    /** What a call site without a key, or without need of one, is linked to: (Hold)Hold; null if a key is needed. */
    protected abstract MethodHandle plainEntry();

    /** What is called with the value of a key. */
    protected KeyedEntry keyedEntry() {
        throw new IllegalArgumentException(lock.name().concat(": needs no key"));
    }

    /** What is called with the value of a count. */
    protected KeyedEntry countEntry() {
        throw new IllegalArgumentException(lock.name().concat(": no event"));
    }

    /** To be ready for entries that are only observed. */
    protected void prepareToObserve() {
        // nothing is needed
    }

    /** Hits that the hook counts in its own way. */
    protected long moreHits() {
        return 0;
    }

    /** Overlaps that the hook counts in its own way. */
    protected long moreOverlaps() {
        return 0;
    }

    /** Holds that are out besides those of its lock. */
    protected int moreTokensOut() {
        return 0;
    }

    /** Bounded waits that ran out. */
    protected long timeouts() {
        return 0;
    }

    /** Names it in woven code; never used twice in a JVM. */
    public int id() {
        return id;
    }

    /** The lock of its constraint. */
    public ConstraintLock lock() {
        return lock;
    }

    /** Whether it stands at an event of an order constraint. */
    public boolean isEvent() {
        return false;
    }

    /** Side of the constraint, or place of the event in its order, from 0. */
    public int side() {
        return side;
    }

    /** Whether threads of its side may be inside together. */
    public boolean shared() {
        return shared;
    }

    /** What entries do now. */
    public Mode mode() {
        return mode;
    }

    /**
     * Changes what entries do from now on. What is held stays held until its frame leaves. PASS lets the waits of this hook go
     * on without the lock.
     */
    public synchronized void mode(Mode newMode) {
        if (newMode == Mode.OBSERVE) {
            prepareToObserve();
        }
        mode = newMode;
        changeGear();
    }

    /** Recomputes the gear; wakes waits if nothing is enforced any more. */
    synchronized void changeGear() {
        if (HookTable.allPass()) {
            gear = PASS;
        } else {
            gear = switch (mode) {
                case ENFORCE -> ENFORCE;
                case OBSERVE -> OBSERVE;
                case PASS -> PASS;
            };
        }
        if (gear == PASS) {
            WaitRegistry.wake(this);
        }
    }

    @Override
    public final boolean passes() {
        return gear == PASS;
    }

    /**
     * Holds that are out, observed ones too, and entries that wait. A hold counts for the hook by which its thread came in first.
     * Once the mode is PASS it only falls, and 0 is final. Frees what dead threads have left behind.
     */
    public int tokensOut() {
        int dead = lock.freeDead();
        for (int i = 0; i < dead; i++) {
            Faults.note(Faults.Kind.LOST_EXIT, lock.name());
        }
        return lock.tokensOut(this) + moreTokensOut();
    }

    /** What stands in a frame of this thread that is inside the region without its lock. */
    public Hold unprotectedHold() {
        return unprotected.add();
    }

    /** Frames that are inside the region without its lock; forgets those that have left. */
    public List<UnprotectedHold> unprotected() {
        return unprotected.inside();
    }

    /** The numbers since the start or the last {@link #resetCounts}. */
    public HookCounts counts() {
        List<Wait> waits = WaitRegistry.of(this);
        long more = moreHits();
        latch.shut();
        try {
            return raw(waits, more).minus(origin);
        } finally {
            latch.open();
        }
    }

    /** Sets the numbers to 0. */
    public void resetCounts() {
        List<Wait> waits = WaitRegistry.of(this);
        long more = moreHits();
        latch.shut();
        try {
            waitNanosMax = 0;
            briefNanosMax = 0;
            origin = raw(waits, more);
        } finally {
            latch.open();
        }
    }

    /** Counts a wait that begins. */
    @Override
    @DontInline
    @ReservedStackAccess
    public void contends() {
        latch.shut();
        try {
            contended++;
        } finally {
            latch.open();
        }
    }

    /** Adds the time of a wait that ends. */
    @Override
    @DontInline
    @ReservedStackAccess
    public void waited(Wait wait, boolean bypassed) {
        latch.shut();
        try {
            wait.counted = true;
            add(System.nanoTime() - wait.since());
            if (bypassed) {
                bypasses++;
            }
        } finally {
            latch.open();
        }
    }

    /** Counts a wait of which nobody knew; for the owner of the lock, which keeps others from doing so at the same time. */
    public final void waitedBriefly(long nanos) {
        brief++;
        briefNanosTotal += nanos;
        if (nanos > briefNanosMax) {
            briefNanosMax = nanos;
        }
    }

    private void add(long nanos) {
        waitNanosTotal += nanos;
        if (nanos > waitNanosMax) {
            waitNanosMax = nanos;
        }
    }

    /** Counts threads that were not waited for. */
    @DontInline
    @ReservedStackAccess
    public void bypassed(int threads) {
        latch.shut();
        try {
            bypasses += threads;
        } finally {
            latch.open();
        }
    }

    /** Counts a thread that ran code which the region excludes. */
    @DontInline
    @ReservedStackAccess
    public void overlapped() {
        latch.shut();
        try {
            overlaps++;
        } finally {
            latch.open();
        }
    }

    /**
     * @param waits those of this hook that were seen before the latch was shut
     * @param more hits that were read before; with the latches of a lock, whose holders shut this one
     */
    private HookCounts raw(List<Wait> waits, long more) {
        long now = System.nanoTime();
        long waiting = 0;
        long longest = Math.max(waitNanosMax, briefNanosMax);
        for (Wait wait : waits) {
            if (wait.isContended() && !wait.counted) {
                long nanos = now - wait.since();
                waiting += nanos;
                longest = Math.max(longest, nanos);
            }
        }
        long allHits = hits + more;
        long allOverlaps = overlaps + moreOverlaps();
        return new HookCounts(allHits, contended + brief, waitNanosTotal + briefNanosTotal + waiting, longest, timeouts(), bypasses, allOverlaps);
    }
}
