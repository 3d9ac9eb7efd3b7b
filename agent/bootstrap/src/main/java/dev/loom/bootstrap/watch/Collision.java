package dev.loom.bootstrap.watch;

import java.util.concurrent.atomic.AtomicInteger;

/** Two places at which two threads were seen at once with the same object, and how that looked the first time. Thread-safe. */
public final class Collision {

    private final Side paused;
    private final Side met;
    private final String type;
    private final AtomicInteger count = new AtomicInteger(1);

    Collision(Side paused, Side met, String type) {
        this.paused = paused;
        this.met = met;
        this.type = type;
    }

    void again() {
        count.incrementAndGet();
    }

    /** The thread that paused. */
    public Side paused() {
        return paused;
    }

    /** The thread that came meanwhile. */
    public Side met() {
        return met;
    }

    /** Name of the object's class; of a static field, of the class that it was used by. */
    public String type() {
        return type;
    }

    /** How often it was seen. */
    public int count() {
        return count.get();
    }
}
