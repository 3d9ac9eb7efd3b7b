package dev.loom.races.runner;

import com.sun.tools.attach.AttachNotSupportedException;
import dev.loom.client.ClientException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One race, in one JVM: from its first failure to the search that does not see it any more. */
final class ChainRun {

    /** Under which what is proposed installs: the name that it has. */
    private static final String FILTER = "suggested";

    /** For what a race had spoiled before to be counted. */
    private static final long SETTLE_MILLIS = 1_000;
    /** Proposals that are tried. */
    private static final int MOST_PROPOSALS = 8;

    private static final String WAIT = "60";

    private final Path scratch;
    private final ControlToolProcess tool;
    private final String race;
    private final ChainTimes times;
    private final RaceJvm jvm;
    private final Beans beans;
    private final String classes;

    private ChainRun(Path scratch, ControlToolProcess tool, String race, ChainTimes times, RaceJvm jvm, Beans beans, String classes) {
        this.scratch = scratch;
        this.tool = tool;
        this.race = race;
        this.times = times;
        this.jvm = jvm;
        this.beans = beans;
        this.classes = classes;
    }

    /** @param races the directory evaluation/races */
    static ChainResult of(Path races, Path agentJar, String race, ChainTimes times)
            throws IOException, InterruptedException, ClientException, AttachNotSupportedException {
        Path scratch = Files.createDirectories(races.resolve("target/chain"));
        String classes = Library.pattern(Files.readString(races.resolve("filters").resolve(race + ".loom")));
        try (RaceJvm jvm = RaceJvm.start(races.resolve("run"), scratch.resolve(race + ".log"), "-javaagent:" + agentJar, race)) {
            jvm.counts();
            try (Beans beans = Beans.of(jvm.pid())) {
                return new ChainRun(scratch, new ControlToolProcess(agentJar), race, times, jvm, beans, classes).run();
            }
        }
    }

    private ChainResult run() throws IOException, InterruptedException, ClientException {
        Thread.sleep(SETTLE_MILLIS);
        PhaseResult before = jvm.runUntil(1, times.longest(), phase -> phase.failures() >= 5);
        List<SeenRace> found = find("0");
        List<Attempt> attempts = new ArrayList<>();
        for (SeenRace finding : found) {
            for (String filter : finding.filters()) {
                if (attempts.size() < MOST_PROPOSALS && attempts.stream().noneMatch(Attempt::held)) {
                    attempts.add(attempt(finding, filter, before.wanted(), String.valueOf(attempts.size() + 1)));
                    delete();
                }
            }
        }
        boolean held = attempts.stream().anyMatch(Attempt::held);
        PhaseResult after = held ? jvm.runUntil(1, times.longest(), phase -> phase.failures() > 0) : before;
        return new ChainResult(before, found.size(), attempts, after);
    }

    private List<SeenRace> find(String number) throws IOException, InterruptedException {
        ControlToolProcess.Result result =
                tool.run("find", pid(), "--classes", classes, "--for", times.search() + "s", "--budget", times.budget(), "--json");
        Files.writeString(scratch.resolve(race + ".find-" + number + ".json"), result.output());
        if (result.status() != 0 || !(JsonMaps.read(result.output()) instanceof Map<?, ?> status)) {
            throw new IOException("find failed: " + result.output());
        }
        List<SeenRace> seen = new ArrayList<>();
        for (Object finding : (List<?>) status.get("findings")) {
            seen.add(SeenRace.of(seen.size() + 1, (Map<?, ?>) finding));
        }
        return seen;
    }

    private Attempt attempt(SeenRace finding, String filter, long wanted, String number) throws IOException, InterruptedException, ClientException {
        Path file = scratch.resolve(race + ".proposal-" + number + ".loom");
        Files.writeString(file, filter);
        String constraint = filter.lines().filter(l -> l.startsWith("    ") && !l.contains("about \"")).findFirst().orElse("").strip();

        String state = tool.run("add", pid(), file.toString(), "--observe", "--wait", WAIT, "--json").state();
        if (!state.equals("OBSERVING")) {
            return Attempt.broken(finding, constraint, "observe", state, 0);
        }
        long overlaps = awaitOverlaps();
        if (overlaps == 0) {
            return Attempt.broken(finding, constraint, "observe", "no overlap in " + times.observe() + " s", 0);
        }
        state = tool.run("add", pid(), file.toString(), "--wait", WAIT, "--json").state();
        if (!state.equals("ACTIVE")) {
            return Attempt.broken(finding, constraint, "enforce", state + ", in the way: " + beans.stragglers(FILTER), overlaps);
        }
        Thread.sleep(SETTLE_MILLIS);
        PhaseResult enforced = jvm.runUntil(times.seconds(), times.longest(), phase -> phase.operations() >= wanted || phase.failures() > 0);
        PhaseResult.Counts from = jvm.counts();
        List<SeenRace> again = enforced.failures() > 0 ? List.of() : find(number);
        PhaseResult searched = PhaseResult.between(from, jvm.counts());
        String broken = broken(finding, enforced, searched, again);
        String step = broken.isEmpty() ? null : broken.substring(0, broken.indexOf(": "));
        int others = (int) again.stream().filter(seen -> !seen.isSame(finding)).count();
        return new Attempt(finding, constraint, step, step == null ? "" : broken.substring(step.length() + 2), overlaps, enforced, others);
    }

    /** The step at which it is broken, a colon and why; empty if it holds. */
    private String broken(SeenRace finding, PhaseResult enforced, PhaseResult searched, List<SeenRace> again) throws ClientException {
        if (enforced.failures() > 0) {
            return "failures: " + enforced.failures() + " of " + enforced.operations() + " while ACTIVE";
        }
        if (enforced.operations() == 0) {
            return "failures: the load stands still";
        }
        if (!beans.hooks(FILTER).get("bypasses").equals(0L)) {
            return "failures: the deadlock guard had to let waits through";
        }
        SeenRace same = again.stream().filter(finding::isSame).findFirst().orElse(null);
        if (same != null) {
            return "find again: seen again as " + same.brief() + ", " + same.count() + " times";
        }
        return searched.failures() > 0 ? "find again: " + searched.failures() + " of " + searched.operations() + " failed meanwhile" : "";
    }

    private long awaitOverlaps() throws ClientException, InterruptedException {
        long end = System.nanoTime() + times.observe() * 1_000_000_000L;
        long overlaps = 0;
        while (overlaps == 0 && System.nanoTime() - end < 0) {
            Thread.sleep(200);
            overlaps = (Long) beans.hooks(FILTER).getOrDefault("overlaps", 0L);
        }
        return overlaps;
    }

    private void delete() throws IOException, InterruptedException {
        String state = tool.run("delete", pid(), FILTER, "--wait", WAIT, "--json").state();
        if (!state.equals("REMOVED")) {
            throw new IOException("a filter cannot be removed: " + state);
        }
    }

    private String pid() {
        return String.valueOf(jvm.pid());
    }
}
