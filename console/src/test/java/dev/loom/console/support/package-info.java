/** What the console's tests share: a whole console ({@link dev.loom.console.support.ConsoleUnderTest}) and JVMs for it to talk to. */
package dev.loom.console.support;
