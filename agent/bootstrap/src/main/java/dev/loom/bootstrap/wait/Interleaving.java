package dev.loom.bootstrap.wait;

/**
 * Two threads that a filter kept apart, or saw together, and where each was. Each thread writes its own part; to be read when it is over.
 */
public final class Interleaving {

    /** How it ended. */
    public enum End {
        /** The one waited until the other was out. */
        PREVENTED,
        /** The one went on without waiting any longer. */
        BYPASSED,
        /** Nobody waited: both were inside. */
        OVERLAPPED
    }

    private final WaitListener listener;
    private final Thread thread;
    private final long since;
    /** Its stack when it came. */
    private final Throwable came;

    private volatile Thread other;
    private volatile Throwable left;
    private volatile long nanos;
    private volatile End end;

    Interleaving(WaitListener listener, Thread thread, Thread other, long since, Throwable came) {
        this.listener = listener;
        this.thread = thread;
        this.other = other;
        this.since = since;
        this.came = came;
    }

    /** The hook to which the one thread came. */
    public WaitListener listener() {
        return listener;
    }

    /** The thread that came second. */
    public Thread thread() {
        return thread;
    }

    /** When it came, as {@link System#nanoTime()}. */
    public long since() {
        return since;
    }

    /** Its stack when it came, with Loom's frames on top. */
    public StackTraceElement[] stack() {
        return came.getStackTrace();
    }

    /** The thread that was there; null if nobody knows. */
    public Thread other() {
        return other;
    }

    /** Its stack when it left, with Loom's frames on top; empty if it was not seen to leave. */
    public StackTraceElement[] otherStack() {
        Throwable seen = left;
        return seen == null ? new StackTraceElement[0] : seen.getStackTrace();
    }

    /** How long the one waited, ns; 0 where nobody waits. */
    public long nanos() {
        return nanos;
    }

    /** How it ended; null as long as it has not. */
    public End end() {
        return end;
    }

    /** Whether it waits for the calling thread to be seen where it leaves. */
    boolean awaits(Thread me) {
        Thread there = other;
        return left == null && (there == me || there == null && thread != me);
    }

    void leaves(Thread me, Throwable stack) {
        other = me;
        left = stack;
    }

    void ends(End how, long waited) {
        nanos = waited;
        end = how;
    }
}
