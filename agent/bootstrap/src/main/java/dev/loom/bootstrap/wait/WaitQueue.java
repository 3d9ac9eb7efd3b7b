package dev.loom.bootstrap.wait;

/**
 * The waits for one target in order of arrival. Guarded by the latch of that target.
 *
 * <p>A wait that has {@link Wait#ended} and could not take itself out, for want of stack, does not count: who comes to it at the head
 * takes it out.
 */
public final class WaitQueue {

    private Wait head;
    private Wait tail;

    public boolean isEmpty() {
        return first() == null;
    }

    /** The first that is not over, or null. */
    public Wait first() {
        while (head != null && head.ended) {
            remove(head);
        }
        return head;
    }

    /** The first, unless it was woken and has not looked yet. */
    public Wait firstToWake() {
        Wait first = first();
        return first == null || first.signalled ? null : first;
    }

    public void append(Wait wait) {
        wait.queued = true;
        wait.ahead = tail;
        wait.behind = null;
        if (tail == null) {
            head = wait;
        } else {
            tail.behind = wait;
        }
        tail = wait;
    }

    /** For a thread whose own hold keeps the others waiting. */
    public void prepend(Wait wait) {
        wait.queued = true;
        wait.ahead = null;
        wait.behind = head;
        if (head == null) {
            tail = wait;
        } else {
            head.ahead = wait;
        }
        head = wait;
    }

    /** Takes it out, if it is in. */
    public void remove(Wait wait) {
        if (!wait.queued) {
            return;
        }
        wait.queued = false;
        if (wait.ahead == null) {
            head = wait.behind;
        } else {
            wait.ahead.behind = wait.behind;
        }
        if (wait.behind == null) {
            tail = wait.ahead;
        } else {
            wait.behind.ahead = wait.ahead;
        }
        wait.ahead = null;
        wait.behind = null;
    }

    public int countOf(WaitListener listener) {
        int count = 0;
        for (Wait wait = head; wait != null; wait = wait.behind) {
            if (wait.listener() == listener && !wait.ended) {
                count++;
            }
        }
        return count;
    }
}
