package dev.loom.bootstrap.order;

import dev.loom.bootstrap.hook.KeyKind;
import dev.loom.bootstrap.wait.SpinLatch;
import java.lang.ref.WeakReference;

/**
 * What has happened for one key of an {@link OrderState}. An object that is a key by identity is referred to weakly; of a string the
 * characters are kept, in a string of Loom's own.
 */
final class OrderKey extends WeakReference<Object> {

    final OrderState lock;
    final int kind;
    final long bits;
    final int hash;
    private final String text;

    /** Between each event and the next. */
    final OrderEdge[] edges;

    /** Guards what changes in the edges. */
    final SpinLatch latch = new SpinLatch();
    /** It is not in the table any more, and what happens to it is lost; set under the latch, for good. */
    volatile boolean forgotten;

    /** Next in its bucket. */
    volatile OrderKey next;
    /** Neighbours in the order of arrival; guarded by the lock's latch. */
    OrderKey older;

    OrderKey newer;

    OrderKey(OrderState lock, int kind, long bits, int hash, Object reference) {
        super(kind == KeyKind.REFERENCE ? reference : null);
        this.lock = lock;
        this.kind = kind;
        this.bits = bits;
        this.hash = hash;
        this.text = kind == KeyKind.STRING ? copy((String) reference) : null;
        this.edges = new OrderEdge[lock.edges];
        for (int i = 0; i < edges.length; i++) {
            edges[i] = new OrderEdge(this, i, lock.needed(i));
        }
    }

    /** Another object, so that the application's is not kept alive. */
    @SuppressWarnings("StringOperationCanBeSimplified")
    private static String copy(String text) {
        return new String(text);
    }

    boolean is(int otherKind, long otherBits, int otherHash, Object reference) {
        if (kind != otherKind || hash != otherHash || bits != otherBits) {
            return false;
        }
        return switch (kind) {
            case KeyKind.REFERENCE -> refersTo(reference);
            case KeyKind.STRING -> text.equals(reference);
            default -> true;
        };
    }

    /** The key itself, if it is an object that still lives. */
    Object reference() {
        return kind == KeyKind.STRING ? text : get();
    }

    /** Whether the object that was the key is gone, so that it never comes again. */
    boolean isDead() {
        return kind == KeyKind.REFERENCE && refersTo(null);
    }

    /** Whether nobody waits. For the holder of the latch. */
    private boolean isIdle() {
        for (OrderEdge edge : edges) {
            if (!edge.isIdle()) {
                return false;
            }
        }
        return true;
    }

    /** Marks it as forgotten unless somebody waits; returns whether it is. */
    boolean forget(boolean evenIfWaitedFor) {
        latch.shut();
        try {
            if (evenIfWaitedFor || isIdle()) {
                forgotten = true;
            }
            return forgotten;
        } finally {
            latch.open();
        }
    }

    /** Starts anew. */
    void restart() {
        latch.shut();
        try {
            for (OrderEdge edge : edges) {
                edge.restart();
            }
        } finally {
            latch.open();
        }
    }
}
