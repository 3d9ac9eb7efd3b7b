package dev.loom.it.targets;

/**
 * A worker that never uses JMX, with loops in which two classes meet as their superclass: what the weaver has to compute of an old class file, for
 * which {@code CacheTest} rewrites these classes. No string concatenation, no lambda: old class files have none.
 */
public final class Aged {

    /** What the two have in common. */
    abstract static class Shape {
        abstract int size();
    }

    /** One of them. */
    static final class Small extends Shape {
        @Override
        int size() {
            return 1;
        }
    }

    /** The other. */
    static final class Large extends Shape {
        @Override
        int size() {
            return 2;
        }
    }

    private static volatile boolean stop;

    private Aged() {}

    private static long work() {
        long sum = 0;
        int turn = 0;
        while (!stop) {
            Shape shape;
            if ((turn++ & 1) == 0) {
                shape = new Small();
            } else {
                shape = new Large();
            }
            sum += shape.size();
            if (sum == 3) {
                System.out.println("ready");
            }
            pause();
        }
        return sum;
    }

    private static void pause() {
        try {
            Thread.sleep(10);
        } catch (InterruptedException e) {
            stop = true;
        }
    }

    /** Runs until it is killed. */
    public static void main(String[] arguments) {
        System.out.println(work());
    }
}
