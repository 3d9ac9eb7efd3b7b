package dev.loom.it.targets;

import java.lang.reflect.Method;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Many workers, each in an endless loop: they wait for jobs, or, of the kind {@code compute}, never wait at all. Arguments: {@code
 * platform}, {@code virtual} or {@code compute}, and how many. Commands: {@code feed N}: N jobs. A worker "heartbeat" beats every ms.
 */
public final class Masses {

    private static final Board BOARD = Board.of("masses");
    private static final Board COMPUTE = Board.of("compute");
    private static final LinkedBlockingQueue<Integer> JOBS = new LinkedBlockingQueue<>();

    private Masses() {}

    public static void main(String[] arguments) throws Exception {
        int count = Integer.parseInt(arguments[1]);
        Method startVirtual = arguments[0].equals("virtual") ? Thread.class.getMethod("startVirtualThread", Runnable.class) : null;
        for (int i = 0; i < count; i++) {
            if (arguments[0].equals("compute")) {
                Bench.work("worker-" + i, Masses::compute);
            } else if (startVirtual == null) {
                Bench.work("worker-" + i, Masses::loop);
            } else {
                startVirtual.invoke(null, Bench.prepare("worker-" + i, Masses::loop));
            }
        }
        Bench.work("heartbeat", worker -> {
            while (!worker.isStopped()) {
                worker.beat();
                Thread.sleep(1);
            }
        });
        Bench.commands(text -> {
            int jobs = Integer.parseInt(text.substring("feed ".length()));
            for (int i = 0; i < jobs; i++) {
                JOBS.add(i);
            }
            return "done";
        });
        Bench.run();
    }

    private static void loop(Bench.Worker worker) throws InterruptedException {
        long sum = 0;
        while (!worker.isStopped()) {
            int job = JOBS.take();
            BOARD.in(); // @masses-in
            sum += job;
            BOARD.out(); // @masses-out
            worker.beat();
        }
        Bench.error("impossible " + sum);
    }

    /** A loop that never waits; the JIT compiles it while it runs. */
    private static void compute(Bench.Worker worker) {
        long x = 88172645463325252L;
        while (!worker.isStopped()) {
            for (int i = 0; i < 20_000; i++) {
                x ^= x << 13;
                x ^= x >>> 7;
                x ^= x << 17;
            }
            COMPUTE.in(); // @compute-in
            x++;
            COMPUTE.out(); // @compute-out
            worker.beat();
        }
        Bench.error("impossible " + x);
    }
}
