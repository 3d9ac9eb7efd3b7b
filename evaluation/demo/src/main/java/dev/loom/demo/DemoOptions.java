package dev.loom.demo;

import java.util.Locale;

/**
 * The arguments of a demo program.
 *
 * @param exclusive take a hand-written lock where the filter would put one: the control that must show no failure
 * @param seconds   how long to run before printing the counts; 0 to run until stopped
 */
record DemoOptions(boolean exclusive, int seconds) {

    static DemoOptions parse(String[] arguments) {
        boolean exclusive = false;
        int seconds = 0;
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i].equals("--exclusive")) {
                exclusive = true;
            } else if (arguments[i].equals("--seconds") && i + 1 < arguments.length) {
                seconds = Integer.parseInt(arguments[++i]);
            } else {
                throw new IllegalArgumentException("unknown argument '" + arguments[i] + "'; known are --exclusive and --seconds N");
            }
        }
        return new DemoOptions(exclusive, seconds);
    }

    /** Keeps the main thread busy until the time is over, then prints one JSON line. Returns never if there is no time. */
    void runFor(Counters counters) throws InterruptedException {
        if (seconds == 0) {
            Thread.currentThread().join();
        }
        Thread.sleep(seconds * 1000L);
        System.out.printf(Locale.ROOT, "{\"mode\":\"%s\",\"seconds\":%d,\"operations\":%d,\"failures\":%d,\"java\":\"%s\"}%n",
                exclusive ? "exclusive" : "unfiltered", seconds, counters.getOperations(), counters.getFailures(),
                Runtime.version().feature());
        System.exit(0);
    }
}
