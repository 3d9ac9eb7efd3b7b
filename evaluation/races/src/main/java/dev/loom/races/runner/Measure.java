package dev.loom.races.runner;

import dev.loom.client.ClientException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * {@code Measure RACES-DIRECTORY AGENT-JAR [--again] [--seconds N] [--longest N] [--installs N] [RACE...]} measures those races, all if
 * none is named, and keeps a JSON file for each in {@code results/JAVA}. A race that has one there is not measured again without
 * {@code --again}, so that a run can be continued. Then, and at once with {@code --table}, the tables and the figure are made from what
 * is there. Ends with 1 if a race was not bypassed.
 */
public final class Measure {

    private Measure() {}

    public static void main(String[] arguments) throws Exception {
        Path races = Path.of(arguments[0]);
        Path agentJar = Path.of(arguments[1]);
        boolean again = false;
        boolean tableOnly = false;
        double seconds = 2;
        double longest = 60;
        int installs = 20;
        List<String> names = new ArrayList<>();
        for (int i = 2; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--again" -> again = true;
                case "--table" -> tableOnly = true;
                case "--seconds" -> seconds = Double.parseDouble(arguments[++i]);
                case "--longest" -> longest = Double.parseDouble(arguments[++i]);
                case "--installs" -> installs = Integer.parseInt(arguments[++i]);
                default -> names.add(arguments[i]);
            }
        }
        boolean failed = false;
        if (!tableOnly) {
            Path results = Files.createDirectories(races.resolve("results").resolve(String.valueOf(Runtime.version().feature())));
            for (String race : names.isEmpty() ? all(races) : names) {
                Path file = results.resolve(race + ".json");
                if (again || !Files.exists(file)) {
                    try {
                        Files.writeString(file, JsonMaps.write(new RaceRun(races, agentJar, race, new MeasuringTimes(seconds, longest, installs)).measure()));
                    } catch (IOException | ClientException | RuntimeException e) {
                        // one race that cannot be measured does not keep the others from it
                        System.out.println(race + ": not measured: " + e);
                        failed = true;
                        continue;
                    }
                }
                Object verdict = ((Map<?, ?>) JsonMaps.read(Files.readString(file))).get("verdict");
                System.out.println(race + ": " + verdict);
                failed |= !String.valueOf(verdict).startsWith("bypassed");
            }
        }
        new Tables(races).write();
        System.exit(failed ? 1 : 0);
    }

    private static List<String> all(Path races) throws IOException {
        try (Stream<Path> files = Files.list(races.resolve("filters"))) {
            return files.map(file -> file.getFileName().toString().replace(".loom", "")).sorted().toList();
        }
    }
}
