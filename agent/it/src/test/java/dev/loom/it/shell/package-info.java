/** The agent jar from outside, in real JVMs: start, attach, MBeans, connector, registration, detach. Start at {@link dev.loom.it.shell.TestJvm}. */
package dev.loom.it.shell;
