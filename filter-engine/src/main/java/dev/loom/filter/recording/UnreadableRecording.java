package dev.loom.filter.recording;

/** Why a recording tells nothing, and what to do about it. */
public final class UnreadableRecording extends Exception {

    private final String hint;

    UnreadableRecording(String message, String hint) {
        super(message, null, false, false);
        this.hint = hint;
    }

    /** What to do; may be empty. */
    public String hint() {
        return hint;
    }
}
