package dev.loom.bootstrap.order;

import dev.loom.bootstrap.hook.RegionHook;
import dev.loom.bootstrap.wait.Wait;
import dev.loom.bootstrap.wait.WaitQueue;
import dev.loom.bootstrap.wait.WaitTarget;
import java.util.List;
import jdk.internal.vm.annotation.DontInline;
import jdk.internal.vm.annotation.ReservedStackAccess;

/**
 * One {@code >} for one key: events of the right side wait here for those of the left.
 *
 * <h2>Safety</h2>
 * All fields but {@code open} and the note are guarded by the latch of the key. In the latch reading {@code open} goes up once and
 * stays; who reads it so passes without another look. In the reading {@code each}, {@code completed} counts what is left to be used up.
 *
 * <h2>Liveness</h2>
 * A completion wakes the first that waits; each that goes on wakes the next, as long as there is something for it. A waiter looks
 * again by itself after each slice (see {@link Wait}), so a wake-up that was lost costs a slice. The wait is bounded: when its time is
 * up, the latch opens for good ({@link #giveUp}). Whoever is to complete the event is not known, so the deadlock guard is told of no
 * blockers: it takes such a wait for one that ends by itself, and that is what it does.
 *
 * <h2>Failure</h2>
 * A completion for which there was no stack is noted in {@link #postponed}, and counted by who looks next.
 */
public final class OrderEdge implements WaitTarget {

    /** Answers of {@link #pass} and its like. */
    static final int PASSED = 0;

    static final int CLOSED = 1;
    /** The key has been forgotten meanwhile: look for it again. */
    public static final int FORGOTTEN = 2;

    final OrderKey key;
    /** Number of the event that completes it. */
    final int event;

    public volatile boolean open;
    /** Completions that could not be counted for want of stack; a note. */
    public int postponed;

    public long completed;
    private long needed;
    private final WaitQueue queue = new WaitQueue();
    /** When an event that was only observed first came too early, ns; if one did. */
    private long unmetSince;

    private boolean unmet;
    private volatile EventHold token;

    OrderEdge(OrderKey key, int event, long needed) {
        this.key = key;
        this.event = event;
        this.needed = needed;
    }

    /** What a frame keeps that is at the event. */
    EventHold token(RegionHook hook) {
        EventHold known = token;
        if (known == null || known.hook() != hook) {
            known = new EventHold(hook, this, key.lock.needed(event));
            token = known;
        }
        return known;
    }

    /** Goes on if what comes before has been completed and nobody is ahead. */
    @DontInline
    @ReservedStackAccess
    int pass() {
        key.latch.shut();
        try {
            return tryPass();
        } finally {
            key.latch.open();
        }
    }

    /** The same; or else queues the wait. */
    @DontInline
    @ReservedStackAccess
    int enqueue(Wait wait) {
        key.latch.shut();
        try {
            int answer = tryPass();
            if (answer == CLOSED) {
                queue.append(wait);
            }
            return answer;
        } finally {
            key.latch.open();
        }
    }

    private int tryPass() {
        if (key.forgotten) {
            return FORGOTTEN;
        }
        if (!isSatisfied() || key.lock.each && !queue.isEmpty()) {
            return CLOSED;
        }
        use();
        return PASSED;
    }

    private boolean isSatisfied() {
        collect();
        return open || needed >= 0 && completed >= needed;
    }

    private void collect() {
        if (postponed != 0) {
            completed += postponed;
            postponed = 0;
        }
    }

    private void use() {
        if (key.lock.each) {
            completed -= needed;
        } else {
            open = true;
        }
    }

    /**
     * Counts what comes too early, and synchronizes nothing. What would have waited for longer than the bound opens the latch here too:
     * it waits for what has happened before anybody looked.
     */
    @DontInline
    @ReservedStackAccess
    int observe(EventStatistics counts) {
        key.latch.shut();
        try {
            if (key.forgotten) {
                return FORGOTTEN;
            }
            if (isSatisfied()) {
                use();
                return PASSED;
            }
            long now = System.nanoTime();
            if (!unmet) {
                unmet = true;
                unmetSince = now;
            } else if (now - unmetSince > key.lock.within) {
                unmet = false;
                counts.timedOut();
                if (key.lock.each) {
                    completed = 0;
                } else {
                    open = true;
                }
                return PASSED;
            }
            counts.violated();
            if (key.lock.each) {
                // it has run ahead of its completions: those are not for the next
                completed -= Math.max(needed, 1);
            }
            return PASSED;
        } finally {
            key.latch.open();
        }
    }

    /**
     * Counts one completion.
     *
     * @param count how many the next event waits for, or {@link OrderState#UNREAD}
     */
    @DontInline
    @ReservedStackAccess
    public int complete(long count) {
        Wait next = null;
        key.latch.shut();
        try {
            if (key.forgotten) {
                return FORGOTTEN;
            }
            collect();
            completed++;
            if (count >= 0) {
                needed = count;
                if (!key.lock.each && completed >= count) {
                    open = true;
                }
            }
            if (completed >= 0) {
                unmet = false;
            }
            next = signalFirst();
        } finally {
            key.latch.open();
        }
        Wait.wake(next);
        return PASSED;
    }

    /** Counts a completion for the key as it is now, if it was forgotten meanwhile. */
    public void completeAgain(long count) {
        key.lock.completeAgain(this, count);
    }

    /** A wait has lasted as long as it may: from now on nobody waits any more for this key, unless each has to. */
    @DontInline
    @ReservedStackAccess
    void giveUp() {
        if (key.lock.each) {
            return;
        }
        Wait next;
        key.latch.shut();
        try {
            open = true;
            next = signalFirst();
        } finally {
            key.latch.open();
        }
        Wait.wake(next);
    }

    @Override
    @DontInline
    @ReservedStackAccess
    public boolean tryQueued(Wait wait, boolean overdue) {
        Wait next = null;
        key.latch.shut();
        try {
            wait.signalled = false;
            boolean isNext = !key.lock.each || queue.first() == wait || overdue;
            if (!key.forgotten) {
                if (!isNext || !isSatisfied()) {
                    return false;
                }
                use();
            }
            queue.remove(wait);
            next = signalFirst();
        } finally {
            key.latch.open();
        }
        Wait.wake(next);
        return true;
    }

    @Override
    @DontInline
    @ReservedStackAccess
    public void leave(Wait wait) {
        Wait next = null;
        key.latch.shut();
        try {
            if (wait.queued) {
                queue.remove(wait);
                next = signalFirst();
            }
        } finally {
            key.latch.open();
        }
        Wait.wake(next);
    }

    @Override
    public void addBlockers(Wait wait, List<Thread> threads) {
        // whoever comes to the event may be the one: nobody knows who that will be
    }

    private Wait signalFirst() {
        Wait first = queue.firstToWake();
        if (first == null || !key.forgotten && !isSatisfied()) {
            return null;
        }
        first.signalled = true;
        return first;
    }

    /** Whether nobody waits. For the holder of the latch, as the next. */
    boolean isIdle() {
        return queue.isEmpty();
    }

    void restart() {
        open = false;
        postponed = 0;
        completed = 0;
        needed = key.lock.needed(event);
        unmet = false;
    }
}
