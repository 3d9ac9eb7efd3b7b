/**
 * The only classes of Loom's that the application's class path sees: they open the rest of the agent jar in a class loader of its
 * own. Start at {@link dev.loom.launcher.LoomAgent}.
 */
package dev.loom.launcher;
