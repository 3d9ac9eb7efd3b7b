package dev.loom.agent.transform;

/** The JVM, or another agent in it, did not let woven code in; everything is as it was before. The message says why. */
public final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Refused(String message, Throwable cause) {
        super(message, cause);
    }
}
