package dev.loom.filter.weave;

/** A method or class that cannot be woven; the message says which and why. Nothing has been changed. */
public final class CannotWeave extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CannotWeave(String message) {
        super(message);
    }

    public CannotWeave(String message, Throwable cause) {
        super(message, cause);
    }
}
