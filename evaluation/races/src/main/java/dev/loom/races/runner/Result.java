package dev.loom.races.runner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What was measured of a race on one Java, in the words of the tables. */
record Result(Entry entry, int java, Map<?, ?> json) {

    /** The result that is kept in {@code results/JAVA/RACE.json}; null if there is none. */
    static Result of(Path results, int java, Entry entry) throws IOException {
        Path file = results.resolve(java + "/" + entry.race() + ".json");
        return Files.exists(file) ? new Result(entry, java, (Map<?, ?>) JsonMaps.read(Files.readString(file))) : null;
    }

    Map<?, ?> part(String name) {
        return (Map<?, ?>) json.get(name);
    }

    PhaseResult phase(String part, String name) {
        return PhaseResult.of(part(part).get(name));
    }

    List<?> alternatives() {
        return (List<?>) json.get("alternatives");
    }

    List<?> wrong() {
        return json.get("wrong") instanceof List<?> wrong ? wrong : List.of();
    }

    static double per10000(PhaseResult phase) {
        return phase.operations() == 0 ? 0 : phase.failures() * 10_000.0 / phase.operations();
    }

    static String rate(PhaseResult phase) {
        double rate = per10000(phase);
        return phase.failures() == 0 ? "0" : rate >= 100 ? String.format(Locale.ROOT, "%.0f", rate) : String.format(Locale.ROOT, "%.2g", rate);
    }

    /** {@code 0 of N}: absolute, as it has to be 0. */
    static String absolute(PhaseResult phase) {
        return phase.failures() + " of " + phase.operations();
    }

    /** Throughput of one phase as a share of another's. */
    static String throughput(PhaseResult phase, PhaseResult than) {
        return than.operations() == 0 ? "-" : ratio(phase.perSecond() / than.perSecond());
    }

    static String latency(PhaseResult phase, PhaseResult than) {
        return than.medianNanos() == 0 ? "-" : ratio(phase.medianNanos() / than.medianNanos());
    }

    private static String ratio(double ratio) {
        return String.format(Locale.ROOT, ratio >= 10 ? "%.0f" : "%.2f", ratio);
    }

    /** Median and worst time to ACTIVE. */
    /** Median of the installs, ms. */
    String medianToActive() {
        Object median = part("installs").get("medianMillis");
        return median == null ? "-" : String.format(Locale.ROOT, "%.0f", median);
    }

    String timeToActive() {
        Map<?, ?> installs = part("installs");
        if (installs.get("medianMillis") == null) {
            return "-";
        }
        String missed = (Long) installs.get("notInHalfAMinute") == 0 ? "" : ", " + installs.get("notInHalfAMinute") + " not in 30 s";
        return String.format(Locale.ROOT, "%.0f / %.0f%s", installs.get("medianMillis"), installs.get("worstMillis"), missed);
    }
}
