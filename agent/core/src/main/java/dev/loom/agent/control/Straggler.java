package dev.loom.agent.control;

import java.util.List;

/**
 * A thread with a frame that could still break the filter.
 *
 * @param thread its name
 * @param threadId its id
 * @param threadState for example {@code TIMED_WAITING}
 * @param location the frame, {@code com.acme.Bank.transfer(Bank.java:42)}
 * @param stack the thread's stack, top first, cut at 64 frames
 * @param sinceMillis how long it has been seen, ms
 * @param reason why it has not switched
 */
public record Straggler(
        String thread, long threadId, String threadState, String location, List<String> stack, long sinceMillis, String reason) {}
