package dev.loom.bootstrap;

import dev.loom.bootstrap.hook.RegionHook;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Uncontended enter and exit against hand-written locks: interleaved rounds, medians, ratios to {@code ReentrantLock}. Not a unit
 * test. Run with the main classes on the boot class path, where the agent puts them:
 *
 * <pre>java -Xbootclasspath/a:target/classes -cp target/test-classes dev.loom.bootstrap.HookBenchmark [rounds]</pre>
 */
final class HookBenchmark {

    private static final int PAIRS = 200_000;
    /** Time on the processor: others may want it too. */
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private static final int WARM_UP = 100;
    private static final String[] NAMES = {
        "nothing", "ReentrantLock", "synchronized", "exclusive", "passing", "re-entered", "read lock", "shared", "keyed by this",
        "keyed by long", "keyed shared", "observed"
    };

    private static final MethodHandle EXCLUSIVE = site(RegionHook.Mode.ENFORCE, false, false, "");
    private static final MethodHandle PASSING = site(RegionHook.Mode.PASS, false, false, "");
    private static final MethodHandle SHARED = site(RegionHook.Mode.ENFORCE, false, true, "");
    private static final MethodHandle BY_THIS = keyedSite(false, Object.class);
    private static final MethodHandle BY_LONG = keyedSite(false, long.class);
    private static final MethodHandle BY_THIS_SHARED = keyedSite(true, Object.class);
    private static final MethodHandle OBSERVED = site(RegionHook.Mode.OBSERVE, false, false, "");

    private final ReentrantLock lock = new ReentrantLock();
    private final ReentrantReadWriteLock readWrite = new ReentrantReadWriteLock();
    private long work;

    private HookBenchmark() {}

    private static MethodHandle site(RegionHook.Mode mode, boolean keyed, boolean shared, String source) {
        RegionHook hook = HookRegistry.create(ConstraintLocks.of("bench", keyed, shared), 0, shared, mode);
        return Hooks.enter(MethodHandles.lookup(), "enter", MethodType.methodType(Hold.class, Hold.class), hook.id(), source)
                .getTarget();
    }

    private static MethodHandle keyedSite(boolean shared, Class<?> key) {
        RegionHook hook = HookRegistry.create(ConstraintLocks.of("bench", true, shared), 0, shared, RegionHook.Mode.ENFORCE);
        return Hooks.enter(MethodHandles.lookup(), "enter", MethodType.methodType(Hold.class, Hold.class, key), hook.id(), "arg")
                .getTarget();
    }

    public static void main(String[] args) throws Throwable {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 301;
        HookBenchmark bench = new HookBenchmark();
        double[][] nanos = new double[NAMES.length][rounds];
        for (int round = -WARM_UP; round < rounds; round++) {
            for (int kind = 0; kind < NAMES.length; kind++) {
                long start = THREADS.getCurrentThreadCpuTime();
                bench.run(kind);
                double each = (THREADS.getCurrentThreadCpuTime() - start) / (double) PAIRS;
                if (round >= 0) {
                    nanos[kind][round] = each;
                }
            }
        }
        double[] base = nanos[1];
        System.out.printf("%s, boot loader: %s; median, ratio of medians, of the lowest tenths%n",
                System.getProperty("java.version"), Hooks.class.getClassLoader() == null);
        for (int kind = 0; kind < NAMES.length; kind++) {
            System.out.printf("%-14s %6.2f ns  %5.2f  %5.2f%n", NAMES[kind], median(nanos[kind]),
                    median(nanos[kind]) / median(base), low(nanos[kind]) / low(base));
        }
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static double low(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 10];
    }

    private void run(int kind) throws Throwable {
        switch (kind) {
            case 0 -> nothing();
            case 1 -> reentrantLock();
            case 2 -> monitor();
            case 3 -> exclusive();
            case 4 -> passing();
            case 5 -> reentered();
            case 6 -> readLock();
            case 7 -> shared();
            case 8 -> keyedByThis();
            case 9 -> keyedByLong();
            case 10 -> keyedShared();
            default -> observed();
        }
    }

    private void nothing() {
        for (int i = 0; i < PAIRS; i++) {
            work(i);
        }
    }

    private void work(int i) {
        work += i ^ work;
    }

    private void reentrantLock() {
        for (int i = 0; i < PAIRS; i++) {
            lock.lock();
            try {
                work(i);
            } finally {
                lock.unlock();
            }
        }
    }

    private void monitor() {
        for (int i = 0; i < PAIRS; i++) {
            synchronized (lock) {
                work(i);
            }
        }
    }

    private void exclusive() throws Throwable {
        for (int i = 0; i < PAIRS; i++) {
            Hold hold = (Hold) EXCLUSIVE.invokeExact((Hold) null);
            int depth = Hooks.depth(hold);
            try {
                work(i);
            } catch (Throwable t) {
                Hooks.exit(hold, depth);
                throw t;
            }
            Hooks.exit(hold, depth);
        }
    }

    private void passing() throws Throwable {
        for (int i = 0; i < PAIRS; i++) {
            Hold hold = (Hold) PASSING.invokeExact((Hold) null);
            int depth = Hooks.depth(hold);
            try {
                work(i);
            } catch (Throwable t) {
                Hooks.exit(hold, depth);
                throw t;
            }
            Hooks.exit(hold, depth);
        }
    }

    private void reentered() throws Throwable {
        Hold outer = (Hold) EXCLUSIVE.invokeExact((Hold) null);
        int outerDepth = Hooks.depth(outer);
        exclusive2();
        Hooks.exit(outer, outerDepth);
    }

    private void exclusive2() throws Throwable {
        for (int i = 0; i < PAIRS; i++) {
            Hold hold = (Hold) EXCLUSIVE.invokeExact((Hold) null);
            int depth = Hooks.depth(hold);
            try {
                work(i);
            } catch (Throwable t) {
                Hooks.exit(hold, depth);
                throw t;
            }
            Hooks.exit(hold, depth);
        }
    }

    private void readLock() {
        for (int i = 0; i < PAIRS; i++) {
            readWrite.readLock().lock();
            try {
                work(i);
            } finally {
                readWrite.readLock().unlock();
            }
        }
    }

    private void shared() throws Throwable {
        for (int i = 0; i < PAIRS; i++) {
            Hold hold = (Hold) SHARED.invokeExact((Hold) null);
            int depth = Hooks.depth(hold);
            try {
                work(i);
            } catch (Throwable t) {
                Hooks.exit(hold, depth);
                throw t;
            }
            Hooks.exit(hold, depth);
        }
    }

    private void keyedByThis() throws Throwable {
        for (int i = 0; i < PAIRS; i++) {
            Hold hold = (Hold) BY_THIS.invokeExact((Hold) null, (Object) this);
            int depth = Hooks.depth(hold);
            try {
                work(i);
            } catch (Throwable t) {
                Hooks.exit(hold, depth);
                throw t;
            }
            Hooks.exit(hold, depth);
        }
    }

    private void keyedByLong() throws Throwable {
        for (int i = 0; i < PAIRS; i++) {
            Hold hold = (Hold) BY_LONG.invokeExact((Hold) null, (long) (i & 31));
            int depth = Hooks.depth(hold);
            try {
                work(i);
            } catch (Throwable t) {
                Hooks.exit(hold, depth);
                throw t;
            }
            Hooks.exit(hold, depth);
        }
    }

    private void keyedShared() throws Throwable {
        for (int i = 0; i < PAIRS; i++) {
            Hold hold = (Hold) BY_THIS_SHARED.invokeExact((Hold) null, (Object) this);
            int depth = Hooks.depth(hold);
            try {
                work(i);
            } catch (Throwable t) {
                Hooks.exit(hold, depth);
                throw t;
            }
            Hooks.exit(hold, depth);
        }
    }

    private void observed() throws Throwable {
        for (int i = 0; i < PAIRS; i++) {
            Hold hold = (Hold) OBSERVED.invokeExact((Hold) null);
            int depth = Hooks.depth(hold);
            try {
                work(i);
            } catch (Throwable t) {
                Hooks.exit(hold, depth);
                throw t;
            }
            Hooks.exit(hold, depth);
        }
    }
}
