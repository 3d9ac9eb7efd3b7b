package dev.loom.ctl.failure;

/** The exit statuses of the control tool; scripts build on the numbers. */
public final class ExitStatus {

    /** It is done. */
    public static final int DONE = 0;

    /** The filter was rejected, or the operation failed. */
    public static final int FAILED = 1;

    /** The command line is wrong. */
    public static final int USAGE = 2;

    /** It is under way, but was not done within {@code --wait}. */
    public static final int NOT_WITHIN_WAIT = 3;

    /** The target could not be reached. */
    public static final int UNREACHABLE = 4;

    private ExitStatus() {}
}
