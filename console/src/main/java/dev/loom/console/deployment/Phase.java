package dev.loom.console.deployment;

/** What the console has to do for a deployment in one JVM. */
enum Phase {
    /** Install it. */
    WAITING,
    /** The install is at work. */
    INSTALLING,
    /** Nothing: follow what the JVM says. */
    INSTALLED,
    /** Take an install that is not finished back. */
    CANCELLING,
    /** Remove it. */
    REMOVING,
    /** Nothing any more. */
    ENDED
}
