package dev.loom.races;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Two threads that run the rounds of one race for ever. */
final class Rounds {

    private static final int PARTIES = 2;
    /** How often a thread looks for the other before it yields, and before it sleeps. */
    private static final int SPINS = 200;
    private static final int YIELDS = 2_000;
    private static final long NAP_NANOS = 50_000;

    /** Set when this JVM ends: what breaks from then on is no failure of the load. */
    static volatile boolean ending;

    private final Race race;
    private final Counts counts;
    private volatile boolean restart;

    Rounds(Race race, Counts counts) {
        this.race = race;
        this.counts = counts;
    }

    void start(int pair) {
        Turn turn = new Turn();
        thread("first-" + pair, () -> {
            for (int round = 0;; round++) {
                boolean leave = restart;
                if (leave) {
                    restart = false;
                    turn.last = round;
                }
                race.prepare();
                turn.meet();
                long begun = System.nanoTime();
                race.first();
                counts.took(System.nanoTime() - begun);
                turn.meet();
                counts.add(race.operations(), race.failures());
                if (leave) {
                    race.restartWorkers();
                    start(pair);
                    return;
                }
            }
        });
        thread("second-" + pair, () -> {
            for (int round = 0;; round++) {
                turn.meet();
                race.second();
                turn.meet();
                if (round == turn.last) {
                    return;
                }
            }
        });
    }

    /** Ends both threads, and all workers of the race, and starts new ones, when this round is over. */
    void restart() {
        restart = true;
    }

    /** What the two threads of a pair share. */
    private static final class Turn {

        private final AtomicInteger arrivals = new AtomicInteger();
        private volatile int last = -1;

        /** Waits for the other thread, awake at first: where a window is narrow, both have to start together. */
        void meet() {
            int arrived = arrivals.getAndIncrement();
            int all = arrived - arrived % PARTIES + PARTIES;
            for (int i = 0; arrivals.get() - all < 0; i++) {
                if (i < SPINS) {
                    Thread.onSpinWait();
                } else if (i < YIELDS) {
                    Thread.yield();
                } else {
                    LockSupport.parkNanos(NAP_NANOS);
                }
            }
        }
    }

    /** A thread that must not end unnoticed: a load that has stopped would look like a race that is cured. */
    private static void thread(String name, Exclusion.Body<Exception> body) {
        Thread thread = new Thread(() -> {
            try {
                body.run();
            } catch (Throwable t) {
                if (ending) {
                    return;
                }
                t.printStackTrace();
                Runtime.getRuntime().halt(70);
            }
        }, name);
        thread.setDaemon(true);
        thread.start();
    }
}
