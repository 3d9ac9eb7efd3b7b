package dev.loom.console;

/** Why the console cannot start, for whoever starts it. */
final class CannotStart extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String hint;

    CannotStart(String message, String hint) {
        super(message);
        this.hint = hint;
    }

    /** What to do about it. */
    String hint() {
        return hint;
    }
}
