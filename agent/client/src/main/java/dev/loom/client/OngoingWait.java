package dev.loom.client;

import java.util.List;

/**
 * A thread that waits in one of a filter's hooks now.
 *
 * @param hook id of the hook
 * @param location the hook's place in the code
 * @param sinceMillis how long it has waited, ms
 * @param waitsFor the threads that keep it waiting, by name and id; empty where it waits for an event
 */
public record OngoingWait(String thread, long threadId, String hook, String location, long sinceMillis, List<String> waitsFor) {}
