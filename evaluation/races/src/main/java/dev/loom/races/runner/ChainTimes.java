package dev.loom.races.runner;

/**
 * How long the steps of a chain take.
 *
 * @param search of a search, s
 * @param budget of a search, as the control tool takes it
 * @param observe at most until an overlap, s
 * @param seconds at least without a failure
 * @param longest at most for as many operations as are wanted, s
 */
record ChainTimes(int search, String budget, int observe, double seconds, double longest) {}
