package dev.loom.client;

import java.util.List;

/** A thread with a frame that could still break the filter: where it is, since when, and why it has not switched. */
public record Straggler(
        String thread, long threadId, String threadState, String location, List<String> stack, long sinceMillis, String reason) {}
