/**
 * Sees races: a thread pauses in front of what it is about to do, and whoever comes to the same object meanwhile collides with it. Start at
 * {@link dev.loom.bootstrap.watch.RaceSearch}, which says why a collision is never a false alarm; woven code comes in through {@link
 * dev.loom.bootstrap.watch.Armed}.
 */
package dev.loom.bootstrap.watch;
