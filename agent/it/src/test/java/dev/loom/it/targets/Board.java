package dev.loom.it.targets;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Who is inside a region, counted by the program itself: an entry that finds somebody there who should not be is an overlap. Threads
 * on one shared side may be inside together.
 */
public final class Board {

    private static final Map<String, Board> ALL = new ConcurrentHashMap<>();

    private final String name;
    /** Threads inside exclusively in the low half, on the shared side in the high half. */
    private final AtomicLong inside = new AtomicLong();
    private final AtomicLong entries = new AtomicLong();
    private final AtomicLong overlaps = new AtomicLong();
    private final AtomicInteger turn = new AtomicInteger();

    private static final long SHARED = 1L << 32;
    private static final long EXCLUSIVE = 1;

    private Board(String name) {
        this.name = name;
    }

    /** One board of a name; several objects with a key of their own each make their own. */
    public static Board of(String name) {
        return ALL.computeIfAbsent(name, Board::new);
    }

    /** A board whose numbers go into those of another. */
    Board another(Object key) {
        return of(name + "@" + key);
    }

    public void in() {
        if (inside.getAndAdd(EXCLUSIVE) != 0) {
            overlaps.incrementAndGet();
        }
        entries.incrementAndGet();
        linger();
    }

    public void out() {
        inside.addAndGet(-EXCLUSIVE);
    }

    public void sharedIn() {
        if ((inside.getAndAdd(SHARED) & (SHARED - 1)) != 0) {
            overlaps.incrementAndGet();
        }
        entries.incrementAndGet();
        linger();
    }

    public void sharedOut() {
        inside.addAndGet(-SHARED);
    }

    /** Makes it likely that others come, if nothing keeps them out. */
    private void linger() {
        if ((turn.incrementAndGet() & 3) == 0) {
            Thread.yield();
        }
    }

    static Map<String, Long> allEntries() {
        Map<String, Long> result = new TreeMap<>();
        ALL.values().forEach(board -> result.merge(base(board.name), board.entries.get(), Long::sum));
        return result;
    }

    static Map<String, Long> allOverlaps() {
        Map<String, Long> result = new TreeMap<>();
        ALL.values().forEach(board -> result.merge(base(board.name), board.overlaps.get(), Long::sum));
        return result;
    }

    private static String base(String name) {
        int key = name.indexOf('@');
        return key < 0 ? name : name.substring(0, key);
    }
}
