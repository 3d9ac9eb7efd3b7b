package dev.loom.races.runner;

import com.sun.tools.attach.AttachNotSupportedException;
import dev.loom.client.ClientException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code Chain RACES-DIRECTORY AGENT-JAR RESULTS [--seconds N] [--search N] [--budget PERCENT] [--at-least N] RACE...}: each race from its first
 * failure to the search that does not see it any more, by what {@code find} proposes and by nothing else. A race that has its line in the
 * results is left out. Ends with 1 if fewer races than wanted (all) came through.
 */
public final class Chain {

    private Chain() {}

    public static void main(String[] arguments) throws Exception {
        Path races = Path.of(arguments[0]);
        Path agentJar = Path.of(arguments[1]);
        Path results = Path.of(arguments[2]);
        double seconds = 10;
        int search = 20;
        String budget = "3%";
        int atLeast = -1;
        List<String> names = new ArrayList<>();
        for (int i = 3; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--seconds" -> seconds = Double.parseDouble(arguments[++i]);
                case "--search" -> search = Integer.parseInt(arguments[++i]);
                case "--budget" -> budget = arguments[++i];
                case "--at-least" -> atLeast = Integer.parseInt(arguments[++i]);
                default -> names.add(arguments[i]);
            }
        }
        ChainTimes times = new ChainTimes(search, budget, 15, seconds, 60);
        String java = " | " + Runtime.version().feature() + " | ";
        for (String race : names) {
            if (lines(results).stream().noneMatch(line -> line.startsWith("| " + race + java))) {
                String line = "| " + race + java + row(races, agentJar, race, times) + " |";
                System.out.println(line);
                Files.writeString(results, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            }
        }
        List<String> rows = lines(results).stream().filter(line -> names.stream().anyMatch(race -> line.startsWith("| " + race + java))).toList();
        long first = rows.stream().filter(line -> line.contains(java + "the first held")).count();
        long held = rows.stream().filter(line -> line.contains(" held | ") && !line.contains("none held")).count();
        System.out.println("of " + names.size() + " races the whole chain came through for " + held + ", for " + first + " with the first proposal");
        System.exit(held >= (atLeast < 0 ? names.size() : atLeast) ? 0 : 1);
    }

    private static List<String> lines(Path results) throws IOException {
        return Files.exists(results) ? Files.readAllLines(results) : List.of();
    }

    private static String row(Path races, Path agentJar, String race, ChainTimes times) throws InterruptedException, AttachNotSupportedException {
        try {
            return ChainRun.of(races, agentJar, race, times).row();
        } catch (IOException | ClientException | RuntimeException e) {
            // one race that cannot be measured does not keep the others from it
            return "not measured: " + String.valueOf(e).replace('\n', ' ') + " | | | | | | | | ";
        }
    }
}
