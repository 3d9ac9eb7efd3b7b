package dev.loom.bootstrap.order;

import dev.loom.bootstrap.Faults;
import dev.loom.bootstrap.Hold;
import dev.loom.bootstrap.hook.KeyKind;
import dev.loom.bootstrap.hook.KeyedCall;
import dev.loom.bootstrap.hook.KeyedEntry;
import dev.loom.bootstrap.hook.LockWait;
import dev.loom.bootstrap.hook.RegionHook;
import dev.loom.bootstrap.wait.WaitRegistry;
import java.lang.invoke.MethodHandle;
import jdk.internal.vm.annotation.DontInline;

/**
 * The hook of an event of an order constraint, and what happens at an arrival there. The first event of an order never waits. Where the
 * latch is open that an event waits for, it takes no lock and allocates nothing.
 */
final class EventHook extends RegionHook implements KeyedEntry {

    private static final EventCount COUNT = new EventCount();

    private final OrderState order;
    private final EventStatistics events = new EventStatistics();
    /** What a frame keeps that is at an event for which nobody waits. */
    private final EventHold passedHold = new EventHold(this, null, 0);

    EventHook(int id, OrderState order, int event) {
        super(id, order, event, false);
        this.order = order;
    }

    @Override
    protected MethodHandle plainEntry() {
        return order.keyed() ? null : KeyedCall.unkeyed(this);
    }

    @Override
    protected KeyedEntry keyedEntry() {
        return this;
    }

    @Override
    protected KeyedEntry countEntry() {
        return COUNT;
    }

    @Override
    public boolean isEvent() {
        return true;
    }

    @Override
    protected long moreHits() {
        return events.hits();
    }

    @Override
    protected long moreOverlaps() {
        return events.overlaps();
    }

    @Override
    protected long timeouts() {
        return events.timeouts();
    }

    @Override
    public Hold enter(Hold hold, int someKind, long bits, Object reference) {
        if (hold != null) {
            return hold;
        }
        if (gear == PASS) {
            return null;
        }
        // the object that is a key may be gone, but null never was one
        int kind = someKind == KeyKind.REFERENCE && reference == null ? KeyKind.NONE : someKind;
        try {
            Thread me = Thread.currentThread();
            events.arrived(me);
            OrderKey key = order.key(kind, bits, reference);
            int event = side();
            if (event > 0 && !key.edges[event - 1].open) {
                key = arriveEarly(key, kind, bits, reference, me);
            }
            if (gear == PASS) {
                return null;
            }
            if (event == key.edges.length || key.edges[event].open) {
                return passedHold;
            }
            return key.edges[event].token(this);
        } catch (Throwable t) {
            // written out: see Hooks
            Error stop = null;
            try {
                stop = Faults.failed(Faults.Kind.ENTER, t);
            } catch (Throwable heldBack) {
                Faults.stackEnds++;
            }
            if (stop != null) {
                throw stop;
            }
            return null;
        }
    }

    /** Waits, or counts; returns the state of the key as it then is. */
    @DontInline
    private OrderKey arriveEarly(OrderKey first, int kind, long bits, Object reference, Thread me) {
        OrderKey key = first;
        while (true) {
            OrderEdge edge = key.edges[side() - 1];
            int answer;
            switch (gear) {
                case PASS:
                    return key;
                case OBSERVE:
                    answer = edge.observe(events);
                    break;
                default:
                    answer = edge.pass();
                    if (answer == OrderEdge.CLOSED) {
                        answer = await(edge, me);
                    }
            }
            if (answer != OrderEdge.FORGOTTEN) {
                return key;
            }
            key = order.key(kind, bits, reference);
        }
    }

    private int await(OrderEdge edge, Thread me) {
        long since = System.nanoTime();
        LockWait wait = new LockWait(order, this, me, since);
        int answer = OrderEdge.PASSED;
        boolean passed = false;
        try {
            if (WaitRegistry.begin(wait)) {
                wait.waitFor(edge);
                answer = edge.enqueue(wait);
                passed = answer == OrderEdge.PASSED || answer == OrderEdge.CLOSED && wait.await(order.within);
            }
        } finally {
            wait.ended = true;
            wait.conclude(passed);
        }
        if (wait.timedOut()) {
            events.timedOut();
            edge.giveUp();
        }
        return answer == OrderEdge.FORGOTTEN ? answer : OrderEdge.PASSED;
    }
}
