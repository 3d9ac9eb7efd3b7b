/**
 * Which JVMs: chosen by their labels ({@link dev.loom.console.scope.Selector}), and those that somebody may act on ({@link
 * dev.loom.console.scope.Scope}, where to start).
 */
@NullMarked
package dev.loom.console.scope;

import org.jspecify.annotations.NullMarked;
