package dev.loom.agent.filter;

import java.util.function.BooleanSupplier;
import java.util.function.ObjLongConsumer;

/** Calls for the next step at growing intervals, as long as there is something to do. */
final class Ticker {

    /** First interval, ms. */
    private static final long FIRST = 2;
    /** Last interval, ms. */
    private static final long LAST = 250;

    private final ObjLongConsumer<Runnable> scheduler;
    private BooleanSupplier step = () -> false;
    private long interval = FIRST;
    private boolean due;

    /** @param scheduler runs a task on the manager's thread after some ms */
    Ticker(ObjLongConsumer<Runnable> scheduler) {
        this.scheduler = scheduler;
    }

    /** What to do; tells whether there will be more. */
    void calls(BooleanSupplier nextStep) {
        step = nextStep;
    }

    /** Something has changed: look again soon. On the manager's thread. */
    void wake() {
        interval = FIRST;
        schedule();
    }

    /** Runs something on the manager's thread, from whatever thread. */
    void later(Runnable task) {
        scheduler.accept(task, 1);
    }

    private void schedule() {
        if (!due) {
            due = true;
            scheduler.accept(this::tick, interval);
        }
    }

    private void tick() {
        due = false;
        if (step.getAsBoolean()) {
            interval = Math.min(LAST, interval * 2);
            schedule();
        }
    }
}
