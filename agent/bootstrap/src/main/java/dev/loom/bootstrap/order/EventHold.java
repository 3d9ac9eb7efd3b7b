package dev.loom.bootstrap.order;

import dev.loom.bootstrap.Hold;
import dev.loom.bootstrap.hook.RegionHook;

/**
 * Stands in a frame between the arrival at an event and its completion. There is nothing to give back: a frame that leaves the event
 * by an exception just forgets it. One for each key and event, whatever thread is there, but for an event whose count is read
 * each time.
 */
public final class EventHold extends Hold {

    /** What the event completes; null if no event waits for it. */
    public final OrderEdge edge;
    /** How many completions the next event waits for; {@link OrderState#UNREAD} as long as that has not been read. */
    public final long count;

    private final RegionHook hook;

    EventHold(RegionHook hook, OrderEdge edge, long count) {
        this.hook = hook;
        this.edge = edge;
        this.count = count;
    }

    RegionHook hook() {
        return hook;
    }

    @Override
    public int depth() {
        return 0;
    }

    @Override
    public void exit(int depth) {
        // nothing is held
    }

    @Override
    public void exitOne(int depth) {
        // nothing is held
    }
}
