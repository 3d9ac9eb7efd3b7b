package dev.loom.races.runner;

import com.sun.tools.attach.AttachNotSupportedException;
import dev.loom.client.ClientException;
import dev.loom.client.FilterState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** All that is measured of one race, as one JSON object. */
final class RaceRun {

    /** For a JVM to get going, and for what a race had spoiled before to be counted. */
    private static final double SETTLE_SECONDS = 1;

    private final Path races;
    private final Path agentJar;
    private final ControlToolProcess tool;
    private final String race;
    private final RaceFilter filter;
    private final MeasuringTimes options;
    private final Path log;
    private final Map<String, Object> result = new LinkedHashMap<>();

    /** @param races the directory evaluation/races */
    RaceRun(Path races, Path agentJar, String race, MeasuringTimes options) throws IOException {
        this.races = races;
        this.agentJar = agentJar;
        this.tool = new ControlToolProcess(agentJar);
        this.race = race;
        this.filter = RaceFilter.of(races.resolve("filters").resolve(race + ".loom"));
        this.options = options;
        this.log = races.resolve("target").resolve(race + ".log");
    }

    Map<String, Object> measure() throws IOException, InterruptedException, ClientException, AttachNotSupportedException {
        result.put("race", race);
        result.put("java", Runtime.version().feature());
        result.put("lines", filter.lines());
        withTheAgentFromTheStart();
        attachedLate();
        if (Files.isDirectory(races.resolve("target/jars").resolve(race + "-fixed"))) {
            withTheLibrarysOwnFix();
        }
        result.put("verdict", verdict());
        return result;
    }

    private RaceJvm start(String agent, String... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(race));
        all.addAll(List.of(arguments));
        RaceJvm jvm = RaceJvm.start(races.resolve("run"), log, agent, all.toArray(String[]::new));
        jvm.counts();
        Thread.sleep((long) (SETTLE_SECONDS * 1000));
        return jvm;
    }

    private void withTheAgentFromTheStart() throws IOException, InterruptedException, ClientException, AttachNotSupportedException {
        Map<String, Object> part = part("start");
        try (RaceJvm jvm = start("-javaagent:" + agentJar); Beans beans = Beans.of(jvm.pid())) {
            String pid = String.valueOf(jvm.pid());
            PhaseResult before = jvm.runUntil(options.seconds(), options.longest(), phase -> phase.failures() >= 5);
            part.put("before", before.json());
            ControlToolProcess.Result add = tool.run("add", pid, filter.file().toString(), "--wait", "60", "--json");
            part.put("state", add.state());
            part.put("addMillis", add.millis());
            Thread.sleep((long) (SETTLE_SECONDS * 1000));
            long wanted = before.wanted();
            part.put("wanted", wanted);
            PhaseResult filtered = jvm.runUntil(options.seconds(), options.longest(), phase -> phase.operations() >= wanted || phase.failures() > 0);
            part.put("filtered", filtered.json());
            part.put("hooks", beans.hooks(filter.name()));
            part.put("removed", tool.run("delete", pid, filter.name(), "--wait", "60", "--json").state());
            PhaseResult after = jvm.runUntil(options.seconds(), options.longest(), phase -> phase.failures() > 0);
            part.put("after", after.json());
            result.put("alternatives", alternatives(jvm, beans));
            result.put("wrong", wrong(jvm, beans));
            result.put("installs", installs(beans));
        }
    }

    private List<Object> alternatives(RaceJvm jvm, Beans beans) throws IOException, InterruptedException, ClientException {
        List<Object> results = new ArrayList<>();
        for (RaceFilter alternative : filters("alternatives")) {
            beans.install(alternative.name(), alternative.text(), "");
            Map<String, Object> part = new LinkedHashMap<>();
            part.put("name", alternative.name());
            part.put("lines", alternative.lines());
            beans.await(alternative.name(), FilterState.ACTIVE, 30);
            part.put("state", beans.attribute(alternative.name(), "State"));
            Thread.sleep((long) (SETTLE_SECONDS * 500));
            part.put("filtered", jvm.run(options.seconds()).json());
            part.put("hooks", beans.hooks(alternative.name()));
            remove(beans, alternative.name());
            results.add(part);
        }
        return results;
    }

    /** Filters that are wrong on purpose: what they change, and what observing says of them and of the right one. */
    private List<Object> wrong(RaceJvm jvm, Beans beans) throws IOException, InterruptedException, ClientException {
        List<Object> results = new ArrayList<>();
        for (RaceFilter wrong : filters("wrong")) {
            Map<String, Object> part = new LinkedHashMap<>();
            part.put("name", wrong.name());
            beans.install(wrong.name(), wrong.text(), "");
            beans.await(wrong.name(), FilterState.ACTIVE, 30);
            part.put("state", beans.attribute(wrong.name(), "State"));
            part.put("filtered", jvm.runUntil(options.seconds(), options.longest(), phase -> phase.failures() > 0).json());
            remove(beans, wrong.name());
            observe(jvm, beans, wrong, part, "observed");
            observe(jvm, beans, filter, part, "rightObserved");
            results.add(part);
        }
        return results;
    }

    private void observe(RaceJvm jvm, Beans beans, RaceFilter observed, Map<String, Object> part, String name)
            throws ClientException, IOException, InterruptedException {
        beans.install(observed.name(), observed.text(), "mode=observe");
        beans.await(observed.name(), FilterState.OBSERVING, 30);
        part.put(name, jvm.runUntil(options.seconds(), options.longest(), phase -> phase.failures() > 0).json());
        part.put(name + "Overlaps", beans.hooks(observed.name()).get("overlaps"));
        remove(beans, observed.name());
    }

    /** This race's filters in a directory beside {@code filters}, RACE.NAME.loom. */
    private List<RaceFilter> filters(String directory) throws IOException {
        List<RaceFilter> filters = new ArrayList<>();
        try (Stream<Path> all = Files.list(races.resolve(directory))) {
            for (Path file : all.filter(file -> file.getFileName().toString().startsWith(race + ".")).sorted().toList()) {
                filters.add(RaceFilter.of(file));
            }
        }
        return filters;
    }

    private static void remove(Beans beans, String name) throws ClientException, IOException, InterruptedException {
        beans.remove(name);
        beans.await(name, FilterState.REMOVED, 60);
    }

    /** Times to ACTIVE in milliseconds, under the race's whole load. */
    private Map<String, Object> installs(Beans beans) throws ClientException, IOException, InterruptedException {
        List<Double> millis = new ArrayList<>();
        int missed = 0;
        for (int i = 0; i < options.installs(); i++) {
            long begun = System.nanoTime();
            beans.install(filter.name(), filter.text(), "");
            if (beans.await(filter.name(), FilterState.ACTIVE, 30) < 0) {
                missed++;
            } else {
                millis.add((System.nanoTime() - begun) / 100_000 / 10.0);
            }
            remove(beans, filter.name());
        }
        millis.sort(null);
        Map<String, Object> part = new LinkedHashMap<>();
        part.put("count", millis.size());
        part.put("notInHalfAMinute", missed);
        part.put("medianMillis", millis.isEmpty() ? null : millis.get(millis.size() / 2));
        part.put("worstMillis", millis.isEmpty() ? null : millis.get(millis.size() - 1));
        return part;
    }

    private void attachedLate() throws IOException, InterruptedException, ClientException, AttachNotSupportedException {
        Map<String, Object> part = part("late");
        try (RaceJvm jvm = start("")) {
            String pid = String.valueOf(jvm.pid());
            part.put("before", jvm.run(options.seconds()).json());
            ControlToolProcess.Result attach = tool.run("attach", pid);
            part.put("attachStatus", attach.status());
            ControlToolProcess.Result add = tool.run("add", pid, filter.file().toString(), "--wait", "8", "--json");
            part.put("state", add.state());
            try (Beans beans = Beans.of(jvm.pid())) {
                part.put("stragglers", beans.stragglers(filter.name()));
                if (!add.state().equals("ACTIVE")) {
                    jvm.restartWorkers();
                    beans.await(filter.name(), FilterState.ACTIVE, 30);
                    part.put("stateAfterRestart", beans.attribute(filter.name(), "State"));
                }
                Thread.sleep((long) (SETTLE_SECONDS * 1000));
                part.put("filtered", jvm.run(options.seconds()).json());
                part.put("removed", tool.run("delete", pid, filter.name(), "--wait", "60", "--json").state());
                part.put("after", jvm.runUntil(options.seconds(), options.longest(), phase -> phase.failures() > 0).json());
            }
        }
    }

    private void withTheLibrarysOwnFix() throws IOException, InterruptedException {
        try (RaceJvm jvm = start("", "--fixed")) {
            part("fixed").put("run", jvm.run(options.seconds()).json());
        }
    }

    private Map<String, Object> part(String name) {
        Map<String, Object> part = new LinkedHashMap<>();
        result.put(name, part);
        return part;
    }

    private String verdict() {
        Map<?, ?> start = (Map<?, ?>) result.get("start");
        Map<?, ?> late = (Map<?, ?>) result.get("late");
        PhaseResult before = PhaseResult.of(start.get("before"));
        PhaseResult filtered = PhaseResult.of(start.get("filtered"));
        if (before.failures() == 0) {
            return "no failure before";
        }
        if (!"ACTIVE".equals(start.get("state"))) {
            return "not ACTIVE";
        }
        if (filtered.failures() > 0) {
            return "NOT bypassed";
        }
        if (filtered.operations() == 0) {
            return "stopped to work";
        }
        if (PhaseResult.of(start.get("after")).failures() == 0) {
            return "no failure after removal";
        }
        if (PhaseResult.of(late.get("filtered")).failures() > 0) {
            return "NOT bypassed, attached late";
        }
        boolean lateActive = "ACTIVE".equals(late.get("state")) || "ACTIVE".equals(late.get("stateAfterRestart"));
        if (!lateActive) {
            return "not ACTIVE, attached late";
        }
        return filtered.operations() < (Long) start.get("wanted") ? "bypassed, fewer operations than wanted" : "bypassed";
    }
}
