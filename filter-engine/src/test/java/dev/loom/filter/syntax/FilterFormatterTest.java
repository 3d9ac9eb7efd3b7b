package dev.loom.filter.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.loom.filter.diagnostic.DiagnosticRenderer;
import dev.loom.filter.diagnostic.Diagnostics;
import java.util.List;
import org.junit.jupiter.api.Test;

class FilterFormatterTest {

    @Test
    void theLayoutIsTheUsualOneAndCommentsStay() {
        assertEquals(
                """
                // a pool
                # and its evictor

                filter "x" { // begins
                    about "what"  // why
                    /* over
                    two lines */
                    use com.acme.Bank

                    // the region
                    // inside
                    region a = { Bank:1, Bank:2 ; Bank:3 } by this.x  // behind
                    a <> shared b
                    // last
                }
                // after
                """
                        .replace("{ // begins", "{  // begins"),
                format(
                        """
                        // a pool
                        # and its evictor


                        filter   "x"{ // begins
                        about "what"// why
                          /* over
                            two lines */ use com.acme.Bank


                              // the region
                          region a={Bank:1,Bank:2; // inside
                             Bank:3}
                             by this.x // behind
                          a<>shared b
                          // last
                        }
                        // after
                        """));
    }

    @Test
    void longConstraintsAreBrokenAtTheirOperators() {
        String side = "com.acme.someverylong.packagename.and.AnotherClass#withAMethod(int) by this";

        assertEquals(side + "\n        <> shared " + side + "\n", format(side + " <> shared " + side));
    }

    @Test
    void textsAreNeverBrokenWhateverTheyHold() {
        for (String held : new String[] {"it's <> ", "\\\\", "\\\" > ", "' > '"}) {
            String text = "about \"" + (held + " <> ").repeat(30) + "\"\n";

            assertEquals(text, format(text));
        }
    }

    @Test
    void whatIsWrittenReadsBackAsTheSameFilterAndIsWrittenTheSameAgain() {
        for (long seed = 0; seed < 3_000; seed++) {
            String text = new RandomFilter(seed).text();
            String once = format(text);

            assertEquals(statements(text), statements(once), text);
            assertEquals(comments(text), comments(once), text);
            assertEquals(once, format(once), text);
        }
    }

    private static String format(String text) {
        return FilterFormatter.format(parse(text), text);
    }

    private static FilterTree parse(String text) {
        Diagnostics diagnostics = new Diagnostics("f");
        FilterTree file = FilterParser.parse(text, diagnostics);
        assertEquals(List.of(), diagnostics.sorted(), () -> DiagnosticRenderer.render(diagnostics.sorted(), text));
        return file;
    }

    private static List<String> statements(String text) {
        FilterTree file = parse(text);
        return java.util.stream.Stream.concat(
                        java.util.stream.Stream.of(String.valueOf(file.name())), file.statements().stream().map(SourceText::of))
                .toList();
    }

    private static List<String> comments(String text) {
        return parse(text).comments().stream().map(c -> c.text().replaceAll("\\s+", " ")).sorted().toList();
    }
}
