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
    /** Threads inside exclusively, threads on the shared side, and overlaps so far, in one word. */
    private final AtomicLong state = new AtomicLong();
    private final AtomicLong entries = new AtomicLong();
    private final AtomicInteger turn = new AtomicInteger();

    private static final long EXCLUSIVE = 1;
    private static final long EXCLUSIVE_MASK = 0xffff;
    private static final long SHARED = 1L << 16;
    private static final long SHARED_MASK = 0xffff_0000L;
    private static final long OVERLAP = 1L << 32;

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
        enter(EXCLUSIVE, SHARED_MASK | EXCLUSIVE_MASK);
    }

    public void out() {
        state.addAndGet(-EXCLUSIVE);
    }

    public void sharedIn() {
        enter(SHARED, EXCLUSIVE_MASK);
    }

    public void sharedOut() {
        state.addAndGet(-SHARED);
    }

    /** Comes in and counts the overlap in one step: an overlap is never counted later than it was. */
    private void enter(long side, long inTheWay) {
        long before;
        long after;
        do {
            before = state.get();
            after = before + side + ((before & inTheWay) != 0 ? OVERLAP : 0);
        } while (!state.compareAndSet(before, after));
        entries.incrementAndGet();
        linger();
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
        ALL.values().forEach(board -> result.merge(base(board.name), board.state.get() >>> 32, Long::sum));
        return result;
    }

    private static String base(String name) {
        int key = name.indexOf('@');
        return key < 0 ? name : name.substring(0, key);
    }
}
