package dev.loom.races;

/** The counts of a running race, as {@code dev.loom.races:type=Race}. */
public interface RaceMXBean {

    /** The race's name. */
    String getRace();

    /** Operations done since the start. */
    long getOperations();

    /** Operations that the race spoiled. */
    long getFailures();
}
