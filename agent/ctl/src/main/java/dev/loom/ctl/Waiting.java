package dev.loom.ctl;

import dev.loom.ctl.failure.CommandFailure;
import dev.loom.ctl.failure.ExitStatus;
import dev.loom.ctl.output.FilterReport;
import dev.loom.ctl.output.Printer;
import dev.loom.ctl.target.AgentLink;
import dev.loom.ctl.target.JvmFilter;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Follows a filter until it is where it should be, showing each step. The time for that runs from the start of the tool, and ends the
 * command whatever the target does: on a busy machine, connecting and each answer may take longer than all of it.
 */
final class Waiting {

    private static final long LOOK_MILLIS = 100;

    private final Printer printer;
    private final Predicate<JvmFilter> done;
    private final TimeLimit limit;
    private volatile @Nullable JvmFilter seen;

    /**
     * @param printer shows the steps; on stderr, as they are not the result
     * @param seconds 0 does not wait
     * @param startedNanos when the time begins, by {@link System#nanoTime}
     */
    Waiting(Printer printer, Predicate<JvmFilter> done, double seconds, long startedNanos) {
        this.printer = printer;
        this.done = done;
        limit = TimeLimit.of(seconds, startedNanos);
    }

    /**
     * Runs what asks for something and follows it by {@link #until}.
     *
     * @return the filter as it was when it was done, had ended, or the time was over
     * @throws CommandFailure with {@link ExitStatus#NOT_WITHIN_WAIT} if nothing was heard of the filter in that time
     */
    JvmFilter run(String target, Callable<JvmFilter> steps) {
        return limit.run(steps, () -> {
            JvmFilter last = seen;
            if (last == null) {
                throw CommandFailure.notWithinWait("no answer from " + target + " in time",
                        "if it was asked, it goes on: 'status " + target + "' shows the filter; or give it longer with --wait");
            }
            return last;
        });
    }

    /** Looks at the filter until it is where it should be, has ended, or the time is over. */
    JvmFilter until(AgentLink agent, JvmFilter filter) throws InterruptedException {
        JvmFilter now = filter;
        seen = now;
        String shown = "";
        while (!done.test(now) && !now.isEnd() && limit.isLeft()) {
            String line = FilterReport.summary(now);
            if (!line.equals(shown)) {
                printer.note(line);
                shown = line;
            }
            Thread.sleep(LOOK_MILLIS);
            now = agent.filter(now.name());
            seen = now;
        }
        return now;
    }

    /** The exit status of a command that waited, or did not. */
    int status(JvmFilter filter) {
        if (done.test(filter)) {
            return ExitStatus.DONE;
        }
        if (filter.isEnd()) {
            return ExitStatus.FAILED;
        }
        return limit.seconds() > 0 ? ExitStatus.NOT_WITHIN_WAIT : ExitStatus.DONE;
    }
}
