package dev.loom.agent.control;

import java.util.List;

/**
 * Two threads that a filter kept apart, or saw together where it only observes.
 *
 * @param end {@code PREVENTED} (the one waited until the other was out), {@code BYPASSED} (it went on without) or {@code OVERLAPPED} (nobody waits)
 * @param hook id of the hook to which the one came
 * @param location that hook's place in the code
 * @param thread name of the thread that came second
 * @param threadId its id
 * @param stack its stack when it came, top first
 * @param other name of the thread that was inside
 * @param otherId its id
 * @param otherStack its stack when it left, top first; empty if it was not seen to leave
 * @param atMillis when the one came, ms since 1970
 * @param waitedNanos how long it waited, ns
 */
public record SeenInterleaving(
        String end, String hook, String location, String thread, long threadId, List<String> stack, String other, long otherId,
        List<String> otherStack, long atMillis, long waitedNanos) {}
