package dev.loom.console.thread;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The last dumps, in memory, so that a search, a download and a proposal are about the one that is looked at. They are few, and small together;
 * the oldest go first. Thread-safe.
 */
final class KeptDumps {

    private static final int MOST = 50;
    /** Bytes of all together, about; the newest is kept however large it is. */
    private static final long MOST_BYTES = 32L << 20;
    private static final long LONGEST_NANOS = 15 * 60_000_000_000L;

    private record Kept(TakenDump dump, long weight) {}

    /** By number, the oldest first. Guarded by itself. */
    private final Map<Long, Kept> kept = new LinkedHashMap<>();

    void keep(TakenDump dump) {
        long weight = dump.weight();
        synchronized (kept) {
            kept.put(dump.number(), new Kept(dump, weight));
            long bytes = kept.values().stream().mapToLong(Kept::weight).sum();
            var oldest = kept.values().iterator();
            while (kept.size() > 1 && (kept.size() > MOST || bytes > MOST_BYTES)) {
                bytes -= oldest.next().weight();
                oldest.remove();
            }
        }
    }

    Optional<TakenDump> find(long target, long number) {
        synchronized (kept) {
            forgetOld();
            return Optional.ofNullable(kept.get(number)).map(Kept::dump).filter(dump -> dump.target() == target);
        }
    }

    /** The last one of a JVM. */
    Optional<TakenDump> newest(long target) {
        synchronized (kept) {
            forgetOld();
            return kept.values().stream().map(Kept::dump).filter(dump -> dump.target() == target).max(Comparator.comparingLong(TakenDump::number));
        }
    }

    void forget(long target) {
        synchronized (kept) {
            kept.values().removeIf(k -> k.dump().target() == target);
        }
    }

    private void forgetOld() {
        long now = System.nanoTime();
        kept.values().removeIf(k -> now - k.dump().atNanos() > LONGEST_NANOS);
    }
}
