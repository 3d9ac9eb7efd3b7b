package dev.loom.bootstrap.watch;

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

    private static final byte[] NONE = new byte[1];

    /**
     * By place; as long as a power of two. Read without a latch: a thread that sees a change late passes once more. Volatile so that a
     * loop reads it each time.
     */
    public static volatile byte[] places = NONE;

    private static volatile RaceSearch search;
    private static int searches;

    private Armed() {}

    /** Numbers searches, over all agents that there are in the life of the JVM. */
    static synchronized int next() {
        searches = searches + 1 & Integer.MAX_VALUE >> BITS;
        return searches;
    }

    static synchronized void begin(RaceSearch begun, byte[] flags) {
        if (search != null) {
            throw new IllegalStateException("races are being looked for already");
        }
        search = begun;
        places = flags;
    }

    static synchronized void end(RaceSearch ended) {
        if (search == ended) {
            places = NONE;
            search = null;
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
