package dev.loom.bootstrap;

import java.util.List;

/** What a {@link Wait} waits for: an un-keyed lock, or a keyed lock's entry for one key. Its object is the park blocker. */
interface WaitTarget {

    /**
     * Takes the lock for a queued wait if it may have it now, and takes the wait out of the queue.
     *
     * @param overdue the wait has lasted so long that it need not stand back for one ahead of it that does not come
     * @return what was acquired, or null
     */
    Hold tryQueued(Wait wait, boolean overdue);

    /** Takes a wait out of the queue that ends without the lock. */
    void leave(Wait wait);

    /** Adds the threads that keep the wait from going on. */
    void addBlockers(Wait wait, List<Thread> threads);
}
