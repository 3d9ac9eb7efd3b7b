package dev.loom.console.deployment;

import dev.loom.client.FilterState;

/**
 * How a deployment stands in one JVM: a word of the console's, or what the agent says. The agent's words stand here again, as an enum cannot extend
 * another; {@link #of} fails for one that is missing.
 */
public enum JvmState {
    /** It is to be installed. */
    PENDING,
    /** The install is at work. */
    INSTALLING,
    /** The JVM does not answer. */
    UNREACHABLE,
    /** A newer deployment of the filter took its place. */
    SUPERSEDED,
    /** Taken back before it was in force. */
    CANCELLED,
    CHECKING,
    WAITING_FOR_CLASS,
    EVACUATING,
    ACTIVE,
    OBSERVING,
    ACCEPTED,
    REMOVING,
    REMOVED,
    REJECTED,
    FAILED,
    /** The agent says something that this console does not know. */
    UNKNOWN;

    /** What the agent says. */
    static JvmState of(FilterState said) {
        return said == FilterState.NONE ? UNKNOWN : valueOf(said.name());
    }

    /** What is stored, also by another version of the console. */
    static JvmState stored(String word) {
        for (JvmState state : values()) {
            if (state.name().equals(word)) {
                return state;
            }
        }
        return UNKNOWN;
    }

    /** Whether the filter does all that it promises there. */
    public boolean isSettled() {
        return this == ACTIVE || this == OBSERVING;
    }

    /** Whether the filter is in force, be it with stragglers that somebody accepted. */
    public boolean isInForce() {
        return isSettled() || this == ACCEPTED;
    }

    /** Whether something follows by itself. */
    boolean isOnItsWay() {
        return switch (this) {
            case PENDING, INSTALLING, CHECKING, WAITING_FOR_CLASS, EVACUATING, REMOVING, UNKNOWN -> true;
            default -> false;
        };
    }

    /** Whether the filter is not there because something was wrong with it. */
    public boolean isRefused() {
        return this == REJECTED || this == FAILED;
    }

    /** Whether nothing follows. */
    public boolean isEnd() {
        return isRefused() || this == REMOVED || this == SUPERSEDED || this == CANCELLED;
    }
}
