package dev.loom.demo;

import java.util.ConcurrentModificationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

/** The seats of a show, given out one after the other. Nothing keeps two clerks apart who ask for the next one: that is the race. */
final class SeatPlan {

    /** Bookings that are remembered, so that a seat that is sold twice is noticed. */
    private static final int REMEMBERED = 10_000;
    /** What the look-up of a price takes. */
    private static final long PRICE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final String show;
    private final ConcurrentMap<Integer, String> holders = new ConcurrentHashMap<>();
    private int next;

    SeatPlan(String show) {
        this.show = show;
    }

    /**
     * Gives the next free seat to a customer.
     *
     * @throws ConcurrentModificationException if it was given to another one meanwhile
     */
    int book(String customer) {
        int seat = next;
        lookUpPrice();
        String other = holders.putIfAbsent(seat, customer);
        if (other != null) {
            throw new ConcurrentModificationException("seat " + seat + " of " + show + " is sold twice, to " + other + " and to " + customer);
        }
        next = seat + 1;
        holders.remove(seat - REMEMBERED);
        return seat;
    }

    private static void lookUpPrice() {
        long end = System.nanoTime() + PRICE_NANOS;
        while (System.nanoTime() - end < 0) {
            Thread.yield();
        }
    }
}
