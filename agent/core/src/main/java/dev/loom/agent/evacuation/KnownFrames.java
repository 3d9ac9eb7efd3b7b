package dev.loom.agent.evacuation;

import dev.loom.agent.stack.StackLooks;
import dev.loom.agent.stack.ThreadStack;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Frames of which something is known that a stack trace does not tell: that they are older than the agent, or that they run code
 * without hooks. A frame is known by its place and method. Places are used again, so the set has to be looked through before
 * each redefinition of a class: until then its frames of older code, which are the known ones, can be told from those in the newest.
 */
public final class KnownFrames {

    private final Map<FramePosition, String> frames = new HashMap<>();

    /** @param method as {@link WatchedMethod#shown} */
    public void add(FramePosition position, String method) {
        frames.put(position, method);
    }

    /**
     * Adds all frames of superseded code that are meant.
     *
     * @return whether there may be more, in a stack that the JVM does not show as a whole, or in a thread that nobody sees
     */
    public boolean addAll(StackLooks stacks, Predicate<StackTraceElement> isMeant) {
        boolean isCut = !stacks.seesAll();
        for (ThreadStack stack : stacks.all()) {
            isCut |= stack.cut();
            for (int depth = 0; depth < stack.frames().length; depth++) {
                StackTraceElement frame = stack.atDepth(depth);
                if (isMeant.test(frame) && !stacks.isNew(frame)) {
                    add(new FramePosition(stack.id(), depth), WatchedMethod.shown(frame.getClassName(), frame.getMethodName()));
                }
            }
        }
        return isCut;
    }

    public KnownFrames copy() {
        KnownFrames copy = new KnownFrames();
        copy.frames.putAll(frames);
        return copy;
    }

    public boolean contains(FramePosition position, String method) {
        return method.equals(frames.get(position));
    }

    boolean isEmpty() {
        return frames.isEmpty();
    }

    public int size() {
        return frames.size();
    }

    /** Forgets the frames of some methods. */
    public void removeAll(Set<String> methods) {
        frames.values().removeAll(methods);
    }

    /** Forgets frames of the given classes that have gone, and places that others have taken. */
    public void lookThrough(StackLooks stacks, Set<String> classes) {
        Set<Long> threads = new TreeSet<>();
        Set<FramePosition> affected = new HashSet<>();
        frames.forEach((position, method) -> {
            if (classes.contains(method.substring(0, method.indexOf('#')))) {
                threads.add(position.thread());
                affected.add(position);
            }
        });
        if (affected.isEmpty()) {
            return;
        }
        Map<Long, ThreadStack> now = stacks.of(threads);
        for (FramePosition position : affected) {
            ThreadStack stack = now.get(position.thread());
            if (stack == null) {
                frames.remove(position);
                continue;
            }
            if (stack.cut()) {
                continue;
            }
            StackTraceElement frame = stack.atDepth(position.depth());
            boolean isGone = frame == null || stacks.isNew(frame)
                    || !WatchedMethod.shown(frame.getClassName(), frame.getMethodName()).equals(frames.get(position));
            if (isGone) {
                frames.remove(position);
            }
        }
    }
}
