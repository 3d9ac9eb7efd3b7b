package dev.loom.bootstrap;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** Faults in Loom's own code that were caught and kept from the application: how many of each kind, and the last few. */
public final class Faults {

    /** Where it happened. */
    public enum Kind {
        /** Linking a hook. */
        LINK,
        /** Taking the value of a key. */
        KEY,
        /** Entering a region. */
        ENTER,
        /** Leaving a region. */
        EXIT,
        /** Not enough stack left for a hook. */
        STACK,
        /** Waiting in a hook. */
        WAIT,
        /** A region was left without its exit hook, and its lock was freed afterwards. */
        LOST_EXIT,
        /** Carrying a frame over to new code. */
        TRANSFER,
        /** Transforming a class. */
        TRANSFORM,
        /** The deadlock guard. */
        GUARD,
        /** Anything else in the agent. */
        AGENT
    }

    /** Messages that are kept. */
    private static final int KEPT = 20;

    private static final Kind[] KINDS = Kind.values();
    private static final AtomicLongArray COUNTS = new AtomicLongArray(KINDS.length);
    private static final AtomicReferenceArray<String> RECENT = new AtomicReferenceArray<>(KEPT);
    private static final AtomicInteger WRITTEN = new AtomicInteger();
    /** Counted without a call, for there is no stack for one; so some may be missing. */
    public static int stackEnds;

    private Faults() {}

    /** Counts a fault. Never throws. Of the throwable only the class is read: its message may be the application's code. */
    public static void caught(Kind kind, Throwable fault) {
        try {
            if (fault instanceof StackOverflowError) {
                stackEnds++;
                return;
            }
            COUNTS.getAndIncrement(kind.ordinal());
            keep(kind.name().concat(": ").concat(fault.getClass().getName()).concat(place(fault)));
        } catch (Throwable t) {
            // at the end of the stack or the heap: there is nothing left to count with
        }
    }

    /** Counts a fault of a hook; returns it if it is not Loom's but someone's {@code Thread.stop}, which is to go on. */
    public static Error failed(Kind kind, Throwable fault) {
        if (fault.getClass().getName().equals("java.lang.ThreadDeath")) {
            return (Error) fault;
        }
        caught(kind, fault);
        return null;
    }

    /** Counts a fault that has been told before. Never throws. */
    public static void again(Kind kind) {
        COUNTS.getAndIncrement(kind.ordinal());
    }

    /** Counts a fault that is no exception. Never throws. */
    public static void note(Kind kind, String message) {
        try {
            COUNTS.getAndIncrement(kind.ordinal());
            keep(kind.name().concat(": ").concat(message));
        } catch (Throwable t) {
            // as above
        }
    }

    /** All faults since the start. */
    public static long total() {
        long sum = stackEnds;
        for (int i = 0; i < KINDS.length; i++) {
            sum += COUNTS.get(i);
        }
        return sum;
    }

    /** Faults of one kind since the start. */
    public static long count(Kind kind) {
        return COUNTS.get(kind.ordinal()) + (kind == Kind.STACK ? stackEnds : 0);
    }

    /** The last messages, oldest first. */
    public static List<String> recent() {
        List<String> messages = new ArrayList<>();
        int written = WRITTEN.get();
        for (int i = written - KEPT; i < written; i++) {
            // null where none has been written yet
            String message = RECENT.get(Math.floorMod(i, KEPT));
            if (message != null) {
                messages.add(message);
            }
        }
        return messages;
    }

    private static void keep(String message) {
        RECENT.set(Math.floorMod(WRITTEN.getAndIncrement(), KEPT), message);
    }

    /** The innermost frame of Loom's, if the fault is one of the JDK's, whose stack no one overrides. */
    private static String place(Throwable fault) {
        if (fault.getClass().getClassLoader() != null) {
            return "";
        }
        for (StackTraceElement frame : fault.getStackTrace()) {
            if (frame.getClassName().startsWith("dev.loom.")) {
                return " at ".concat(frame.toString());
            }
        }
        return "";
    }
}
