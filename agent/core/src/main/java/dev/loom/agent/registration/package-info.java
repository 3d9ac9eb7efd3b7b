/** Tells a console that this JVM is here. Start at {@link dev.loom.agent.registration.Registration}. */
package dev.loom.agent.registration;
