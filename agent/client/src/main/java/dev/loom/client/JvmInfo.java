package dev.loom.client;

/**
 * What a JVM says of itself.
 *
 * @param pid its process, in its own name space
 * @param startMillis epoch ms of its start: tells a restarted JVM from the one before
 * @param serverId of its MBean server, the same by whatever address it is reached, and no other JVM's; empty if it does not tell
 */
public record JvmInfo(long pid, long startMillis, String vmName, String javaVersion, String serverId) {}
