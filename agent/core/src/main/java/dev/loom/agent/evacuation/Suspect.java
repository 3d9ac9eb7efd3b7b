package dev.loom.agent.evacuation;

import dev.loom.agent.stack.ThreadStack;
import org.jspecify.annotations.Nullable;

/**
 * A frame of older code that is in the way; or a thread of which not all frames can be seen, at place {@link #UNSEEN}.
 *
 * @param why why it is
 * @param sinceNanos when it was first seen
 * @param last the thread as seen last
 */
public record Suspect(FramePosition position, WatchedMethod method, Why why, long sinceNanos, ThreadStack last) {

    /** Depth of what is not seen. */
    public static final int UNSEEN = -1;

    /** Why a frame is in the way, and what will take it out. */
    public enum Why {
        UNSEEN("the stack is deeper than the JVM shows (-XX:MaxJavaStackTraceDepth): what may be in the way is not known until it is less deep"),
        OLD_CODE("the frame runs code from before the filter, inside a region or before one with no update point in between"),
        ANCIENT("the frame is older than the agent, so it has no update point: it leaves when its method returns"),
        UNPROTECTED("the frame moved into the new code from inside the region, so it does not hold the region's lock: it leaves when it"
                + " leaves the region"),
        STUCK("the frame could not be moved at its update point (no stack or memory left, or its class has other code by now): it leaves"
                + " when its method returns"),
        WOVEN("the filter is off; the frame still stands in code that was woven for it, and holds up the class's former bytes");

        private final String text;

        Why(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    public @Nullable StackTraceElement frame() {
        return last.atDepth(position.depth());
    }

    Suspect seen(ThreadStack now) {
        return new Suspect(position, method, why, sinceNanos, now);
    }
}
