package dev.loom.ctl.failure;

/** Ends a command. The message says what is wrong, the hint what to do about it. */
public final class CommandFailure extends RuntimeException {

    private final int status;
    private final String hint;

    private CommandFailure(int status, String message, String hint) {
        super(message, null, false, false);
        this.status = status;
        this.hint = hint;
    }

    /** The operation failed ({@link ExitStatus#FAILED}). */
    public static CommandFailure failed(String message, String hint) {
        return new CommandFailure(ExitStatus.FAILED, message, hint);
    }

    /** The target could not be reached ({@link ExitStatus#UNREACHABLE}). */
    public static CommandFailure unreachable(String message, String hint) {
        return new CommandFailure(ExitStatus.UNREACHABLE, message, hint);
    }

    /** It was not done within the time that was given ({@link ExitStatus#NOT_WITHIN_WAIT}). */
    public static CommandFailure notWithinWait(String message, String hint) {
        return new CommandFailure(ExitStatus.NOT_WITHIN_WAIT, message, hint);
    }

    /** What was written on the command line makes no sense ({@link ExitStatus#USAGE}). */
    public static CommandFailure usage(String message, String hint) {
        return new CommandFailure(ExitStatus.USAGE, message, hint);
    }

    /** The exit status. */
    public int status() {
        return status;
    }

    /** What to do; may be empty. */
    public String hint() {
        return hint;
    }
}
