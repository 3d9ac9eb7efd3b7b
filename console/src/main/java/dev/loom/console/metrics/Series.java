package dev.loom.console.metrics;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The newest points of one filter in one JVM, or of the JVM itself, in a ring of fixed size. Thread-safe. */
final class Series {

    /** Points kept in memory: ten minutes at one a second. */
    static final int SIZE = 600;

    private static final int COLUMNS = 6;

    private final long[] at = new long[SIZE];
    /** Floats: a chart shows three digits, and a thousand JVMs have a thousand of these. */
    private final float[] values = new float[SIZE * COLUMNS];

    private long written;
    private long flushed;

    synchronized void add(Point point) {
        int slot = (int) (written % SIZE);
        at[slot] = point.at();
        float[] v = values;
        int base = slot * COLUMNS;
        v[base] = (float) point.hits();
        v[base + 1] = (float) point.contended();
        v[base + 2] = (float) point.overhead();
        v[base + 3] = (float) point.progress();
        v[base + 4] = (float) point.operations();
        v[base + 5] = (float) point.failures();
        written++;
    }

    /** Time of the oldest point; Long.MAX_VALUE if there is none. */
    synchronized long oldest() {
        return written == 0 ? Long.MAX_VALUE : at[(int) (Math.max(0, written - SIZE) % SIZE)];
    }

    synchronized long newest() {
        return written == 0 ? 0 : at[(int) ((written - 1) % SIZE)];
    }

    synchronized @Nullable Point last() {
        return written == 0 ? null : point(written - 1);
    }

    /** The newest points, at most so many. */
    synchronized List<Point> last(int most) {
        List<Point> result = new ArrayList<>(most);
        for (long n = Math.max(0, written - Math.min(most, SIZE)); n < written; n++) {
            result.add(point(n));
        }
        return result;
    }

    synchronized List<Point> between(long from, long to) {
        List<Point> result = new ArrayList<>();
        for (long n = Math.max(0, written - SIZE); n < written; n++) {
            long time = at[(int) (n % SIZE)];
            if (time >= from && time <= to) {
                result.add(point(n));
            }
        }
        return result;
    }

    /** The points since the last call. */
    synchronized List<Point> unflushed() {
        List<Point> result = new ArrayList<>();
        for (long n = Math.max(flushed, written - SIZE); n < written; n++) {
            result.add(point(n));
        }
        flushed = written;
        return result;
    }

    private Point point(long n) {
        int slot = (int) (n % SIZE);
        int base = slot * COLUMNS;
        return new Point(
                at[slot], values[base], values[base + 1], values[base + 2], values[base + 3], values[base + 4], values[base + 5]);
    }
}
