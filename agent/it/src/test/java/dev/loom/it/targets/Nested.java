package dev.loom.it.targets;

import java.util.concurrent.locks.LockSupport;

/** Two regions in one method of endless loops, nested and overlapping; several filters name them. */
public final class Nested {

    private static final Board OUTER = Board.of("outer");
    private static final Board INNER = Board.of("inner");
    private static final Board CROSSING = Board.of("crossing");

    private Nested() {}

    public static void main(String[] arguments) throws InterruptedException {
        for (int i = 0; i < 4; i++) {
            Bench.work("worker-" + i, Nested::loop);
        }
        Bench.run();
    }

    private static void loop(Bench.Worker worker) {
        while (!worker.isStopped()) {
            OUTER.in(); // @outer-in
            INNER.in(); // @inner-in
            INNER.out(); // @inner-out
            CROSSING.in(); // @crossing-in
            OUTER.out(); // @outer-out
            CROSSING.out(); // @crossing-out
            worker.beat();
            LockSupport.parkNanos(100_000);
        }
    }
}
