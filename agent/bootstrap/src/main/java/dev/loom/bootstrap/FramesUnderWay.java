package dev.loom.bootstrap;

import java.util.concurrent.atomic.AtomicInteger;

/** The frames that are saved and that no new version has taken yet. A thread has at most one. Thread-safe. */
final class FramesUnderWay {

    private static final int STRIPES = 64;
    private static final Stripe[] PENDING = new Stripe[STRIPES];
    /** How many, of whatever thread. Woven code asks at the start of a method, so without a call more than need be. */
    static final AtomicInteger COUNT = new AtomicInteger();

    static {
        for (int i = 0; i < STRIPES; i++) {
            PENDING[i] = new Stripe();
        }
    }

    private FramesUnderWay() {}

    /** Adds one of this thread. */
    static void add(SavedFrame frame) {
        COUNT.incrementAndGet();
        stripe().add(frame);
    }

    /** That of this thread, or null. */
    static SavedFrame mine() {
        return stripe().find(Thread.currentThread());
    }

    /** Removes one of this thread. */
    static void remove(SavedFrame frame) {
        stripe().remove(frame);
        COUNT.decrementAndGet();
    }

    private static Stripe stripe() {
        return PENDING[System.identityHashCode(Thread.currentThread()) & (STRIPES - 1)];
    }

    private static final class Stripe {
        private SavedFrame first;

        synchronized void add(SavedFrame frame) {
            frame.next = first;
            first = frame;
        }

        synchronized SavedFrame find(Thread thread) {
            for (SavedFrame frame = first; frame != null; frame = frame.next) {
                if (frame.thread == thread) {
                    return frame;
                }
            }
            return null;
        }

        synchronized void remove(SavedFrame frame) {
            SavedFrame before = null;
            for (SavedFrame at = first; at != null; before = at, at = at.next) {
                if (at == frame) {
                    if (before == null) {
                        first = at.next;
                    } else {
                        before.next = at.next;
                    }
                    at.next = null;
                    return;
                }
            }
        }
    }
}
