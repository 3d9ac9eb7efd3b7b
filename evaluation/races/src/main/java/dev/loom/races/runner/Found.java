package dev.loom.races.runner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code Found RACES-DIRECTORY AGENT-JAR RESULTS [--seconds N] [--budget PERCENT] [--fixed] RACE...}: of each race, under its load, what {@code
 * find} sees in the library's package, and whether the race is among it: a finding whose two stacks both, or at least one, go through code that
 * the race's filter names. A race that has its line in the results is left out.
 */
public final class Found {

    private final Path races;
    private final Path agentJar;
    private final ControlToolProcess tool;
    private final int seconds;
    private final String budget;
    private final boolean isFixed;

    private Found(Path races, Path agentJar, int seconds, String budget, boolean isFixed) {
        this.races = races;
        this.agentJar = agentJar;
        this.tool = new ControlToolProcess(agentJar);
        this.seconds = seconds;
        this.budget = budget;
        this.isFixed = isFixed;
    }

    public static void main(String[] arguments) throws Exception {
        Path results = Path.of(arguments[2]);
        int seconds = 20;
        String budget = "3%";
        boolean isFixed = false;
        List<String> names = new ArrayList<>();
        for (int i = 3; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--seconds" -> seconds = Integer.parseInt(arguments[++i]);
                case "--budget" -> budget = arguments[++i];
                case "--fixed" -> isFixed = true;
                default -> names.add(arguments[i]);
            }
        }
        Found found = new Found(Path.of(arguments[0]), Path.of(arguments[1]), seconds, budget, isFixed);
        List<String> done = Files.exists(results) ? Files.readAllLines(results) : List.of();
        for (String race : names) {
            String start = "| " + race + (isFixed ? ", fixed" : "") + " | " + Runtime.version().feature() + " | ";
            if (done.stream().noneMatch(line -> line.startsWith(start))) {
                String line = start + found.row(race);
                System.out.println(line);
                Files.writeString(results, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            }
        }
    }

    private String row(String race) throws InterruptedException {
        String[] arguments = isFixed ? new String[] {race, "--fixed"} : new String[] {race};
        try (RaceJvm jvm = RaceJvm.start(
                races.resolve("run"), races.resolve("target").resolve(race + ".log"), "-javaagent:" + agentJar, arguments)) {
            PhaseResult.Counts from = jvm.counts();
            Thread.sleep(1_000);
            String filter = Files.readString(races.resolve("filters").resolve(race + ".loom"));
            ControlToolProcess.Result result = tool.run("find", Long.toString(jvm.pid()), "--classes", Library.pattern(filter), "--for", seconds + "s",
                    "--budget", budget, "--json");
            Files.writeString(races.resolve("target").resolve(race + ".found.json"), result.output());
            PhaseResult phase = PhaseResult.between(from, jvm.counts());
            if (result.status() != 0 || !(JsonMaps.read(result.output()) instanceof Map<?, ?> status)) {
                return "| | | find failed: " + result.output().replace('\n', ' ') + " |";
            }
            return row(status, Library.members(filter)) + " | " + phase.failures() + " of " + phase.operations() + " |";
        } catch (IOException | RuntimeException e) {
            // one race that cannot be measured does not keep the others from it
            return "| | | not measured: " + e + " |";
        }
    }

    private static String row(Map<?, ?> status, Set<String> members) {
        List<?> findings = (List<?>) status.get("findings");
        String which = "not found";
        Map<String, Integer> kinds = new HashMap<>();
        for (int i = 0; i < findings.size(); i++) {
            Map<?, ?> finding = (Map<?, ?>) findings.get(i);
            kinds.merge(String.valueOf(finding.get("kind")), 1, Integer::sum);
            List<?> sides = (List<?>) finding.get("sides");
            long through = sides.stream().filter(side -> goesThrough((Map<?, ?>) side, members)).count();
            if (which.equals("not found") && through > 0) {
                which = (through == sides.size() ? "found" : "one side found") + ", rank " + (i + 1) + ": " + finding.get("kind") + " " + ((Map<?, ?>) sides.get(0)).get("target") + ", seen "
                        + finding.get("count") + " times" + (String.valueOf(finding.get("filter")).isEmpty() ? ", no filter" : ", with a filter");
            }
        }
        return which + " | " + kinds.getOrDefault("DATA_RACE", 0) + " / " + kinds.getOrDefault("UNSAFE_CALLS", 0) + " / "
                + kinds.getOrDefault("TORN", 0) + " / " + kinds.getOrDefault("VOLATILE", 0) + " | " + status.get("places") + " / " + status.get("paused") + " | "
                + String.format("%.2f", ((Number) status.get("pausePercent")).doubleValue()) + " + "
                + String.format("%.2f", ((Number) status.get("watchPercent")).doubleValue());
    }

    private static boolean goesThrough(Map<?, ?> side, Set<String> members) {
        for (Object frame : (List<?>) side.get("stack")) {
            String text = String.valueOf(frame);
            String method = text.substring(0, text.indexOf('('));
            int dot = method.lastIndexOf('.');
            if (members.contains(method.substring(0, dot)) || members.contains(method.substring(0, dot) + "#" + method.substring(dot + 1))) {
                return true;
            }
        }
        return false;
    }
}
