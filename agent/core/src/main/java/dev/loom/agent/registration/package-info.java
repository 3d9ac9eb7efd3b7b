/** Tells a console that this JVM is here. Start at {@link dev.loom.agent.registration.Registrar}. */
package dev.loom.agent.registration;
