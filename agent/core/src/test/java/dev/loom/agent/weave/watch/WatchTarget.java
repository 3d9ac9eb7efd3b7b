package dev.loom.agent.weave.watch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** Uses fields of all sorts, and calls with arguments of all sizes. */
public class WatchTarget extends WatchTargetBase implements Callable<String> {

    private static long total;
    private static final int FINAL = Integer.getInteger("no.such.property", 3);

    private int count;
    private volatile int version;
    private double share;
    private long sum;
    private String name;
    private int[] cells = new int[2];
    private final Map<String, Integer> map = new HashMap<>();
    private final List<Long> list = new ArrayList<>();

    public WatchTarget() {
        this("none".concat("!"), FINAL);
    }

    WatchTarget(String name, int count) {
        this.name = name;
        this.count = count;
    }

    @Override
    public String call() {
        count += 2;
        version++;
        share = share + 0.5;
        sum -= 3L;
        total = total + sum;
        cells[1] = cells[0] + FINAL;
        inherited = 4;
        map.put(name, count);
        list.add(0, sum);
        synchronized (this) {
            name = name + map.getOrDefault("none!", 7);
        }
        return name + count + version + share + sum + total + cells[1] + inherited + map + list + guarded(1L, 2.0, (byte) 3);
    }

    private synchronized double guarded(long one, double other, byte third) {
        double before = share;
        share = one + other + third;
        return before;
    }
}

/** What others inherit. */
class WatchTargetBase {
    protected int inherited;
}
