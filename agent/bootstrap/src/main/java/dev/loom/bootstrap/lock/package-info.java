/**
 * Mutual exclusion: who is in a region, and who has to wait. {@link dev.loom.bootstrap.lock.ExclusiveLock} has one owner, {@link
 * dev.loom.bootstrap.lock.KeyedLock} knows keys and sides whose threads may be inside together; each has its kind of hook, where an
 * entry begins.
 */
package dev.loom.bootstrap.lock;
