package dev.loom.console.deployment;

/** What a deployment is meant to do, and what {@link DeploymentState} is made of; some of its words are the same, as an enum cannot extend another. */
enum Intent {
    /** The filter shall be in the JVMs. */
    ENABLED,
    /** As it is; no further JVM. */
    PAUSED,
    /** The filter shall be gone. */
    DISABLING,
    /** It is gone; an end. */
    DISABLED,
    /** The deployment shall be taken back. */
    ABORTING,
    /** It was taken back; an end. */
    ABORTED,
    /** No JVM took it; an end. */
    FAILED,
    /** Another deployment of the same filter took its place in all its JVMs; an end. */
    SUPERSEDED;

    boolean isEnd() {
        return this == DISABLED || this == ABORTED || this == FAILED || this == SUPERSEDED;
    }

    /** Whether the filter is wanted in the JVMs. */
    boolean isWanted() {
        return this == ENABLED || this == PAUSED;
    }
}
