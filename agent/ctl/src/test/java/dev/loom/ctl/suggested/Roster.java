package dev.loom.ctl.suggested;

import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A program with a race that throws, one that locks up, and exceptions that have to do with neither. */
public final class Roster {

    private final List<Integer> names = new ArrayList<>(List.of(1, 2, 3));
    private volatile int failures;

    public void enter(int name) {
        names.add(name);
        if (names.size() > 500) {
            names.clear();
        }
    }

    public int count() {
        int sum = 0;
        for (int name : names) {
            sum += name;
        }
        return sum;
    }

    /** {@code Roster race}: until the race has shown twenty times; {@code Roster deadlock}. Ends by itself, so that a recording is written. */
    public static void main(String[] arguments) throws InterruptedException {
        if (arguments[0].equals("deadlock")) {
            lockUp();
        } else {
            new Roster().race();
        }
        System.exit(0);
    }

    private void race() throws InterruptedException {
        daemon("writer", () -> {
            for (int i = 0; ; i++) {
                try {
                    enter(i);
                } catch (RuntimeException e) {
                    // the array was torn by nobody: only one thread writes
                    throw new AssertionError(e);
                }
            }
        });
        daemon("reader", () -> {
            while (true) {
                try {
                    count();
                } catch (ConcurrentModificationException e) {
                    failures++;
                } catch (RuntimeException e) {
                    // an element that is gone: the same race
                }
            }
        });
        long end = System.nanoTime() + 60_000_000_000L;
        while (failures < 20 && System.nanoTime() < end) {
            Thread.sleep(10);
        }
        for (int i = 0; i < 5; i++) {
            try {
                Settings.number("none");
            } catch (NumberFormatException harmless) {
                // that is how it tells
            }
        }
        System.out.println("failures " + failures);
    }

    private static void lockUp() throws InterruptedException {
        Ledger one = new Ledger();
        Ledger other = new Ledger();
        CountDownLatch bothHold = new CountDownLatch(2);
        Thread first = daemon("first", () -> one.move(other, bothHold));
        Thread second = daemon("second", () -> other.move(one, bothHold));
        while (first.getState() != Thread.State.BLOCKED || second.getState() != Thread.State.BLOCKED) {
            Thread.sleep(10);
        }
    }

    private static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
