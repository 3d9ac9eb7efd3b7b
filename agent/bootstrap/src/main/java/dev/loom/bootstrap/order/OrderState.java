package dev.loom.bootstrap.order;

import dev.loom.bootstrap.hook.ConstraintLock;
import dev.loom.bootstrap.hook.KeyKind;
import dev.loom.bootstrap.hook.RegionHook;
import dev.loom.bootstrap.wait.SpinLatch;
import dev.loom.bootstrap.wait.Wait;
import dev.loom.bootstrap.wait.WaitRegistry;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import jdk.internal.vm.annotation.DontInline;
import jdk.internal.vm.annotation.ReservedStackAccess;

/**
 * The state of one order constraint {@code e1 > e2 > …}: for each key what has been completed since the filter was enabled.
 * Nobody ever holds it.
 *
 * <h2>Safety</h2>
 * Keys are looked up without a lock; a key that is not found, or was forgotten between the look and its use, is looked up again, and
 * put in, under the latch. So at any time there is one {@link OrderKey} for a key, and who waits and who completes meet there.
 *
 * <h2>Memory</h2>
 * No key object is kept alive. At most {@link #MAX_KEYS} keys are remembered, but for those that are waited for: then an older
 * one is forgotten, and counted. Its events start anew, which costs the next one of it no more than the bound of a wait.
 */
public final class OrderState extends ConstraintLock {

    /** Keys that are remembered. */
    static final int MAX_KEYS = 16_384;
    /** Stands for a count that is read when the event happens. */
    public static final long UNREAD = -1;

    /** A power of two. */
    private static final int BUCKETS = 4_096;
    /** Old keys that are looked at for each new one, whether they are of any use still. */
    private static final int LOOKS = 4;

    /** Whether each event of the right side uses up its completions. */
    final boolean each;
    /** Bound of a wait, ns. */
    final long within;
    /** One fewer than there are events. */
    final int edges;

    /** Of a constraint without keys; null if it has keys. */
    private final OrderKey single;
    private final AtomicReferenceArray<OrderKey> buckets;
    private final AtomicLongArray needed;

    private final SpinLatch latch = new SpinLatch();
    // guarded by latch
    private OrderKey oldest;
    private OrderKey newest;
    private int size;
    private volatile long evictions;

    public OrderState(String name, boolean keyed, int events, boolean each, long within) {
        super(name);
        this.each = each;
        this.within = within;
        this.edges = events - 1;
        this.needed = new AtomicLongArray(events);
        for (int i = 0; i < events; i++) {
            needed.set(i, UNREAD);
        }
        this.single = keyed ? null : new OrderKey(this, KeyKind.NONE, 0, 0, null);
        this.buckets = keyed ? new AtomicReferenceArray<>(BUCKETS) : null;
    }

    /** Initializes what hooks at events need, so that nothing has to be loaded or linked at the end of a stack. */
    public static void warmUp() {
        OrderState order = new OrderState("warm-up", true, 2, false, 1);
        EventHook event = order.hook(0, 0, false);
        event.mode(RegionHook.Mode.ENFORCE);
        EventHold hold = (EventHold) event.enter(null, KeyKind.INTEGRAL, 1, null);
        hold.edge.complete(hold.count);
        EventHook late = order.hook(0, 1, false);
        late.mode(RegionHook.Mode.ENFORCE);
        late.enter(null, KeyKind.STRING, 0, "");
        late.counts();
        order.tokensOut(late);
    }

    /** Says how many completions of an event the next one waits for; {@link #UNREAD} if that is read when it happens. */
    public void needs(int event, long count) {
        if (needed.get(event) != count) {
            needed.set(event, count);
            if (single != null) {
                single.restart();
            }
        }
    }

    long needed(int event) {
        return needed.get(event);
    }

    @Override
    public EventHook hook(int id, int event, boolean shared) {
        if (shared) {
            throw noSharedSide(event);
        }
        if (event < 0 || event > edges) {
            throw new IllegalArgumentException(name().concat(": no event ").concat(Integer.toString(event)));
        }
        return new EventHook(id, this, event);
    }

    @Override
    public boolean keyed() {
        return single == null;
    }

    /** The state of a key. */
    OrderKey key(int kind, long bits, Object reference) {
        if (single != null) {
            return single;
        }
        int hash = KeyKind.hash(kind, bits, reference);
        OrderKey known = find(kind, bits, hash, reference);
        return known != null ? known : findOrAdd(kind, bits, hash, reference);
    }

    private OrderKey find(int kind, long bits, int hash, Object reference) {
        for (OrderKey key = buckets.get(hash & BUCKETS - 1); key != null; key = key.next) {
            if (key.is(kind, bits, hash, reference)) {
                return key.forgotten ? null : key;
            }
        }
        return null;
    }

    @DontInline
    @ReservedStackAccess
    private OrderKey findOrAdd(int kind, long bits, int hash, Object reference) {
        // before anything changes
        OrderKey fresh = new OrderKey(this, kind, bits, hash, reference);
        latch.shut();
        try {
            OrderKey known = find(kind, bits, hash, reference);
            if (known != null) {
                return known;
            }
            tidy();
            int bucket = hash & BUCKETS - 1;
            fresh.next = buckets.get(bucket);
            append(fresh);
            size++;
            buckets.set(bucket, fresh);
            return fresh;
        } finally {
            latch.open();
        }
    }

    /** Makes room: takes out keys that have died, and the oldest where there are too many. */
    private void tidy() {
        for (int i = 0; i < LOOKS && oldest != null; i++) {
            OrderKey key = oldest;
            boolean isDead = key.isDead();
            boolean isOneTooMany = size >= MAX_KEYS;
            unlink(key);
            if ((isDead || isOneTooMany) && key.forget(false)) {
                takeOut(key);
                size--;
                if (!isDead) {
                    evictions++;
                }
            } else {
                append(key);
            }
        }
    }

    private void takeOut(OrderKey key) {
        int bucket = key.hash & BUCKETS - 1;
        OrderKey before = null;
        for (OrderKey other = buckets.get(bucket); other != key; other = other.next) {
            before = other;
        }
        if (before == null) {
            buckets.set(bucket, key.next);
        } else {
            before.next = key.next;
        }
    }

    private void append(OrderKey key) {
        key.older = newest;
        key.newer = null;
        if (newest == null) {
            oldest = key;
        } else {
            newest.newer = key;
        }
        newest = key;
    }

    private void unlink(OrderKey key) {
        if (key.older == null) {
            oldest = key.newer;
        } else {
            key.older.newer = key.newer;
        }
        if (key.newer == null) {
            newest = key.older;
        } else {
            key.newer.older = key.older;
        }
    }

    /** Counts a completion for a key that was forgotten while a thread was at the event. */
    void completeAgain(OrderEdge lost, long count) {
        OrderKey key = lost.key;
        Object reference = key.reference();
        while (reference != null || key.kind != KeyKind.REFERENCE || !key.isDead()) {
            OrderKey now = key(key.kind, key.bits, reference);
            if (now.edges[lost.event].complete(count) == OrderEdge.PASSED) {
                return;
            }
        }
    }

    @Override
    public void restart() {
        if (single != null) {
            single.restart();
            return;
        }
        latch.shut();
        try {
            while (oldest != null) {
                OrderKey key = oldest;
                unlink(key);
                key.forget(true);
                takeOut(key);
            }
            size = 0;
            evictions = 0;
        } finally {
            latch.open();
        }
    }

    @Override
    public long evictions() {
        return evictions;
    }

    /** Keys that are remembered now. */
    int size() {
        latch.shut();
        try {
            return size;
        } finally {
            latch.open();
        }
    }

    @Override
    public List<Thread> holders() {
        return List.of();
    }

    @Override
    public int freeDead() {
        return 0;
    }

    @Override
    public boolean freeLost(Thread thread) {
        return false;
    }

    @Override
    protected int tokensOut(RegionHook hook) {
        int count = 0;
        for (Wait wait : WaitRegistry.longerThan(0)) {
            if (wait.listener() == hook) {
                count++;
            }
        }
        return count;
    }
}
