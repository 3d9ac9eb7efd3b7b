package dev.loom.console.target;

import dev.loom.client.AgentNotice;

/** Is told what JVMs say. Calls for one JVM come one after the other, on a thread that reads it: be quick. */
public interface TargetListener {

    /** After each reading, about once a second. */
    void onSnapshot(Target target, Snapshot before, Snapshot now);

    /** At each notification of the agent, on a thread of JMX. */
    default void onNotice(Target target, AgentNotice notice) {}

    /** When a JVM was taken out of the console; it is told nothing more of that one. */
    default void onRemoved(long targetId) {}
}
