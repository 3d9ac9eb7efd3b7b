package dev.loom.bootstrap.wait;

/**
 * Waits that are over and that nobody knows any more, to be used again, so that a wait allocates nothing. Guarded by the latch of whoever
 * has it.
 *
 * <p>Who was about to wake such a wait may still do so, and wakes the thread that has it now: threads in a wait look whether they may go
 * on, whoever woke them.
 */
public final class SpareWaits {

    /** So many are kept. */
    private static final int KEPT = 16;

    private Wait first;
    private int count;

    /** One of them, to be renewed; null if there is none. */
    public Wait take() {
        Wait wait = first;
        if (wait != null) {
            first = wait.behind;
            wait.behind = null;
            count--;
        }
        return wait;
    }

    /** Keeps a wait that {@link Wait#isForgotten is forgotten}. */
    public void give(Wait wait) {
        if (count < KEPT) {
            wait.forget();
            wait.behind = first;
            first = wait;
            count++;
        }
    }

    /** Keeps none of them any more. */
    public void clear() {
        first = null;
        count = 0;
    }
}
