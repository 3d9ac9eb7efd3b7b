package dev.loom.ctl;

import dev.loom.ctl.failure.ExitStatus;
import dev.loom.ctl.output.FilterText;
import dev.loom.ctl.output.Printer;
import dev.loom.ctl.target.AgentLink;
import dev.loom.ctl.target.FilterView;
import java.util.function.Predicate;

/** Follows a filter until it is where it should be, showing each step. */
final class Waiting {

    private static final long LOOK_MILLIS = 100;

    private final AgentLink agent;
    private final Printer printer;

    /** @param printer shows the steps; on stderr, as they are not the result */
    Waiting(AgentLink agent, Printer printer) {
        this.agent = agent;
        this.printer = printer;
    }

    /**
     * The filter as it was when it was done, had ended, or the time was over.
     *
     * @param seconds 0 does not wait
     */
    FilterView until(FilterView filter, Predicate<FilterView> done, double seconds) {
        long deadline = System.nanoTime() + (long) (seconds * 1e9);
        FilterView now = filter;
        String shown = "";
        while (seconds > 0 && !done.test(now) && !now.isEnd() && System.nanoTime() < deadline) {
            String line = FilterText.summary(now);
            if (!line.equals(shown)) {
                printer.note(line);
                shown = line;
            }
            try {
                Thread.sleep(LOOK_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return now;
            }
            now = agent.filter(now.name());
        }
        return now;
    }

    /** The exit status of a command that waited, or did not. */
    static int status(FilterView filter, Predicate<FilterView> done, double seconds) {
        if (done.test(filter)) {
            return ExitStatus.DONE;
        }
        if (filter.isEnd()) {
            return ExitStatus.FAILED;
        }
        return seconds > 0 ? ExitStatus.NOT_WITHIN_WAIT : ExitStatus.DONE;
    }
}
