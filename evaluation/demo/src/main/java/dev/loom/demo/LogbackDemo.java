package dev.loom.demo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Log lines lost by logback-core 1.0.13 when an asynchronous appender is stopped.
 *
 * <p>Each {@link TenantLog} owns an {@code AsyncAppenderBase}, whose worker thread sits in the endless loop of {@code Worker.run},
 * and a prudent {@code FileAppender} behind it. {@code stop()} interrupts the worker, meaning to end its {@code take()}; but it
 * hits whatever the worker is doing. If that is on its way to write a line, the interrupt closes the file's channel and the line
 * is gone.
 *
 * <h2>The load</h2>
 * {@value #TENANTS} tenants log all the time. The oldest is always the next to go: it logs a last line, is stopped while that is
 * being written, and a new tenant takes its place. So the workers that are stopped have been in their loop for several seconds,
 * and a filter that reached only new calls of {@code run} would go on losing lines until all of them are replaced. The library
 * ends a worker by stopping it, so no worker can be both stopped and everlasting: {@value #RESIDENTS} more tenants, busy and idle,
 * are never stopped. Their frames of {@code run} live as long as this JVM, and a filter is ACTIVE only when it has them too.
 */
public final class LogbackDemo {

    private static final int TENANTS = 60;
    private static final int RESIDENTS = 4;
    private static final int CLOSERS = 2;
    /** From one stop to the next in each closer. */
    private static final long STOP_EVERY_MILLIS = 140;
    /** From one line to the next in each tenant. */
    private static final long LINE_EVERY_MILLIS = 100;

    /** Set when this JVM ends: what breaks from then on is no failure of the load. */
    private static volatile boolean ending;

    private final Path directory;
    private final boolean exclusive;
    private final Counters counters = new Counters("logback-core 1.0.13 loses log lines: stop() of an asynchronous appender"
            + " interrupts its worker in the middle of a write");
    private final AtomicInteger numbers = new AtomicInteger();
    /** In the order of their opening. */
    private final ConcurrentLinkedQueue<TenantLog> tenants = new ConcurrentLinkedQueue<>();
    private final List<TenantLog> residents = new ArrayList<>();

    private LogbackDemo(Path directory, boolean exclusive) {
        this.directory = directory;
        this.exclusive = exclusive;
    }

    public static void main(String[] arguments) throws Exception {
        DemoOptions options = DemoOptions.parse(arguments);
        Path directory = Files.createTempDirectory("loom-demo-logs");
        LogbackDemo demo = new LogbackDemo(directory, options.exclusive());
        demo.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            ending = true;
            TenantLog.deleteAll(directory);
        }));
        System.out.println("logback demo: " + TENANTS + " tenants log under load; counts on dev.loom.demo:type=Demo");
        options.runFor(demo.counters);
    }

    private void start() throws Exception {
        counters.register();
        // the last of the residents never gets a line: its worker stays in its first take()
        for (int i = 0; i < RESIDENTS; i++) {
            residents.add(open("resident"));
        }
        for (int i = 0; i < TENANTS; i++) {
            tenants.add(open("tenant"));
        }
        daemon("load", this::load);
        for (int i = 0; i < CLOSERS; i++) {
            daemon("closer-" + (i + 1), this::closeOldest);
        }
    }

    private TenantLog open(String kind) throws Exception {
        return TenantLog.open(directory, kind + "-" + numbers.incrementAndGet(), exclusive);
    }

    private void load() throws Exception {
        for (long line = 1; ; line++) {
            for (TenantLog tenant : tenants) {
                tenant.log("line " + line);
            }
            for (TenantLog resident : residents.subList(0, RESIDENTS - 1)) {
                resident.log("line " + line);
            }
            Thread.sleep(LINE_EVERY_MILLIS);
        }
    }

    private void closeOldest() throws Exception {
        while (true) {
            TenantLog oldest = tenants.remove();
            String lost = oldest.close();
            counters.operation();
            if (lost != null) {
                counters.failure(lost);
            }
            tenants.add(open("tenant"));
            Thread.sleep(STOP_EVERY_MILLIS);
        }
    }

    /**
     * A part of the load that must not end unnoticed: a demo that has stopped to work would look like one that works. The races have the same; a
     * demo is one jar that needs nothing else.
     */
    private static void daemon(String name, Load load) {
        Thread thread = new Thread(() -> {
            try {
                load.run();
            } catch (Throwable t) {
                if (ending) {
                    return;
                }
                t.printStackTrace();
                Runtime.getRuntime().halt(70);
            }
        }, name);
        thread.setDaemon(true);
        thread.start();
    }

    private interface Load {
        void run() throws Exception;
    }
}
