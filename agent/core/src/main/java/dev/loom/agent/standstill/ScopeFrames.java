package dev.loom.agent.standstill;

import dev.loom.agent.evacuation.Evacuation;
import dev.loom.agent.evacuation.FramePosition;
import dev.loom.agent.evacuation.WatchedMethod;
import dev.loom.agent.stack.ThreadStack;
import java.util.HashMap;
import java.util.Map;

/**
 * Tells from a thread's stack, seen after the bits of a region {@code r <> *} were raised, whether the thread may run code of the
 * scope before it comes to a poll.
 *
 * <p>It surely comes to a poll first if it has called out of the scope and waits there, or has called application code that the scope
 * leaves out. One that is at work in the JDK, called from the scope, is not done with what it does for its caller, a {@code
 * HashMap.put} maybe, and counts as running until it waits or is back. A thread without a frame of the scope begins with a poll, if it
 * comes at all.
 */
final class ScopeFrames {

    /** What has polls. */
    interface Polled {
        /** Whether code of a class is in the scope of one of the constraints. */
        boolean isInScope(String type, int bits);

        /** Whether a method of such a class runs code without polls. */
        boolean lacks(String type, String method);
    }

    private static final String LOOM = "dev.loom.bootstrap.";

    private final Polled polls;
    /** Frames that run code from before the polls, as far as is known, by thread. Replaced as a whole. */
    private volatile Map<Long, Map<FramePosition, Evacuation.Unpolled>> old = Map.of();

    ScopeFrames(Polled polls) {
        this.polls = polls;
    }

    /** Names the frames that run code from before the polls. */
    void old(Map<FramePosition, Evacuation.Unpolled> frames) {
        Map<Long, Map<FramePosition, Evacuation.Unpolled>> byThread = new HashMap<>();
        frames.forEach((position, frame) -> byThread.computeIfAbsent(position.thread(), k -> new HashMap<>()).put(position, frame));
        old = byThread;
    }

    /** Whether a thread has frames that run code from before the polls: then its stack is needed to the bottom. */
    boolean hasOld(long thread) {
        return old.containsKey(thread);
    }

    /**
     * Whether a thread may run code of the scope before it comes to a poll.
     *
     * @param frames its stack, the top first; from the bottom on if it {@link #hasOld}
     * @param state its state, not seen later than the stack
     * @param inHook whether it was seen, before that, to wait in a hook of a region or an event; behind those there are polls
     */
    boolean runs(long thread, StackTraceElement[] frames, Thread.State state, boolean inHook, int bits) {
        boolean waits = state != Thread.State.RUNNABLE || frames.length > 0 && waitsInNative(frames);
        for (int i = 0; i < frames.length; i++) {
            StackTraceElement frame = frames[i];
            String type = frame.getClassName();
            if (polls.isInScope(type, bits)) {
                if (frame.isNativeMethod()) {
                    waits = true; // whatever it does: nobody can stop it, and behind its call there is a poll
                    continue;
                }
                boolean stops = i == 0 ? state == Thread.State.BLOCKED : waits && !isCalledByJvm(frames[i - 1]);
                return !stops || polls.lacks(type, frame.getMethodName()) || goesOn(thread, frames, i);
            }
            if (type.startsWith(LOOM)) {
                if (!inHook) {
                    return true; // it may have asked already whether to stop
                }
                waits = true;
            } else if (!isOfJdk(frame)) {
                waits = true; // of an application, but not of this scope
            }
        }
        return false;
    }

    /**
     * Whether a method may have been called by the JVM, at an instruction that is no call: to load or initialize a class, to link a
     * constant. No poll stands behind those.
     */
    private static boolean isCalledByJvm(StackTraceElement callee) {
        String type = callee.getClassName();
        return switch (callee.getMethodName()) {
            case "<clinit>", "loadClass", "checkPackageAccess" -> true;
            case "transform" -> type.equals("sun.instrument.InstrumentationImpl");
            default -> type.equals("java.lang.invoke.MethodHandleNatives");
        };
    }

    /** Whether the frame runs code from before the polls, and goes on in it when what it has called returns. */
    private boolean goesOn(long thread, StackTraceElement[] frames, int index) {
        Map<FramePosition, Evacuation.Unpolled> some = old.get(thread);
        if (some == null) {
            return false;
        }
        FramePosition position = new FramePosition(thread, frames.length - 1 - index);
        Evacuation.Unpolled frame = some.get(position);
        ThreadStack stack = new ThreadStack(thread, "", "", frames, false);
        return frame != null && frame.method().place(stack, position.depth(), frame.isAncient()) == WatchedMethod.Place.UNSAFE;
    }

    private static boolean isOfJdk(StackTraceElement frame) {
        String module = frame.getModuleName();
        return module != null && (module.startsWith("java.") || module.startsWith("jdk."))
                || frame.getClassName().indexOf('/') >= 0; // a hidden class of a lambda
    }

    /**
     * Whether a thread that the JVM calls RUNNABLE waits in the operating system: to read, accept, connect. What is being written
     * to a file is not done. A virtual thread that has given up its processor is in its own class.
     */
    private static boolean waitsInNative(StackTraceElement[] frames) {
        StackTraceElement top = frames[0];
        String type = top.getClassName();
        if (type.equals("jdk.internal.vm.Continuation") || type.equals("java.lang.VirtualThread")) {
            return true;
        }
        if (!top.isNativeMethod() || type.startsWith("java.lang.") || type.startsWith("java.util.") || type.startsWith("jdk.internal.")) {
            return false;
        }
        boolean writes = top.getMethodName().startsWith("write") || top.getMethodName().startsWith("pwrite");
        boolean toSocket = frames.length > 1 && frames[1].getClassName().contains("Socket");
        return !writes || !type.contains("File") || toSocket;
    }
}
