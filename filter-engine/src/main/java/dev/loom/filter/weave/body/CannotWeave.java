package dev.loom.filter.weave.body;

import org.jspecify.annotations.Nullable;

/** A method or class that cannot be woven; the message says which and why. Nothing has been changed. */
public final class CannotWeave extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final @Nullable String missing;

    public CannotWeave(String message) {
        super(message);
        missing = null;
    }

    private CannotWeave(String message, String missing) {
        super(message);
        this.missing = missing;
    }

    /** That another class is needed and was not found; its internal name. */
    public static CannotWeave without(String missing) {
        return new CannotWeave(
                "the class file of " + missing.replace('/', '.')
                        + " is needed to compute stack map frames for an old class file, and was not found",
                missing);
    }

    public CannotWeave(String message, Throwable cause) {
        super(message, cause);
        missing = null;
    }

    /** Internal name of the class that is missing; null if that is not the reason. */
    public @Nullable String missing() {
        return missing;
    }
}
