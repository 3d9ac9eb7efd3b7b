package dev.loom.console.rollout;

import dev.loom.client.FilterStatus;
import dev.loom.client.HookCounters;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What must not happen in a JVM while a roll-out goes on. */
sealed interface Guard {

    /** The filter's overhead in percent, for so long. */
    record Overhead(double percent, Duration time) implements Guard {}

    /** The longest wait in one of its hooks, ms. */
    record LongestWait(long millis) implements Guard {}

    /** Waits that the deadlock guard had to break. */
    record Bypasses(long most) implements Guard {}

    /** Threads in the way, for longer than this. */
    record Stragglers(int most, Duration time) implements Guard {}

    /** A number of the application's own that grows by so much a minute. */
    record Counter(String mbean, String attribute, double perMinute) implements Guard {}

    /** A number as people write it. */
    static String number(double value) {
        return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
    }

    /** For how long it has to be so before it fires. */
    default Duration time() {
        return Duration.ZERO;
    }

    /** What is wrong by what the agent says now; null if nothing is. The application's own numbers need another question, and are not asked here. */
    default @Nullable String fires(FilterStatus filter) {
        if (this instanceof Overhead overhead) {
            return filter.overheadPercent() > overhead.percent()
                    ? "the overhead is " + Math.round(filter.overheadPercent() * 10) / 10.0 + " %, above " + number(overhead.percent()) + " %" : null;
        }
        if (this instanceof Stragglers stragglers) {
            int seen = filter.stragglers().size();
            return seen > stragglers.most() ? seen + (seen == 1 ? " thread is" : " threads are") + " in the way" : null;
        }
        if (this instanceof LongestWait wait) {
            long longest = filter.hooks().stream().mapToLong(HookCounters::waitNanosMax).max().orElse(0) / 1_000_000;
            return longest > wait.millis() ? "a thread waited " + longest + " ms, longer than " + wait.millis() + " ms" : null;
        }
        if (this instanceof Bypasses bypasses) {
            long seen = filter.hooks().stream().mapToLong(HookCounters::bypasses).sum();
            return seen > bypasses.most() ? seen + " waits were broken by the deadlock guard, more than " + bypasses.most() : null;
        }
        return null;
    }
}
