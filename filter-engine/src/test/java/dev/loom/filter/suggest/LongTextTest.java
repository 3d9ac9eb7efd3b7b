package dev.loom.filter.suggest;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Texts are read in the JVM of the application: none of them, however long its lines or fields, may take it for long, or its stack or its heap. */
class LongTextTest {

    /** Ten times what the slowest takes on a busy machine; what is quadratic takes hours. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String ISSUE = "[{\"bug_type\":\"THREAD_SAFETY_VIOLATION\",\"qualifier\":\"%s\",\"file\":\"%s\",\"line\":7,\"procedure\":\"%s\",\"bug_trace\":"
            + "[{\"level\":0,\"filename\":\"%2$s\",\"line_number\":7,\"description\":\"call to %3$s\"}]}]";

    static Stream<Map.Entry<String, String>> texts() {
        return Map.ofEntries(
                Map.entry("backslashes", "{\"" + "\\".repeat(500_000)),
                Map.entry("escaped line ends", "{\"" + "\\n".repeat(300_000) + "\"}"),
                Map.entry("escaped tabs", "{\"a\\n" + "\\t".repeat(300_000) + "at a.B.c(D.java:1)\"}"),
                Map.entry("blanks", "x" + " ".repeat(1_000_000)),
                Map.entry("lines of blanks", ("x" + " ".repeat(1_900) + "\n").repeat(500)),
                Map.entry("brackets", "[".repeat(1_000_000)),
                Map.entry("a name", ISSUE.formatted("q", "a/B.java", "a".repeat(500_000))),
                Map.entry("parts of a name", ISSUE.formatted("q", "a/B.java", "a.".repeat(200_000) + "b(")),
                Map.entry("dots", ISSUE.formatted("q", "a/B.java", ".".repeat(500_000) + "(")),
                Map.entry("prose", ISSUE.formatted("races with ".repeat(100_000), "a/B.java", "a.B.c()")),
                Map.entry("prose with methods", ISSUE.formatted("races with in method " + "a.b".repeat(100_000), "a/B.java", "a.B.c()")),
                Map.entry("a path", ISSUE.formatted("q", "a/".repeat(200_000) + "B.java", "a.B.c()")),
                Map.entry("slashes", ISSUE.formatted("q", "/".repeat(500_000) + "B.java", "a.B.c()")),
                Map.entry("dots and slashes", ISSUE.formatted("q", "./".repeat(200_000) + "B.java", "a.B.c()"))).entrySet().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("texts")
    void isReadInTime(Map.Entry<String, String> text) {
        assertTimeoutPreemptively(PATIENCE, () -> {
            Evidence evidence = Evidence.of(List.of(text.getValue()));
            assertNotNull(evidence.types().toList());
        }, "this text takes the application's JVM for too long: " + text.getKey());
    }
}
