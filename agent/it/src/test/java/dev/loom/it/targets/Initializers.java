package dev.loom.it.targets;

/**
 * A region that causes the initialization of a class whose initializer enters the region: one thread holds the region and waits for the
 * class, the other initializes the class and waits for the region. Healthy without a filter.
 */
public final class Initializers {

    private static volatile boolean first;

    private Initializers() {}

    /** Its initializer comes back into the region. */
    static final class Late {
        static final int VALUE;

        static {
            while (!first) {
                Thread.onSpinWait();
            }
            VALUE = 1 + region(0);
        }

        private Late() {}
    }

    static int region(int depth) {
        if (depth == 0) {
            return 0;
        }
        first = true;
        try {
            Thread.sleep(200);
        } catch (InterruptedException e) {
            return -1;
        }
        return Late.VALUE;
    }

    public static void main(String[] args) throws Exception {
        Bench.commands(command -> {
            Thread in = new Thread(() -> System.out.println("in the region " + region(1)), "in-region");
            Thread of = new Thread(() -> System.out.println("in the initializer " + Late.VALUE), "in-initializer");
            in.setDaemon(true);
            of.setDaemon(true);
            in.start();
            of.start();
            return "";
        });
        Bench.run();
    }
}
