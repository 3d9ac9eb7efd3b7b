package dev.loom.agent.evacuation;

/**
 * A frame of superseded code at an unsafe place.
 *
 * @param ancient whether it is older than the agent, so that it cannot switch
 * @param sinceNanos when it was first seen
 * @param last the thread as seen last
 */
record Suspect(Position position, WatchedMethod method, boolean ancient, long sinceNanos, ThreadStack last) {

    StackTraceElement frame() {
        return last.atDepth(position.depth());
    }
}
