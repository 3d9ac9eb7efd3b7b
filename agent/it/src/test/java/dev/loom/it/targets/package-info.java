/**
 * Programs that the tests start in JVMs of their own. They know nothing of Loom. What they count they show on an MBean, see {@link
 * dev.loom.it.targets.Bench}; lines that filters name carry a mark.
 */
package dev.loom.it.targets;
