package dev.loom.races.runner;

/**
 * How long to look.
 *
 * @param seconds of a phase
 * @param longest seconds for a phase that has not yet seen what it wants
 * @param installs for the time to ACTIVE
 */
record MeasuringTimes(double seconds, double longest, int installs) {}
