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
    private final AtomicInteger arrivals = new AtomicInteger();

    Rounds(Race race, Counts counts) {
        this.race = race;
        this.counts = counts;
    }

    void start(int pair) {
        thread("first-" + pair, () -> {
            while (true) {
                race.prepare();
                meet();
                race.first();
                meet();
                counts.add(race.operations(), race.failures());
            }
        });
        thread("second-" + pair, () -> {
            while (true) {
                meet();
                race.second();
                meet();
            }
        });
    }

    /** Waits for the other thread, awake at first: where a window is narrow, both have to start together. */
    private void meet() {
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
