/**
 * Waiting in the application's threads, without a word about hooks and locks: how a thread parks, in which order threads go on, who
 * waits now, and which threads must not. Start at {@link dev.loom.bootstrap.wait.Wait}.
 */
package dev.loom.bootstrap.wait;
