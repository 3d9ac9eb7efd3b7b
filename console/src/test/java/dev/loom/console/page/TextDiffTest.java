package dev.loom.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TextDiffTest {

    private static String shown(String older, String newer) {
        return TextDiff.between(older, newer).lines().stream().map(l -> (l.sign().isEmpty() ? " " : l.sign()) + l.text())
                .collect(Collectors.joining("|"));
    }

    @Test
    void sameTextsDifferNowhere() {
        assertThat(shown("a\nb\n", "a\nb\n")).isEqualTo(" a| b");
    }

    @Test
    void aChangedLineIsOneGoneAndOneNew() {
        assertThat(shown("a\nb\nc", "a\nx\nc")).isEqualTo(" a|−b|+x| c");
    }

    @Test
    void linesKeepTheirNumbersInBothTexts() {
        assertThat(TextDiff.between("a\nb", "x\na\nb").lines()).extracting(l -> l.before() + ":" + l.after())
                .containsExactly(":1", "1:2", "2:3");
    }

    @Test
    void theNewerTextComesOutOfTheLinesThatAreNotGoneAndTheOlderOutOfThoseThatAreNotNew() {
        Random random = new Random(7);
        for (int round = 0; round < 500; round++) {
            List<String> a = lines(random);
            List<String> b = lines(random);
            TextDiff diff = TextDiff.between(String.join("\n", a), String.join("\n", b));
            assertThat(diff.lines().stream().filter(l -> !l.kind().equals("add")).map(TextDiff.Line::text).toList()).isEqualTo(a);
            assertThat(diff.lines().stream().filter(l -> !l.kind().equals("del")).map(TextDiff.Line::text).toList()).isEqualTo(b);
        }
    }

    @Test
    void hugeTextsCostNoHugeTable() {
        String a = "a\n".repeat(30_000);
        String b = "b\n".repeat(30_000);
        assertThat(TextDiff.between(a, b)).extracting(TextDiff::added, TextDiff::removed).containsExactly(30_000, 30_000);
    }

    private static List<String> lines(Random random) {
        List<String> lines = new ArrayList<>();
        for (int i = random.nextInt(1, 12); i > 0; i--) {
            lines.add(String.valueOf((char) ('a' + random.nextInt(4))));
        }
        return lines;
    }
}
