package dev.loom.bootstrap;

import java.lang.invoke.MethodHandle;

/** The hook of an event of an order constraint. */
final class EventHook extends RegionHook {

    final EventCounts events = new EventCounts();
    /** What a frame keeps that is at an event for which nobody waits. */
    final EventHold passedHold = new EventHold(this, null, 0);

    EventHook(int id, OrderState order, int event) {
        super(id, order, event, false);
    }

    @Override
    MethodHandle plainEntry() {
        return lock().keyed() ? null : HookLinker.event(this);
    }

    @Override
    HookLinker.Target keyedEntry() {
        return HookLinker.ARRIVE;
    }

    @Override
    public boolean isEvent() {
        return true;
    }

    @Override
    long moreHits() {
        return events.hits();
    }

    @Override
    long moreOverlaps() {
        return events.overlaps();
    }

    @Override
    long timeouts() {
        return events.timeouts();
    }
}
