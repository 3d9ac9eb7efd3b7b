package dev.loom.races.runner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The tables in docs/races.md and in the README, each between two marks. */
final class Tables {

    private static final int NEWEST = 25;
    private static final List<Integer> JAVAS = List.of(17, NEWEST);

    private final Path top;
    private final List<Result> results = new ArrayList<>();

    /** @param races the directory evaluation/races */
    Tables(Path races) throws IOException {
        this.top = races.toAbsolutePath().normalize().getParent().getParent();
        for (Entry entry : Entry.ALL) {
            for (int java : JAVAS) {
                Result result = Result.of(races.resolve("results"), java, entry);
                if (result != null) {
                    results.add(result);
                }
            }
        }
    }

    void write() throws IOException {
        if (results.isEmpty()) {
            return;
        }
        replace(top.resolve("docs/races.md"), "results", bypassed());
        replace(top.resolve("docs/races.md"), "costs", costs());
        replace(top.resolve("docs/races.md"), "late", late());
        replace(top.resolve("docs/races.md"), "alternatives", alternatives());
        replace(top.resolve("docs/races.md"), "wrong", wrong());
        replace(top.resolve("README.md"), "races", summary());
        Files.writeString(top.resolve("docs/img/races.svg"), new Figure(results).svg());
    }

    private static void replace(Path file, String name, String table) throws IOException {
        String text = Files.readString(file);
        String begin = "<!-- " + name + ": made by evaluation/races/measure -->\n";
        String end = "<!-- end of " + name + " -->\n";
        int from = text.indexOf(begin);
        int to = text.indexOf(end);
        if (from < 0 || to < from) {
            throw new IllegalStateException(file + " has no place for the table " + name);
        }
        Files.writeString(file, text.substring(0, from) + begin + "\n" + table + "\n" + text.substring(to));
    }

    private static String table(String head, List<String> rows) {
        return head + "\n" + head.replaceAll("[^|]+", " --- ") + "\n" + rows.stream().map(row -> row + "\n").collect(Collectors.joining());
    }

    private static String row(Object... cells) {
        StringBuilder row = new StringBuilder("|");
        for (Object cell : cells) {
            row.append(' ').append(cell).append(" |");
        }
        return row.toString();
    }

    private static String link(Entry entry, String directory) {
        return "[" + entry.race() + "](" + directory + "races/" + entry.race() + ".md)";
    }

    /** For the README: one JDK, one number a cell. */
    private String summary() {
        List<String> rows = new ArrayList<>();
        for (Entry entry : Entry.ALL) {
            results.stream().filter(result -> result.entry() == entry && result.java() == NEWEST).forEach(r -> {
                PhaseResult filtered = r.phase("start", "filtered");
                rows.add(row(link(entry, "docs/"), entry.library(), entry.symptom(), Result.rate(r.phase("start", "before")), filtered.failures(),
                        String.format(Locale.ROOT, "%,d", filtered.operations()), Result.rate(r.phase("start", "after")), r.medianToActive()));
            });
        }
        return table("| race | library | what goes wrong | failures per 10,000 before | failures while ACTIVE | operations meanwhile "
                        + "| failures per 10,000 after removal | ms to ACTIVE |", rows)
                + "\nOn JDK " + NEWEST + ", under full load; the time to ACTIVE is the median of 20 installs. [JDK 17 and the worst cases](docs/races.md#failures).\n";
    }

    private String bypassed() {
        List<String> rows = results.stream().map(r -> {
            Map<?, ?> hooks = (Map<?, ?>) r.part("start").get("hooks");
            Object wanted = r.part("start").get("wanted");
            return row(link(r.entry(), ""), r.java(), Result.rate(r.phase("start", "before")), Result.absolute(r.phase("start", "filtered")),
                    wanted, Result.rate(r.phase("start", "after")), r.timeToActive(), hooks.get("hits"), hooks.get("contended"),
                    hooks.get("bypasses"), r.json().get("lines"), r.json().get("verdict"));
        }).toList();
        return table("| race | JDK | before | while ACTIVE | wanted | after | ms to ACTIVE | hits | contended | bypasses | lines | |", rows);
    }

    private String costs() {
        List<String> rows = new ArrayList<>();
        for (Result r : results) {
            PhaseResult before = r.phase("start", "before");
            PhaseResult filtered = r.phase("start", "filtered");
            PhaseResult fixed = r.part("fixed") == null ? null : r.phase("fixed", "run");
            rows.add(row(link(r.entry(), ""), r.java(), Math.round(before.perSecond()), Math.round(filtered.perSecond()),
                    Result.throughput(filtered, before), Result.latency(filtered, before), fixed == null ? "-" : Result.rate(fixed),
                    fixed == null ? "-" : Result.throughput(filtered, fixed), fixed == null ? "-" : Result.latency(filtered, fixed)));
        }
        return table("| race | JDK | ops/s before | ops/s filtered | throughput to unfiltered | latency to unfiltered "
                + "| failures of the fixed version | throughput to fixed | latency to fixed |", rows);
    }

    private String late() {
        List<String> rows = results.stream().map(r -> row(link(r.entry(), ""), r.java(), Result.rate(r.phase("late", "before")),
                r.part("late").get("state"), names((List<?>) r.part("late").get("stragglers")),
                r.part("late").get("stateAfterRestart") == null ? "-" : r.part("late").get("stateAfterRestart"),
                Result.absolute(r.phase("late", "filtered")), Result.rate(r.phase("late", "after")))).toList();
        return table("| race | JDK | before | after 8 s | stragglers | workers restarted | then | after removal |", rows);
    }

    private static String names(List<?> stragglers) {
        String names = stragglers.stream().limit(4).map(String::valueOf).collect(Collectors.joining(", "));
        return stragglers.isEmpty() ? "none" : stragglers.size() > 4 ? names + " and " + (stragglers.size() - 4) + " more" : names;
    }

    private String alternatives() {
        List<String> rows = new ArrayList<>();
        for (Result r : results) {
            if (r.alternatives().isEmpty()) {
                continue;
            }
            PhaseResult before = r.phase("start", "before");
            PhaseResult main = r.phase("start", "filtered");
            rows.add(alternative(r, "[" + r.entry().race() + "](../evaluation/races/filters/" + r.entry().race() + ".loom)", main, before,
                    (Map<?, ?>) r.part("start").get("hooks"), r.part("start").get("state")));
            for (Object other : r.alternatives()) {
                Map<?, ?> map = (Map<?, ?>) other;
                rows.add(alternative(r, "[" + map.get("name") + "](../evaluation/races/alternatives/" + map.get("name") + ".loom)",
                        PhaseResult.of(map.get("filtered")), before, (Map<?, ?>) map.get("hooks"), map.get("state")));
            }
        }
        return table("| filter | JDK | state | failures | ops/s | throughput to unfiltered | latency to unfiltered | contended per 10,000 hits |", rows);
    }

    private String wrong() {
        List<String> rows = new ArrayList<>();
        for (Result r : results) {
            for (Object wrong : r.wrong()) {
                Map<?, ?> map = (Map<?, ?>) wrong;
                rows.add(row("[" + map.get("name") + "](../evaluation/races/wrong/" + map.get("name") + ".loom)", r.java(), map.get("state"),
                        Result.absolute(PhaseResult.of(map.get("filtered"))), overlaps(map, "observed"), overlaps(map, "rightObserved")));
            }
        }
        return table("| wrong filter | JDK | state | failures | observed | the right filter, observed |", rows);
    }

    private static String overlaps(Map<?, ?> map, String observed) {
        return map.get(observed + "Overlaps") + " overlaps, " + PhaseResult.of(map.get(observed)).failures() + " failures";
    }

    private static String alternative(Result r, String name, PhaseResult phase, PhaseResult before, Map<?, ?> hooks, Object state) {
        long hits = (Long) hooks.get("hits");
        return row(name, r.java(), state, Result.absolute(phase), Math.round(phase.perSecond()), Result.throughput(phase, before),
                Result.latency(phase, before), hits == 0 ? "-" : (Long) hooks.get("contended") * 10_000 / hits);
    }
}
