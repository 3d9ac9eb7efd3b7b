package dev.loom.client;

/** The states of a filter in a JVM, as the agent tells them. */
public enum FilterState {
    /** Tells of none: a check that found no error. */
    NONE,
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
    /** A state that this client does not have: of a newer agent, or of something that is none. */
    UNKNOWN;

    /** Reads what an agent says; never fails. */
    public static FilterState of(String said) {
        for (FilterState state : values()) {
            if (state.word().equals(said)) {
                return state;
            }
        }
        return UNKNOWN;
    }

    /** The contract's word; empty for {@link #NONE}. */
    public String word() {
        return this == NONE ? "" : name();
    }

    /** Whether nothing follows: the filter is not in the JVM. */
    public boolean isEnd() {
        return this == REMOVED || isRefused();
    }

    /** Whether the filter is not in the JVM because something was wrong. */
    public boolean isRefused() {
        return this == REJECTED || this == FAILED;
    }

    /** Whether the filter does all that it promises. A filter with accepted stragglers does not. */
    public boolean isInForce() {
        return this == ACTIVE || this == OBSERVING;
    }

    @Override
    public String toString() {
        return word();
    }
}
