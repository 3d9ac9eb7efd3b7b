package dev.loom.races;

import java.util.Properties;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.impl.StdSchedulerFactory;

/** Quartz 2.3.2: two components that ask for the scheduler of a name at the same time both make it, and one gets an exception. */
final class QuartzTwice implements Race {

    private final Exclusion exclusion;
    private final Properties configuration = new Properties();
    private Scheduler seenByFirst;
    private Scheduler seenBySecond;
    private int number;

    QuartzTwice(Exclusion exclusion) {
        this.exclusion = exclusion;
        configuration.setProperty("org.quartz.threadPool.class", "org.quartz.simpl.SimpleThreadPool");
        configuration.setProperty("org.quartz.threadPool.threadCount", "1");
        configuration.setProperty("org.quartz.scheduler.skipUpdateCheck", "true");
    }

    @Override
    public void prepare() {
        seenByFirst = null;
        seenBySecond = null;
        configuration.setProperty("org.quartz.scheduler.instanceName", "scheduler-" + System.identityHashCode(this) + "-" + ++number);
    }

    @Override
    public void first() {
        exclusion.alone(() -> seenByFirst = scheduler());
    }

    @Override
    public void second() {
        exclusion.alone(() -> seenBySecond = scheduler());
    }

    /** As a component does, with a factory of its own. */
    private Scheduler scheduler() {
        try {
            return new StdSchedulerFactory(configuration).getScheduler();
        } catch (SchedulerException e) {
            Traces.note(e);
            return null;
        }
    }

    @Override
    public int failures() throws SchedulerException {
        if (seenByFirst != null) {
            seenByFirst.shutdown();
        }
        if (seenBySecond != null && seenBySecond != seenByFirst) {
            seenBySecond.shutdown();
        }
        return seenByFirst == seenBySecond ? 0 : 1;
    }
}
