package dev.loom.bootstrap.lock;

/** The numbers of one hook in one {@link KeyStripe}; guarded by its latch. */
final class StripeCounts {
    long hits;
    long overlaps;

    /** The hits of all stripes; 0 for null. */
    static long hits(StripeCounts[] cells) {
        long sum = 0;
        for (int i = 0; cells != null && i < cells.length; i++) {
            sum += cells[i].hits;
        }
        return sum;
    }
}
