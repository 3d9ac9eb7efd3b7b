package dev.loom.it.targets;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Workers that wait in their loops for the next round and then do their steps, first, second and third, each in two threads with a key
 * of its own. Nothing in the program puts the steps in order: the first comes late on purpose. The program itself counts a step that
 * comes before what it depends on. Commands: {@code round ROLES STEPS RULE} (RULE is what counts as a violation: {@code latch},
 * {@code count} or {@code each}), {@code idle}, {@code violations}.
 */
public final class Orders {

    private static final int KEYS = 2;
    private static final long POLL = 200_000;
    private static final long LATE = 3_000_000;

    private static final AtomicInteger ROUND = new AtomicInteger();
    private static final AtomicInteger BUSY = new AtomicInteger();
    private static final AtomicLong VIOLATIONS = new AtomicLong();
    private static final Tally FIRST = new Tally(null);
    private static final Tally SECOND = new Tally(FIRST);
    private static final Tally THIRD = new Tally(SECOND);

    private static volatile String roles = "";
    private static volatile int steps;
    private static volatile String rule = "";

    private Orders() {}

    public static void main(String[] arguments) throws InterruptedException {
        List<Order> all = new ArrayList<>();
        for (int key = 0; key < KEYS; key++) {
            all.add(new Order(key));
        }
        for (Order order : all) {
            Bench.work("first-" + order.key, order::first);
            Bench.work("second-" + order.key, order::second);
            Bench.work("third-" + order.key, order::third);
        }
        Bench.commands(Orders::command);
        Bench.run();
    }

    private static String command(String text) {
        String[] words = text.split(" ");
        switch (words[0]) {
            case "round":
                roles = words[1];
                steps = Integer.parseInt(words[2]);
                rule = words[3];
                for (Tally tally : List.of(FIRST, SECOND, THIRD)) {
                    tally.reset();
                }
                VIOLATIONS.set(0);
                BUSY.set(KEYS * 3);
                ROUND.incrementAndGet();
                return "";
            case "idle":
                return String.valueOf(BUSY.get() == 0);
            case "violations":
                return String.valueOf(VIOLATIONS.get());
            default:
                throw new IllegalArgumentException(text);
        }
    }

    /** How often a step was done, in all and by key. */
    private static final class Tally {
        private final Tally before;
        private final AtomicInteger all = new AtomicInteger();
        private final AtomicInteger[] byKey = {new AtomicInteger(), new AtomicInteger()};

        Tally(Tally before) {
            this.before = before;
        }

        void reset() {
            all.set(0);
            for (AtomicInteger one : byKey) {
                one.set(0);
            }
        }

        /** A step, which must not be the first thing to happen. */
        int done(int key) {
            if (before != null) {
                boolean early = switch (rule) {
                    case "latch" -> before.all.get() < 1;
                    case "count" -> before.all.get() < KEYS;
                    case "key" -> before.byKey[key].get() < 1;
                    case "each" -> byKey[key].get() >= before.byKey[key].get();
                    default -> false;
                };
                if (early) {
                    VIOLATIONS.incrementAndGet();
                }
            }
            byKey[key].incrementAndGet();
            return all.incrementAndGet();
        }
    }

    private static final class Order {
        final int key;
        /** What the filter reads as a count. */
        final int parties = KEYS;

        Order(int key) {
            this.key = key;
        }

        private static int next(int round) {
            while (ROUND.get() == round) {
                LockSupport.parkNanos(POLL);
            }
            return ROUND.get();
        }

        private static int stepsOf(String role) {
            return roles.contains(role) ? steps : 0;
        }

        void first(Bench.Worker worker) {
            int round = 0;
            int sum = 0;
            while (!worker.isStopped()) {
                round = next(round);
                for (int left = stepsOf("first"); left > 0; left--) {
                    LockSupport.parkNanos(steps == 1 ? LATE : POLL);
                    sum += FIRST.done(key); // @first
                }
                BUSY.decrementAndGet();
                worker.beat();
            }
            Bench.error("impossible " + sum);
        }

        void second(Bench.Worker worker) {
            int round = 0;
            int sum = 0;
            while (!worker.isStopped()) {
                round = next(round);
                for (int left = stepsOf("second"); left > 0; left--) {
                    sum += SECOND.done(key); // @second
                }
                BUSY.decrementAndGet();
                worker.beat();
            }
            Bench.error("impossible " + sum);
        }

        void third(Bench.Worker worker) {
            int round = 0;
            int sum = 0;
            while (!worker.isStopped()) {
                round = next(round);
                for (int left = stepsOf("third"); left > 0; left--) {
                    sum += THIRD.done(key); // @third
                }
                BUSY.decrementAndGet();
                worker.beat();
            }
            Bench.error("impossible " + sum);
        }
    }
}
