/**
 * Class transformation in this JVM: the static part at load, and what the filters in force ask for. Start at
 * {@link dev.loom.agent.transform.Weaving}; what becomes of a class that loads is decided in {@code WeavingTransformer}.
 */
package dev.loom.agent.transform;
