package dev.loom.it.targets;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Workers that stand where they are told to, for as long as they are told to. Each waits for a job in an endless loop; the job says how
 * long it stays inside the region. Commands: {@code stay NAME} and {@code leave}: a worker goes in and stays; {@code job NAME}; {@code
 * restart NAME}: a worker's method returns and is called anew; {@code exit NAME}: System.exit inside the
 * region; {@code hook}: a shutdown hook that waits until b has done a job.
 */
public final class Sleeper {

    private static final Board BOARD = Board.of("sleeper");
    private static volatile CountDownLatch leave = new CountDownLatch(1);

    private final BlockingQueue<String> jobs = new LinkedBlockingQueue<>();
    private volatile int done;

    private Sleeper() {}

    public static void main(String[] arguments) throws InterruptedException {
        Sleeper a = start("a");
        Sleeper b = start("b");
        Bench.commands(text -> {
            String[] words = text.split(" ");
            Sleeper who = words.length < 2 ? a : words[1].equals("a") ? a : b;
            switch (words[0]) {
                case "leave" -> {
                    CountDownLatch old = leave;
                    leave = new CountDownLatch(1);
                    old.countDown();
                }
                case "hook" -> Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    // must get through the region before the JVM ends, as the last job of worker b
                    b.jobs.add("job");
                    while (b.done == 0) {
                        Thread.onSpinWait();
                    }
                }));
                case "stay", "job", "restart", "exit" -> who.jobs.add(words[0]);
                default -> throw new IllegalArgumentException(text);
            }
            return "done";
        });
        Bench.run();
    }

    private static Sleeper start(String name) {
        Sleeper sleeper = new Sleeper();
        Bench.work(name, worker -> {
            while (!worker.isStopped()) {
                sleeper.loop(worker); // comes back for a restart only
            }
        });
        return sleeper;
    }

    private void loop(Bench.Worker worker) throws InterruptedException {
        while (true) {
            String job = jobs.take(); // @sleeper-take
            if (job.equals("restart")) {
                worker.beat();
                return;
            }
            BOARD.in(); // @sleeper-in
            if (job.equals("stay")) {
                worker.beat();
                leave.await(10, TimeUnit.MINUTES); // @sleeper-stay
            }
            if (job.equals("exit")) {
                System.exit(7);
            }
            BOARD.out(); // @sleeper-out
            done = 1;
            worker.beat();
        }
    }
}
