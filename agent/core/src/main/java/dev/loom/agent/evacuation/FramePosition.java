package dev.loom.agent.evacuation;

/**
 * A frame's place.
 *
 * @param thread id of its thread
 * @param depth counted from the bottom of the stack, 0 being the lowest frame
 */
public record FramePosition(long thread, int depth) {}
