package dev.loom.console.page;

import dev.loom.console.deployment.JvmProgress;
import dev.loom.console.live.LiveFilter;
import dev.loom.console.metrics.History;
import dev.loom.console.metrics.HistoryService;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Puts the verdict on a filter in a JVM together. */
@Component
class Verdicts {

    /** How far back the application's count is looked at, before and since; memory holds that. */
    private static final Duration WINDOW = Duration.ofMinutes(5);
    /** What was under way when the filter came may fail yet. */
    private static final Duration SETTLING = Duration.ofSeconds(3);
    /** Fewer readings tell nothing. */
    private static final int FEW = 5;

    private final HistoryService history;

    Verdicts(HistoryService history) {
        this.history = history;
    }

    /** Null while it is not in force, or the JVM does not answer: then there is nothing to judge. */
    @Nullable Verdict of(JvmProgress jvm, @Nullable LiveFilter live) {
        Instant active = jvm.activeAt();
        boolean inForce = live != null && live.reachable() && active != null && List.of("ACTIVE", "OBSERVING").contains(live.state());
        if (!inForce) {
            return null;
        }
        Instant since = live.enabledSince() == null || live.enabledSince().isAfter(live.at()) ? active : live.enabledSince();
        // from observing to enforcing nothing need be seen in between, so what was counted while it observed is before
        Instant changed = since.isAfter(active) ? since : active;
        return Verdict.of(live, notNegative(Duration.between(since, live.at())), failures(jvm.targetId(), changed, live.at()));
    }

    private static Duration notNegative(Duration time) {
        return time.isNegative() ? Duration.ZERO : time;
    }

    private Verdict.Failures failures(long target, Instant active, Instant now) {
        Double before = aMinute(target, active.minus(WINDOW), active.minus(SETTLING));
        Instant settled = active.plus(SETTLING);
        Instant from = settled.isBefore(now.minus(WINDOW)) ? now.minus(WINDOW) : settled;
        Double since = from.isBefore(now) ? aMinute(target, from, now) : null;
        return new Verdict.Failures(before, since, notNegative(Duration.between(from, now)));
    }

    /** Failures a minute in a span; null where too little was read. */
    private @Nullable Double aMinute(long target, Instant from, Instant to) {
        History read = history.history(target, null, from, to);
        double[] rates = read.failures().stream().filter(Objects::nonNull).mapToDouble(Double::doubleValue).toArray();
        return rates.length < FEW ? null : Double.valueOf(java.util.Arrays.stream(rates).average().orElse(0) * 60);
    }
}
