package dev.loom.ctl.suggested;

import java.util.concurrent.CountDownLatch;

/** Something that several threads would like to have. */
public final class Ledger {

    private int total;

    public void add(int amount) {
        check(amount);
        total += amount;
    }

    public int sum(int amount) {
        check(amount);
        return total + amount;
    }

    private void check(int amount) {
        if (amount < total) {
            throw new IllegalArgumentException("too little");
        }
    }

    public void audit(int amount) {
        if (amount < total) {
            throw new IllegalArgumentException("audit");
        }
    }

    public void pay(int amount) {
        total -= amount;
    }

    public void pay(long amount) {
        if (amount < total) {
            throw new IllegalArgumentException("pay");
        }
    }

    public Clerk clerk() {
        return new Clerk();
    }

    /** Holds this monitor, then wants the other's. */
    public void move(Ledger to, CountDownLatch bothHold) {
        synchronized (this) {
            meet(bothHold);
            to.pay(1);
            synchronized (to) {
                to.add(1);
            }
        }
    }

    /** The same by a synchronized method. */
    public synchronized void take(Ledger from, CountDownLatch bothHold) {
        meet(bothHold);
        from.give();
    }

    /** Takes a lock that a dump shows no holder of. */
    public void underLock(java.util.concurrent.locks.Lock lock, int amount) {
        lock.lock();
        try {
            sum(amount);
        } finally {
            lock.unlock();
        }
    }

    /** Books for all. */
    public void book(int amount) {
        total += amount;
    }

    synchronized void give() {
        total--;
    }

    private static void meet(CountDownLatch bothHold) {
        bothHold.countDown();
        try {
            bothHold.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Works for one ledger. */
    public final class Clerk {
        public void book(int amount) {
            if (amount < total) {
                throw new IllegalArgumentException("book");
            }
        }
    }
}
