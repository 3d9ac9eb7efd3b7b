package dev.loom.agent.stack;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Looks at the stacks of threads: the JVM's ({@link Stacks}), or ones that a test has written down. */
public interface StackLooks {

    /** Looks at all threads. */
    List<ThreadStack> all();

    /** Looks at some threads, by number; those that have ended are missing. */
    Map<Long, ThreadStack> of(Collection<Long> ids);

    /** Whether every thread can be seen. */
    boolean seesAll();

    /** Whether a frame is certainly one of the newest code of its class. */
    boolean isNew(StackTraceElement frame);
}
