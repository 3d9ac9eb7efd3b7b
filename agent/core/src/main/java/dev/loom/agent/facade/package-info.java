/** Brings the classes that woven code calls into the JVM. Start at {@link dev.loom.agent.facade.Facade}. */
package dev.loom.agent.facade;
