package dev.loom.bootstrap.hook;

import dev.loom.bootstrap.Hold;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** The frames that are inside a region without its lock. Thread-safe. */
final class UnprotectedHolds {

    private final RegionHook hook;
    /** The newest, some of which have left; each names the next. */
    private final AtomicReference<UnprotectedHold> newest = new AtomicReference<>();
    /** For those for which there was no memory. */
    private final UnprotectedHold shared;

    UnprotectedHolds(RegionHook hook) {
        this.hook = hook;
        this.shared = UnprotectedHold.shared(hook);
    }

    /** What stands in a frame of this thread. */
    Hold add() {
        UnprotectedHold hold;
        try {
            hold = UnprotectedHold.ofFrame(hook);
        } catch (OutOfMemoryError e) {
            // the frame has left its old code already, so it has to get one
            return shared.share();
        }
        do {
            hold.next = newest.get();
        } while (!newest.compareAndSet(hold.next, hold));
        return hold;
    }

    /** Those that are inside still; forgets the others. */
    synchronized List<UnprotectedHold> inside() {
        List<UnprotectedHold> inside = new ArrayList<>();
        UnprotectedHold before = null;
        for (UnprotectedHold hold = newest.get(); hold != null; hold = hold.next) {
            if (!hold.hasLeft()) {
                inside.add(hold);
                before = hold;
            } else if (before != null) {
                before.next = hold.next;
            } else if (!newest.compareAndSet(hold, hold.next)) {
                before = hold; // another has come before it: it is forgotten the next time
            }
        }
        if (!shared.hasLeft()) {
            inside.add(shared);
        }
        return inside;
    }
}
