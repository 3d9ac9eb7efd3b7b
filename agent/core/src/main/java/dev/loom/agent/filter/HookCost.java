package dev.loom.agent.filter;

import dev.loom.bootstrap.ConstraintLocks;
import dev.loom.bootstrap.Hold;
import dev.loom.bootstrap.HookRegistry;
import dev.loom.bootstrap.Hooks;
import dev.loom.bootstrap.hook.ConstraintLock;
import dev.loom.bootstrap.hook.RegionHook;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** What entering and leaving a region costs in this JVM if nobody is in the way; measured once, on the thread that asks first. */
final class HookCost {

    /** Time for the measurement, ns. */
    private static final long BUDGET = 40_000_000;
    /** Pairs between two looks at the clock. */
    private static final int BATCH = 5_000;
    /** If it cannot be measured, ns. */
    private static final double TYPICAL = 20;

    private static final RegionHook HOOK =
            HookRegistry.create(ConstraintLocks.of("calibration", false, false), 0, false, RegionHook.Mode.ENFORCE);
    private static final MethodHandle ENTER = Hooks.enter(
                    MethodHandles.lookup(), "enter", MethodType.methodType(Hold.class, Hold.class), HOOK.id(), "")
            .dynamicInvoker();
    private static final double NANOS = measure();

    private HookCost() {}

    /** Of one entry and exit, ns. */
    static double nanos() {
        return NANOS;
    }

    private static double measure() {
        double best = Double.MAX_VALUE;
        try {
            long start = System.nanoTime();
            while (System.nanoTime() - start < BUDGET) {
                long from = System.nanoTime();
                for (int i = 0; i < BATCH; i++) {
                    Hold hold = (Hold) ENTER.invokeExact((Hold) null);
                    Hooks.exit(hold, Hooks.depth(hold));
                }
                best = Math.min(best, (double) (System.nanoTime() - from) / BATCH);
            }
        } catch (Throwable e) {
            return TYPICAL;
        } finally {
            HookRegistry.unregister(HOOK.id());
        }
        return best == Double.MAX_VALUE ? TYPICAL : best;
    }
}
