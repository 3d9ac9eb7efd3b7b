package dev.loom.it.answers;

import dev.loom.it.harness.Jdk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * Compares, jar by jar, the checker's answers with those of a running JVM, and writes a line for each jar; a jar that has its line is not
 * compared again. evaluation/compare-answers.sh starts it.
 */
public final class CompareAnswers {

    private CompareAnswers() {}

    /** @param arguments file of results, filters a jar, seed, jars */
    public static void main(String[] arguments) throws IOException {
        Path results = Path.of(arguments[0]);
        int wanted = Integer.parseInt(arguments[1]);
        long seed = Long.parseLong(arguments[2]);
        List<Path> jars = Stream.of(arguments).skip(3).map(Path::of).toList();
        List<String> done = Files.exists(results) ? Files.readAllLines(results) : List.of();
        Jdk jdk = Jdk.current();
        int differences = 0;
        for (Path jar : jars) {
            String name = "JDK " + jdk.feature() + " " + jar.getFileName() + " seed " + seed + ":";
            if (done.stream().anyMatch(line -> line.startsWith(name))) {
                continue;
            }
            Comparison comparison = new Comparison(wanted, seed);
            comparison.compare(jdk, jar, jars.stream().filter(j -> !j.equals(jar)).toList());
            String line = name + " " + comparison.compared() + " filters, " + comparison.accepted() + " accepted, "
                    + comparison.differences().size() + " differences, said " + comparison.codes();
            System.out.println(line);
            comparison.differences().stream().limit(20).forEach(System.out::println);
            differences += comparison.differences().size();
            if (comparison.differences().isEmpty()) {
                Files.writeString(results, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            }
        }
        System.exit(differences == 0 ? 0 : 1);
    }
}
