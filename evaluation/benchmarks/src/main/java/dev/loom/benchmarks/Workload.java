package dev.loom.benchmarks;

/** One thing to do again and again. */
interface Workload {

    /** Does it once; the result is added up, so that no compiler leaves it out. */
    long once() throws Exception;
}
