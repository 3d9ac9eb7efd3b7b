package dev.loom.console.target;

import dev.loom.client.AgentInfo;
import dev.loom.client.JvmInfo;
import dev.loom.console.jmx.AppReading;
import dev.loom.console.jmx.Unreachable;
import org.jspecify.annotations.Nullable;

/**
 * What a JVM last said, or why it did not.
 *
 * @param failure why not; null when {@link TargetState#REACHABLE} or {@code CONNECTING}
 * @param agent from the last answer, also when the JVM is gone since; null if there was none
 * @param app the application's own counters; null if it has none
 * @param askedNanos {@link System#nanoTime()} when the reading began: what was done to the JVM later may not show in it
 * @param atNanos the same when it ended; differences are taken of these, for the wall clock may be set
 * @param atMillis the wall clock when it ended, for people
 */
public record Snapshot(
        TargetState state,
        @Nullable Unreachable failure,
        @Nullable JvmInfo jvm,
        @Nullable AgentInfo agent,
        @Nullable AppReading app,
        long askedNanos,
        long atNanos,
        long atMillis) {

    static final Snapshot NONE = new Snapshot(TargetState.CONNECTING, null, null, null, null, System.nanoTime(), System.nanoTime(), 0);

    public boolean isReachable() {
        return state == TargetState.REACHABLE;
    }
}
