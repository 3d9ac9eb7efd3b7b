package dev.loom.bootstrap.watch;

import java.util.Arrays;

/** What watch points look at: for each place whether a thread that comes there is to go on into the {@link RaceSearch}. */
public final class Armed {

    /** Bits for a search's own places; the rest of a place's number says which search it is of. */
    static final int BITS = 16;
    /** The place is to be sampled. */
    static final byte SAMPLED = 1;
    /** A thread pauses in front of what the place would collide with. */
    static final byte TRAPPED = 2;
    /** A thread has made a step with what the place uses, and is followed. */
    static final byte FOLLOWED = 4;

    /**
     * By place, of the search that there is. Read without a latch: a thread that sees a change late passes once more. The one array for all searches, and its elements
     * are not volatile, so that compiled code looks at a constant address, and moves nothing around for it (measured with H2 under load: with a volatile
     * reference the watched code had six tenths of its throughput). A loop in which nothing is called or synchronized may so pass its places unseen.
     */
    public static final byte[] PLACES = new byte[1 << BITS];

    private static volatile RaceSearch search;
    private static int searches;

    private Armed() {}

    /** Numbers searches, over all agents that there are in the life of the JVM. */
    static synchronized int next() {
        searches = searches + 1 & Integer.MAX_VALUE >> BITS;
        return searches;
    }

    static synchronized void begin(RaceSearch begun) {
        if (search != null) {
            throw new IllegalStateException("races are being looked for already");
        }
        Arrays.fill(PLACES, (byte) 0);
        search = begun;
    }

    static synchronized void end(RaceSearch ended) {
        if (search == ended) {
            search = null;
            Arrays.fill(PLACES, (byte) 0);
        }
    }

    /** A thread has come to a place that is not quiet. */
    public static void arrive(Object object, Object about, int number) {
        RaceSearch now = search;
        if (now != null && object != null) {
            now.arrive(object, about, number);
        }
    }
}
