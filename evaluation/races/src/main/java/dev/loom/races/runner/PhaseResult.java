package dev.loom.races.runner;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a race did in a span of time.
 *
 * @param operations done
 * @param failures spoiled by the race
 * @param seconds it took
 * @param medianNanos of a call of the race's first side
 * @param p99Nanos the 99th percentile
 */
record PhaseResult(long operations, long failures, double seconds, double medianNanos, double p99Nanos) {

    /** The counts of a JVM at a moment, since its start. */
    record Counts(long operations, long failures, long nanoTime, Map<Integer, Long> durations) {

        static Counts of(Map<?, ?> reply) {
            Map<Integer, Long> durations = new LinkedHashMap<>();
            for (Object pair : (List<?>) reply.get("durations")) {
                durations.put(((Long) ((List<?>) pair).get(0)).intValue(), (Long) ((List<?>) pair).get(1));
            }
            return new Counts((Long) reply.get("operations"), (Long) reply.get("failures"), System.nanoTime(), durations);
        }
    }

    static PhaseResult between(Counts from, Counts to) {
        Map<Integer, Long> durations = new LinkedHashMap<>();
        to.durations.forEach((bucket, count) -> durations.put(bucket, count - from.durations.getOrDefault(bucket, 0L)));
        return new PhaseResult(to.operations - from.operations, to.failures - from.failures, (to.nanoTime - from.nanoTime) / 1e9,
                quantile(durations, 0.5), quantile(durations, 0.99));
    }

    private static double quantile(Map<Integer, Long> durations, double share) {
        long all = durations.values().stream().mapToLong(Long::longValue).sum();
        long seen = 0;
        for (Map.Entry<Integer, Long> bucket : durations.entrySet()) {
            seen += bucket.getValue();
            if (seen > 0 && seen >= share * all) {
                // the middle of the bucket
                return Math.round(Math.pow(2, (bucket.getKey() + 0.5) / 8));
            }
        }
        return 0;
    }

    /** Ten times the operations that gave five failures. */
    long wanted() {
        return failures == 0 ? 0 : 50 * operations / failures;
    }

    double perSecond() {
        return operations / seconds;
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("operations", operations);
        json.put("failures", failures);
        json.put("seconds", Math.round(seconds * 1000) / 1000.0);
        json.put("medianNanos", medianNanos);
        json.put("p99Nanos", p99Nanos);
        return json;
    }

    static PhaseResult of(Object json) {
        Map<?, ?> map = (Map<?, ?>) json;
        return new PhaseResult((Long) map.get("operations"), (Long) map.get("failures"), number(map.get("seconds")),
                number(map.get("medianNanos")), number(map.get("p99Nanos")));
    }

    private static double number(Object number) {
        return ((Number) number).doubleValue();
    }
}
