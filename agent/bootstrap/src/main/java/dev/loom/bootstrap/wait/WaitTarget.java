package dev.loom.bootstrap.wait;

import java.util.List;

/** What a {@link Wait} waits for. Its object is the park blocker. */
public interface WaitTarget {

    /**
     * Gives a queued wait what it waits for if it may have it now, and takes it out of the queue.
     *
     * @param overdue the wait has lasted so long that it need not stand back for one ahead of it that does not come
     * @return whether it has it
     */
    boolean tryQueued(Wait wait, boolean overdue);

    /** Takes a wait out of the queue that ends with nothing. */
    void leave(Wait wait);

    /** Adds the threads that keep the wait from going on. */
    void addBlockers(Wait wait, List<Thread> threads);
}
