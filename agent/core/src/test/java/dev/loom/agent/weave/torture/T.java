package dev.loom.agent.weave.torture;

import java.util.function.IntConsumer;

/** What generated code calls: a trace of what it does, and fuel so that it ends. */
public final class T {

    /** Ends a generated program that runs too long, at the same place in every variant. */
    public static final class OutOfFuel extends Error {
        private static final long serialVersionUID = 1L;

        OutOfFuel() {
            super("out of fuel", null, false, false);
        }
    }

    /** What generated code throws. */
    public static class Boom extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public Boom(String message) {
            super(message, null, false, false);
        }
    }

    /** Another one, checked. */
    public static class Bang extends Exception {
        private static final long serialVersionUID = 1L;

        public Bang(String message) {
            super(message, null, false, false);
        }
    }

    /** A resource whose end is part of the trace. */
    public static final class Res implements AutoCloseable {
        private final int id;

        public Res(int id) {
            this.id = id;
            log(id + 70_000);
        }

        @Override
        public void close() {
            log(id + 80_000);
        }
    }

    private static final IntConsumer NOTHING = i -> { };
    private static final ThreadLocal<T> STATE = ThreadLocal.withInitial(T::new);

    private long hash;
    private int fuel;
    private int calls;
    private IntConsumer probe = NOTHING;

    private T() {}

    /** Starts a run; the probe is called with the number of each site passed. */
    public static void start(int fuel, IntConsumer probe) {
        T t = STATE.get();
        t.hash = 17;
        t.fuel = fuel;
        t.calls = 0;
        t.probe = probe == null ? NOTHING : probe;
    }

    /** What happened since the start, in one number. */
    public static String trace() {
        T t = STATE.get();
        return t.calls + ":" + Long.toHexString(t.hash);
    }

    /** Stands before every other call of this class; its number is unique in the class file. */
    public static void site(int number) {
        STATE.get().probe.accept(number);
    }

    public static void log(int id) {
        T t = STATE.get();
        t.hash = t.hash * 1_000_003 + id;
        t.calls++;
        if (--t.fuel < 0) {
            throw new OutOfFuel();
        }
    }

    /** Its name makes the weaver take it for a call that keeps a thread waiting. */
    public static int take(int value) {
        log(value & 0xffff);
        return value;
    }

    public static int tick(int id) {
        log(id);
        return id;
    }

    public static void mix(Object value) {
        T t = STATE.get();
        t.hash = t.hash * 31 + hashOf(value);
    }

    public static int hashOf(Object value) {
        if (value == null) {
            return 0;
        }
        if (value instanceof Number || value instanceof String || value instanceof Character || value instanceof Boolean) {
            return value.hashCode();
        }
        if (value instanceof int[] ints) {
            return java.util.Arrays.hashCode(ints);
        }
        if (value instanceof long[] longs) {
            return java.util.Arrays.hashCode(longs);
        }
        if (value instanceof Object[] objects) {
            int h = 1;
            for (Object o : objects) {
                h = h * 31 + hashOf(o);
            }
            return h;
        }
        if (value instanceof CharSequence text) {
            return text.toString().hashCode();
        }
        if (value instanceof java.util.List<?> list) {
            int h = 1;
            for (Object o : list) {
                h = h * 31 + hashOf(o);
            }
            return h;
        }
        return value.getClass().getName().hashCode();
    }
}
