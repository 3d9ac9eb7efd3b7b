package dev.loom.console.target;

/** Whether the console can talk to a JVM's agent. */
public enum TargetState {
    /** Not asked yet. */
    CONNECTING,
    /** The agent answers. */
    REACHABLE,
    /** The JVM answers, but has no agent. */
    NO_AGENT,
    /** No answer. */
    UNREACHABLE
}
