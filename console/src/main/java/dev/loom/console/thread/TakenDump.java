package dev.loom.console.thread;

import dev.loom.client.DumpedFrame;
import dev.loom.client.DumpedThread;
import dev.loom.client.JvmInfo;
import dev.loom.client.ThreadDump;
import java.time.Instant;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A dump that was taken of a JVM.
 *
 * @param number names it, as long as it is kept
 * @param target id of the JVM
 * @param jvm null if the JVM has not said what it is
 * @param at when its answer came
 * @param atNanos the same, to take differences of
 */
public record TakenDump(long number, long target, @Nullable JvmInfo jvm, Instant at, long atNanos, ThreadDump dump) {

    /** Characters and references of a thread besides its frames, about. */
    private static final int THREAD_WEIGHT = 400;

    /** A thread in it. */
    public Optional<DumpedThread> thread(long id) {
        return dump.threads().stream().filter(thread -> thread.id() == id).findFirst();
    }

    /** Bytes that it takes, about. A frame of many threads is there once. */
    long weight() {
        Set<DumpedFrame> frames = Collections.newSetFromMap(new IdentityHashMap<>());
        long weight = 0;
        for (DumpedThread thread : dump.threads()) {
            weight += THREAD_WEIGHT + thread.name().length() + 8L * thread.stack().size();
            frames.addAll(thread.stack());
        }
        return weight + frames.stream().mapToLong(frame -> 200L + frame.text().length()).sum();
    }
}
