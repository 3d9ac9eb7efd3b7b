package dev.loom.client;

import java.util.List;

/**
 * The platform threads of a JVM at one moment.
 *
 * @param live how many there were; more than {@code threads} where there were too many to ask for
 * @param depth how many frames of each were asked for: a stack of as many may have more
 * @param threads in the order in which they were made
 */
public record ThreadDump(int live, int depth, List<DumpedThread> threads) {

    public ThreadDump {
        threads = List.copyOf(threads);
    }
}
