/**
 * What Loom costs while nothing happens, what an enforced region costs, and what a start costs; as ratios of JVMs that are run in turn.
 * {@link dev.loom.benchmarks.Compare} starts the JVMs, {@link dev.loom.benchmarks.Worker} is what runs in them.
 */
package dev.loom.benchmarks;
