package dev.loom.bootstrap.hook;

import dev.loom.bootstrap.Hold;

/** What call sites with a key do with it, or sites with a count. */
public interface KeyedEntry {

    /**
     * Enters a region, arrives at an event, or counts it.
     *
     * @param hold what the frame has already
     * @param kind of the key, as in {@link KeyKind}
     * @param bits what is compared of the key, besides its kind
     * @param reference what is compared of it as an object
     * @return what the frame is to keep
     */
    Hold enter(Hold hold, int kind, long bits, Object reference);
}
