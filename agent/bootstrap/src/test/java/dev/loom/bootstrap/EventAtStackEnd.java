package dev.loom.bootstrap;

import dev.loom.bootstrap.hook.ConstraintLock;
import dev.loom.bootstrap.hook.RegionHook;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.concurrent.TimeUnit;

/**
 * An event of an order in the place of a region: each completion is counted once. They are told by how often the next event, which is
 * only observed, may come before it comes too early.
 */
public final class EventAtStackEnd extends StackEnd {

    private final RegionHook next;
    private final MethodHandle arrival;
    private int expected;

    EventAtStackEnd(boolean keyed) {
        this(ConstraintLocks.order("c", keyed, 2, true, TimeUnit.HOURS.toNanos(1)));
    }

    private EventAtStackEnd(ConstraintLock order) {
        super(order, HookRegistry.createEvent(order, 0, 1, RegionHook.Mode.ENFORCE));
        next = HookRegistry.createEvent(order, 1, 1, RegionHook.Mode.OBSERVE);
        arrival = Hooks.enter(MethodHandles.lookup(), "enter", site.type(), next.id(), order.keyed() ? "arg" : "").getTarget();
    }

    @Override
    void region() throws Throwable {
        Hold hold = enter();
        try {
            complete(hold, (int) (attempts & 15));
        } catch (Throwable t) {
            if (at.equals(OUTSIDE)) {
                Hooks.exit(hold, 0);
            }
            throw t;
        }
        completed++;
        if (hold == null) {
            passed++;
        } else {
            expected++;
        }
    }

    /** With less stack than the arrival had, as after a deoptimization: else there would always be enough. */
    private void complete(Hold hold, int deeper) {
        if (deeper > 0) {
            complete(hold, deeper - 1);
            return;
        }
        at = LEAVING;
        Hooks.completed(hold);
        at = OUTSIDE;
    }

    @Override
    void look(String where) {
        boolean threw = at.equals(LEAVING);
        at = OUTSIDE;
        int ended = expected;
        int counted = counted();
        // the call that says so may itself find no stack, and then it may have counted
        if (threw ? counted != ended && counted != ended + 1 : counted != ended) {
            lost++;
            System.out.println("lost at " + where + ", threw " + threw + ": counted " + counted + ", completed " + ended);
        }
        expected = 0;
    }

    private int counted() {
        try {
            for (int count = 0; ; count++) {
                long early = next.counts().overlaps();
                Hold hold = (Hold) arrival.invokeExact((Hold) null, key);
                if (next.counts().overlaps() > early) {
                    // one has come too early: that is made up for
                    Hooks.completed((Hold) site.invokeExact((Hold) null, key));
                    return count;
                }
                Hooks.completed(hold);
            }
        } catch (Throwable t) {
            throw new IllegalStateException(t);
        }
    }
}
