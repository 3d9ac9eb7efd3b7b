package dev.loom.it.answers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.it.harness.Jdk;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The short form of evaluation/compare-answers.sh. */
@DisplayName("What the checker says about files is what a JVM says about the same classes")
class SameAnswersTest {

    private static final int FILTERS = 60;

    @ParameterizedTest
    @ValueSource(strings = {"jetty-server", "kotlinx-coroutines-core-jvm", "h2"})
    @DisplayName("verdict, remarks, places and hints of generated filters are the same")
    void same(String library) throws IOException {
        List<Path> jars = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator)).map(Path::of)
                .filter(p -> p.getFileName().toString().matches("(jetty|kotlin|h2|slf4j).*\\.jar")).toList();
        Path jar = jars.stream().filter(p -> p.getFileName().toString().startsWith(library + "-")).findFirst().orElseThrow();
        Comparison comparison = new Comparison(FILTERS, 7);
        comparison.compare(Jdk.current(), jar, jars.stream().filter(j -> !j.equals(jar)).toList());
        assertEquals(FILTERS, comparison.compared());
        assertEquals(List.of(), comparison.differences(), () -> String.join("\n", comparison.differences()));
        assertTrue(comparison.accepted() > FILTERS / 5, () -> "most filters are refused, so little is compared: " + comparison.codes());
        assertTrue(comparison.codes().size() > 6, () -> comparison.codes().toString());
    }
}
