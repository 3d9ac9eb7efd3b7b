/** Speaks to a console over its REST API. Start at {@link dev.loom.ctl.console.ConsoleLink}. */
package dev.loom.ctl.console;
