package dev.loom.console.deployment;

/** How a deployment stands as a whole. */
public enum DeploymentState {
    /** On its way into its JVMs. */
    ENABLING,
    /** In force in all its JVMs. */
    ENABLED,
    /** Not in force in some, and will not be by itself. */
    DEGRADED,
    /** The JVMs stay as they are; no further one. */
    PAUSED,
    DISABLING,
    DISABLED,
    ABORTING,
    ABORTED,
    /** No JVM took it. */
    FAILED,
    /** A newer deployment took its place everywhere. */
    SUPERSEDED;

    /** Whether the console is at work on it. */
    boolean isAtWork() {
        return this == ENABLING || isLeaving();
    }

    /** Whether it is on its way out. */
    public boolean isLeaving() {
        return this == DISABLING || this == ABORTING;
    }
}
