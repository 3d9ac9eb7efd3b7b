package dev.loom.bootstrap.watch;

/** One of the two threads of a collision. Immutable. */
public final class Side {

    /** Frames kept of a stack. */
    private static final int FRAMES = 40;
    /** The last frames that are Loom's are of this class. */
    private static final String ENTRY = "dev.loom.bootstrap.Watch";
    /** Frames in which it is looked for. */
    private static final int OWN = 12;
    private static final StackTraceElement[] UNTOLD = {};

    private final WatchedPlace place;
    private final String thread;
    private final boolean holds;
    private final StackTraceElement[] stack;

    private Side(WatchedPlace place, String thread, boolean holds, StackTraceElement[] stack) {
        this.place = place;
        this.thread = thread;
        this.holds = holds;
        this.stack = stack;
    }

    /** The calling thread, with its stack. */
    static Side told(WatchedPlace place, Object object) {
        StackTraceElement[] all = new Throwable().getStackTrace();
        int from = 0;
        for (int i = 0; i < Math.min(OWN, all.length); i++) {
            if (all[i].getClassName().equals(ENTRY)) {
                from = i + 1;
            }
        }
        StackTraceElement[] stack = new StackTraceElement[Math.min(FRAMES, all.length - from)];
        System.arraycopy(all, from, stack, 0, stack.length);
        return new Side(place, Thread.currentThread().getName(), Thread.holdsLock(object), stack);
    }

    /** The calling thread at a place of which this has been told before. */
    static Side again(WatchedPlace place) {
        return new Side(place, "", false, UNTOLD);
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
