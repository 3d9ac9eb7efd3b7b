package dev.loom.bootstrap;

/** The numbers of one hook in one {@link KeyStripe}; guarded by its latch. */
final class StripeCounts {
    long hits;
    long overlaps;
}
