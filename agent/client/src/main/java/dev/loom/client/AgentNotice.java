package dev.loom.client;

import org.jspecify.annotations.Nullable;

/**
 * A notification of the agent.
 *
 * @param type {@code dev.loom.filter.state}, {@code .progress}, {@code .deadlock}, {@code .timeout} or {@code .straggler}
 * @param message for people
 */
public record AgentNotice(String type, String message, long atMillis, @Nullable FilterStatus status) {}
