package dev.loom.bootstrap.watch;

/** One of the threads of a collision or a torn step, where it was. Immutable, once others have it. */
public final class Side {

    /** Frames kept of a stack. */
    private static final int FRAMES = 40;
    /** The last frames that are Loom's are of this class. */
    static final String ENTRY = "dev.loom.bootstrap.Watch";
    /** Frames in which it is looked for. */
    private static final int OWN = 16;
    private static final StackTraceElement[] UNTOLD = {};

    private final WatchedPlace place;
    private final String thread;
    private final boolean holds;
    private StackTraceElement[] stack = UNTOLD;
    /** What the stack is made of when it is asked for. */
    private Throwable trace;

    private Side(WatchedPlace place, String thread, boolean holds) {
        this.place = place;
        this.thread = thread;
        this.holds = holds;
    }

    /** The calling thread, with its stack. */
    static Side told(WatchedPlace place, Object object) {
        Side side = noted(place, object);
        side.settle();
        return side;
    }

    /** The calling thread; its stack is put into words by {@link #settle}, if ever. */
    static Side noted(WatchedPlace place, Object object) {
        Side side = new Side(place, Thread.currentThread().getName(), Thread.holdsLock(object));
        side.trace = new Throwable();
        return side;
    }

    /** The calling thread, with a stack that it had before. */
    static Side of(WatchedPlace place, boolean holds, StackWalker.StackFrame[] frames) {
        Side side = new Side(place, Thread.currentThread().getName(), holds);
        side.stack = new StackTraceElement[Math.min(FRAMES, frames.length)];
        for (int i = 0; i < side.stack.length; i++) {
            side.stack[i] = frames[i].toStackTraceElement();
        }
        return side;
    }

    /** The calling thread at a place of which this has been told before. */
    static Side again(WatchedPlace place) {
        return new Side(place, "", false);
    }

    /** To be called before others get it. */
    void settle() {
        Throwable told = trace;
        if (told == null) {
            return;
        }
        trace = null;
        StackTraceElement[] all = told.getStackTrace();
        int from = 0;
        for (int i = 0; i < Math.min(OWN, all.length); i++) {
            if (all[i].getClassName().equals(ENTRY)) {
                from = i + 1;
            }
        }
        stack = new StackTraceElement[Math.min(FRAMES, all.length - from)];
        System.arraycopy(all, from, stack, 0, stack.length);
    }

    public WatchedPlace place() {
        return place;
    }

    /** Name of the thread. */
    public String thread() {
        return thread;
    }

    /** Whether it held the monitor of the object; of a static field, of its class. */
    public boolean holdsMonitor() {
        return holds;
    }

    /** Its stack, top first, cut. */
    public StackTraceElement[] stack() {
        return stack.clone();
    }
}
