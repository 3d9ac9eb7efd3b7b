package dev.loom.bootstrap.wait;

/** Whoever has a {@link Wait}: is told when it begins and ends, and says whether it still has to be. */
public interface WaitListener {

    /** Whether its waits are to go on without what they wait for. */
    boolean passes();

    /** A wait begins. */
    void contends();

    /**
     * A wait ends: its time is to be counted, and {@link Wait#counted} set in the same step.
     *
     * @param bypassed whether it ends without what it waited for because somebody, or its own patience, let it go on
     */
    void waited(Wait wait, boolean bypassed);
}
