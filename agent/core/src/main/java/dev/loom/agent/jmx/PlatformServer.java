package dev.loom.agent.jmx;

import dev.loom.agent.stack.Threads;
import dev.loom.agent.support.AgentLog;
import java.lang.instrument.Instrumentation;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import javax.management.MBeanServer;

/**
 * Knows when the platform MBean server may be asked for.
 *
 * <p>Asking for it creates it, and that has effects that an agent must not have before the application has started: it makes the
 * MBean server builder of {@code javax.management.builder.initial} and, through the JDK's own logging, the log manager of {@code
 * java.util.logging.manager}. Both may be classes that only the application's start makes visible (JBoss Modules, WildFly,
 * application servers with a class loader of their own); made too early, the JVM falls back to its defaults for ever. So a JVM
 * that is just starting is left alone until the application's main method runs and the classes so named are loaded.
 */
public final class PlatformServer {

    /** Classes named by these properties are made together with the platform MBean server. */
    private static final List<String> PROPERTIES = List.of("java.util.logging.manager", "javax.management.builder.initial");

    /** Time for the main method to be reached; a JVM embedded in a native program never reaches one, ms. */
    private static final long MAIN_MILLIS = 10_000;

    /** Time for a custom log manager or builder to be loaded, ms. */
    private static final long CUSTOM_MILLIS = 120_000;

    private static final long LOOK_MILLIS = 25;

    /** A program that has ended by then never pays for MBeans, ms. */
    private static final long FIRST_LOOK_MILLIS = 250;

    private PlatformServer() {}

    /**
     * Waits until the platform MBean server may be made.
     *
     * @param main the thread of the main method
     * @return false if the thread was interrupted
     */
    public static boolean awaitApplication(Instrumentation instrumentation, Thread main) {
        long started = System.nanoTime();
        try {
            Thread.sleep(FIRST_LOOK_MILLIS);
            while (millisSince(started) < MAIN_MILLIS && !isInMain(main)) {
                Thread.sleep(LOOK_MILLIS);
            }
            return awaitNamed(instrumentation);
        } catch (InterruptedException e) {
            return false;
        }
    }

    /**
     * Waits until the classes that the application names are loaded, a log manager or a builder of MBean servers, if it names any by now.
     *
     * @return false if the thread was interrupted
     */
    public static boolean awaitNamed(Instrumentation instrumentation) {
        long started = System.nanoTime();
        try {
            // whoever has just begun to use JMX goes first
            Thread.sleep(LOOK_MILLIS);
            List<String> missing = missing(instrumentation);
            while (!missing.isEmpty() && millisSince(started) < CUSTOM_MILLIS) {
                Thread.sleep(LOOK_MILLIS * 10);
                missing = missing(instrumentation);
            }
            if (!missing.isEmpty()) {
                AgentLog.warn("registering MBeans although " + String.join(" and ", missing) + " is not loaded after "
                        + CUSTOM_MILLIS / 1_000 + " s");
            }
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    /** The platform MBean server. */
    public static MBeanServer get() {
        return ManagementFactory.getPlatformMBeanServer();
    }

    private static List<String> missing(Instrumentation instrumentation) {
        List<String> names = new ArrayList<>();
        for (String property : PROPERTIES) {
            String name = System.getProperty(property);
            if (name != null && !name.isBlank()) {
                names.add(name);
            }
        }
        if (!names.isEmpty()) {
            for (Class<?> loaded : instrumentation.getAllLoadedClasses()) {
                names.remove(loaded.getName());
            }
        }
        return names;
    }

    /** Whether the thread runs, or has run, code of the application rather than the JVM's launcher or an agent's premain. */
    private static boolean isInMain(Thread main) {
        if (!main.isAlive()) {
            return true;
        }
        StackTraceElement[] stack = Threads.stack(main);
        if (stack.length == 0) {
            return false;
        }
        String bottom = stack[stack.length - 1].getClassName();
        return !bottom.startsWith("sun.") && !bottom.startsWith("java.") && !bottom.startsWith("jdk.");
    }

    private static long millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1_000_000;
    }
}
