package dev.loom.ctl;

/** The control tool. */
public final class LoomCtl {

    private LoomCtl() {}

    /** Runs one command; gives the exit status. */
    public static int run(String agentJar, String[] arguments) {
        System.err.println("loom: the control tool is in work");
        return 2;
    }
}
