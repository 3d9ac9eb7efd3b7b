package dev.loom.races;

/**
 * What two threads do to each other, round after round. The same two threads call the methods for ever, so that fields written in
 * {@link #prepare()} are seen in the others, and an instance is never used by more than those two. Each race stands whole in its class, to be read
 * beside its bug report, even where two look alike.
 */
interface Race {

    /** Sets the round up; nothing else runs. */
    void prepare() throws Exception;

    /** One side of the race. */
    void first() throws Exception;

    /** The other side, at the same time. */
    void second() throws Exception;

    /** How many operations of this round the race has spoiled; nothing else runs. */
    int failures() throws Exception;

    /** Operations in each round. */
    default int operations() {
        return 1;
    }

    /** How many pairs of threads run this race at a time, each with an instance of its own. More where a window is narrow. */
    default int pairs() {
        return 2;
    }

    /** Ends the threads of the library's that have run since the start, and starts new ones; as an operator restarts a worker. */
    default void restartWorkers() throws Exception {}
}
