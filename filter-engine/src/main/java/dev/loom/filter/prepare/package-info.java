/**
 * Prepares class files and jars before they are deployed, so that they have their update points from the start and a JVM pays nothing for
 * them when it loads them. Start at {@link dev.loom.filter.prepare.Preparer} for one class, at {@link dev.loom.filter.prepare.Preparation}
 * for jars and directories.
 */
@org.jspecify.annotations.NullMarked
package dev.loom.filter.prepare;
