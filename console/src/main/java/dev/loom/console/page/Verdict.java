package dev.loom.console.page;

import dev.loom.client.HookCounters;
import dev.loom.console.live.LiveFilter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a filter is the right one, in sentences made of what was counted: by the agent since it has been in force in this mode, and by the
 * application. What nobody counted is not said.
 *
 * @param kind {@code ok}, {@code warn}, {@code bad}, or empty where it is too early
 * @param sentence the verdict
 * @param facts what it rests on
 * @param next what to do; empty if there is nothing
 */
public record Verdict(String kind, String sentence, List<String> facts, String next) {

    /** A rate of less than that would be made up, ms. */
    private static final long MINUTE = 60_000;

    /**
     * Failures that the application counted, a minute.
     *
     * @param before in the minutes before the filter was in force; null if that is not known
     * @param since since it has been; null if it is too early to tell
     * @param over how long that is
     */
    public record Failures(@Nullable Double before, @Nullable Double since, Duration over) {

        static final Failures UNKNOWN = new Failures(null, null, Duration.ZERO);

        private boolean ended() {
            return since != null && since == 0;
        }

        private boolean goOn() {
            return since != null && since > 0;
        }

        private boolean wereThere() {
            return before != null && before > 0;
        }
    }

    static Verdict of(LiveFilter live, Duration inForce, Failures failures) {
        return live.mode().equals("observe") ? observing(live, inForce, failures) : enforcing(live, inForce, failures);
    }

    private static Verdict observing(LiveFilter live, Duration inForce, Failures failures) {
        long entries = live.hits();
        long overlaps = live.overlaps();
        List<String> facts = new ArrayList<>();
        facts.add(Format.INSTANCE.count(entries) + (entries == 1 ? " entry" : " entries") + " in " + span(inForce) + ", "
                + (overlaps == 0 ? "none" : Format.INSTANCE.count(overlaps)) + " that should have waited"
                + (overlaps == 0 ? "." : ": " + Format.INSTANCE.percent(100.0 * overlaps / Math.max(1, entries)) + "."));
        if (failures.since() != null) {
            facts.add("The application counts " + rate(failures.since()) + " meanwhile.");
        }
        if (overlaps > 0) {
            return new Verdict(
                    "ok", "The regions overlap: " + often(overlaps, inForce) + ".", facts,
                    "Enforced, such an entry waits until the region is free. Nobody has waited yet: a filter that observes lets all through.");
        }
        if (entries == 0) {
            return new Verdict("", "No thread has come to these regions yet.", facts, "Wait until the code runs that they name.");
        }
        return failures.goOn()
                ? new Verdict(
                        "warn", "The regions have not overlapped, and the application fails all the same.", facts,
                        "These are hardly the regions that race. Try another proposal.")
                : new Verdict("", "The regions have not overlapped yet.", facts, "A race that is rare takes longer.");
    }

    private static Verdict enforcing(LiveFilter live, Duration inForce, Failures failures) {
        List<String> facts = new ArrayList<>();
        long longest = live.hooks().stream().mapToLong(HookCounters::waitNanosMax).max().orElse(0);
        long total = live.hooks().stream().mapToLong(HookCounters::waitNanosTotal).sum();
        long timeouts = live.hooks().stream().mapToLong(HookCounters::timeouts).sum();
        long bypasses = live.hooks().stream().mapToLong(HookCounters::bypasses).sum();
        facts.add(live.contended() == 0
                ? "No entry had to wait yet, of " + Format.INSTANCE.count(live.hits()) + "."
                : Format.INSTANCE.count(live.contended()) + " of " + Format.INSTANCE.count(live.hits()) + " entries waited ("
                        + often(live.contended(), inForce) + "), " + Format.INSTANCE.nanos(longest) + " at the longest, " + Format.INSTANCE.nanos(total) + " in all.");
        if (timeouts > 0) {
            facts.add(Format.INSTANCE.count(timeouts) + " bounded waits ran out.");
        }
        if (failures.before() != null && failures.since() != null) {
            facts.add("The application counted " + rate(failures.before()) + " before, and " + rate(failures.since()) + " in the " + span(failures.over())
                    + " since.");
        }
        if (bypasses > 0 || live.harmful()) {
            return new Verdict("bad", "It had to let threads through to break a deadlock.", facts, "Make it smaller, or disable it.");
        }
        if (failures.goOn()) {
            return new Verdict(
                    "warn", "The application still fails" + (failures.wereThere() ? "." : ", as its count says."), facts,
                    "The filter does not cover all of the race, or it is another one. Look for it again while this one is in force.");
        }
        if (failures.ended() && failures.wereThere()) {
            return new Verdict("ok", "No failure since it is in force.", facts, "");
        }
        return live.contended() > 0
                ? new Verdict("ok", "It keeps apart what overlapped.", facts, failures.since() == null ? "Whether that ends the failures, the application says." : "")
                : new Verdict("", "Nothing had to be kept apart yet.", facts, "");
    }

    /** 14 times a minute; of less than a minute what was counted, as it was. */
    private static String often(long times, Duration over) {
        String counted = times == 1 ? "once" : Format.INSTANCE.count(times) + " times";
        return over.toMillis() < MINUTE
                ? counted + " in " + span(over)
                : (times * MINUTE / over.toMillis() < 1 ? "less than once" : Format.INSTANCE.count(times * MINUTE / over.toMillis()) + " times") + " a minute";
    }

    private static String rate(double aMinute) {
        return aMinute == 0 ? "no failure" : aMinute < 1 ? "less than 1 failure a minute" : Format.INSTANCE.count(Math.round(aMinute)) + " failures a minute";
    }

    private static String span(Duration time) {
        return Format.INSTANCE.millis(time.toMillis());
    }
}
