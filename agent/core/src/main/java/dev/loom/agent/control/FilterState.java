package dev.loom.agent.control;

/** State of one filter in this JVM. */
public enum FilterState {
    /** Being compared with the loaded classes. */
    CHECKING,
    /** Accepted; some class that it names is not loaded yet. */
    WAITING_FOR_CLASS,
    /** Woven and enforcing in all new code; frames are left that run old code. */
    EVACUATING,
    /** No frame is left that could break the filter. */
    ACTIVE,
    /** As {@link #ACTIVE}, for a filter that only counts. */
    OBSERVING,
    /** Evacuating with stragglers that an operator accepted. */
    ACCEPTED,
    /** Passing; tokens are still out or frames still in woven code. */
    REMOVING,
    /** Gone; an end. */
    REMOVED,
    /** Not installed, because of its diagnostics; an end. */
    REJECTED,
    /** Not installed, because something went wrong; the JVM is as it was; an end. */
    FAILED;

    /** Whether nothing follows. */
    public boolean isEnd() {
        return this == REMOVED || this == REJECTED || this == FAILED;
    }
}
