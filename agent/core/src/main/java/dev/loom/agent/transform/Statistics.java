package dev.loom.agent.transform;

import dev.loom.filter.analysis.UpdatePoints;
import dev.loom.filter.weave.WovenClass;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What class transformation did so far. Thread-safe. */
public final class Statistics {
    private final AtomicInteger classes = new AtomicInteger();
    private final AtomicInteger methods = new AtomicInteger();
    private final AtomicInteger before = new AtomicInteger();
    private final LongAdder nanos = new LongAdder();
    private final LongAdder faults = new LongAdder();
    private final Map<String, Integer> skipped = new TreeMap<>();

    void prepared(WovenClass woven) {
        if (woven.methods() > 0) {
            classes.incrementAndGet();
            methods.addAndGet(woven.methods());
        }
        for (Map.Entry<UpdatePoints.Reason, Integer> entry : woven.skipped().entrySet()) {
            skipped(entry.getKey().text(), entry.getValue());
        }
    }

    /** A class that had its update points when it came. */
    void preparedBefore(int some) {
        before.incrementAndGet();
        classes.incrementAndGet();
        methods.addAndGet(some);
    }

    /** How many of the classes had their update points when they came. */
    public int before() {
        return before.get();
    }

    /** A class of which something had been left has got the rest. */
    void completed(WovenClass before, WovenClass now) {
        classes.addAndGet((now.methods() > 0 ? 1 : 0) - (before.methods() > 0 ? 1 : 0));
        methods.addAndGet(now.methods() - before.methods());
        now.skipped().forEach((reason, count) -> {
            int more = count - before.skipped().getOrDefault(reason, 0);
            if (more > 0) {
                skipped(reason.text(), more);
            }
        });
    }

    void skipped(String reason, int count) {
        synchronized (skipped) {
            skipped.merge(reason, count, Integer::sum);
        }
    }

    void took(long nanoseconds) {
        nanos.add(nanoseconds);
    }

    /** Counts a fault in Loom's own code. */
    public void fault() {
        faults.increment();
    }

    public int classes() {
        return classes.get();
    }

    public int methods() {
        return methods.get();
    }

    /** Time in class transformation, ms. */
    public long millis() {
        return nanos.sum() / 1_000_000;
    }

    /** Faults in Loom's own code; each left a class as it was. */
    public long faults() {
        return faults.sum();
    }

    /** Places without an update point, by reason. */
    public Map<String, Integer> skipped() {
        synchronized (skipped) {
            return new TreeMap<>(skipped);
        }
    }
}
