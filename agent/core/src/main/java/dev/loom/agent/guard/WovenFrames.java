package dev.loom.agent.guard;

import dev.loom.bootstrap.hook.ConstraintLock;

/** Which frames of a stack may have to give a hold back. */
@FunctionalInterface
public interface WovenFrames {

    /** Whether a frame of that class and method could be inside a region of the constraint; true if in doubt. */
    boolean mayHold(ConstraintLock lock, StackTraceElement frame);
}
