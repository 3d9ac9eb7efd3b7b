package dev.loom.console.stream;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** Bounds how many answers of one sort may last at once: in all, and for each who asks. Thread-safe. */
public final class Slots {

    private final String what;
    private final int most;
    private final int mostEach;

    /** Guarded by itself. */
    private final Map<String, Integer> taken = new HashMap<>();

    private int all;

    /** @param what in the plural, for people: "event streams" */
    public Slots(String what, int most, int mostEach) {
        this.what = what;
        this.most = most;
        this.mostEach = mostEach;
    }

    /** A slot that is taken; closing it twice does no harm. */
    public interface Slot extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Takes a slot.
     *
     * @throws LoomProblem if there are too many already
     */
    public Slot take(String who) {
        synchronized (taken) {
            int own = taken.getOrDefault(who, 0);
            if (own >= mostEach) {
                throw new LoomProblem(
                        ProblemCode.TOO_MANY, who + " has " + own + " " + what + " open, and more are not possible.", "Close one first.");
            }
            if (all >= most) {
                throw new LoomProblem(ProblemCode.UNAVAILABLE, "There are too many " + what + " already.", "Try again later.");
            }
            taken.put(who, own + 1);
            all++;
        }
        AtomicBoolean open = new AtomicBoolean(true);
        return () -> {
            if (open.getAndSet(false)) {
                synchronized (taken) {
                    taken.compute(who, (name, n) -> n == null || n <= 1 ? null : n - 1);
                    all--;
                }
            }
        };
    }
}
