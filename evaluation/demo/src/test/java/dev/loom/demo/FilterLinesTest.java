package dev.loom.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The published filters name lines; an edit of the demo must not move them unnoticed. */
class FilterLinesTest {

    @Test
    void bankFilterNamesTheLinesThatTheSourceMarks() throws IOException {
        List<String> source = Files.readAllLines(Path.of("src/main/java/dev/loom/demo/Teller.java"));
        String filter = Files.readString(Path.of("../filters/bank.loom"));
        String region = "{ Teller:" + marked(source, "the transfer begins") + " ; Teller:" + marked(source, "the transfer ends") + " }";
        assertTrue(filter.contains(region), () -> "evaluation/filters/bank.loom should say " + region);
    }

    private static int marked(List<String> source, String mark) {
        List<String> lines = source.stream().filter(line -> line.endsWith("// filter: " + mark)).toList();
        assertEquals(1, lines.size(), () -> "one line of Teller is marked '" + mark + "'");
        return source.indexOf(lines.get(0)) + 1;
    }
}
