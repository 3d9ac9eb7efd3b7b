package dev.loom.benchmarks;

/** One thing to do again and again. */
interface Workload {

    /** Does it once; the result is added up, so that no compiler leaves it out. */
    long once() throws Exception;

    /** Whether other threads work for it, so that the CPU time of the process is what it costs. */
    default boolean usesOtherThreads() {
        return false;
    }
}
