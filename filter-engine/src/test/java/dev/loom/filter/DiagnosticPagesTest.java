package dev.loom.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.filter.classes.ClassSource;
import dev.loom.filter.classes.JarClasses;
import dev.loom.filter.diagnostic.Diagnostic;
import dev.loom.filter.diagnostic.DiagnosticCode;
import dev.loom.filter.diagnostic.DiagnosticRenderer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages of {@code docs/diagnostics}: what they show is what the checker says. */
class DiagnosticPagesTest {

    private static final Path PAGES = Path.of("..", "docs", "diagnostics");

    private static final Pattern BLOCK = Pattern.compile("```(loom|text)\n(.*?)```\n", Pattern.DOTALL);

    @Test
    void everyCodeHasAPageAndEveryPageACode() throws IOException {
        Set<String> codes = Arrays.stream(DiagnosticCode.values()).map(DiagnosticCode::id).collect(Collectors.toSet());
        try (Stream<Path> pages = Files.list(PAGES)) {
            Set<String> names = pages.map(p -> p.getFileName().toString().replace(".md", ""))
                    .filter(n -> n.startsWith("LOOM-"))
                    .collect(Collectors.toSet());
            assertEquals(codes, names);
        }
        String index = Files.readString(PAGES.resolve("README.md"));
        for (DiagnosticCode code : DiagnosticCode.values()) {
            assertTrue(page(code).startsWith("# " + code.id() + ": " + code.title() + "\n"), code.id());
            assertTrue(index.contains("| [" + code.id() + "](" + code.id() + ".md) | " + code.title() + " |"), code.id());
        }
    }

    @Test
    void everyExampleSaysWhatItsPageShowsAndEveryCureCures() throws IOException {
        Examples examples = new Examples();
        for (DiagnosticCode code : DiagnosticCode.values()) {
            if (code == DiagnosticCode.KEYS_FORGOTTEN) {
                continue; // said by a running JVM alone, of what has come up there
            }
            List<String> filters = new ArrayList<>();
            List<String> shown = new ArrayList<>();
            Matcher block = BLOCK.matcher(page(code));
            while (block.find()) {
                (block.group(1).equals("loom") ? filters : shown).add(block.group(2));
            }
            assertTrue(filters.size() >= 2 && !shown.isEmpty(), code.id() + " has no example or no cure");
            byte[] provoking = examples.file(code, filters.get(0));
            assertEquals(shown.get(0), said(code, provoking, examples.provoking(code)), code.id());
            for (String cured : filters.subList(1, filters.size())) {
                assertEquals("", said(code, cured.getBytes(StandardCharsets.UTF_8), examples.cured(code)), code.id());
                CompileResult result = FilterCompiler.compile("bank.loom", cured, "bank", examples.cured(code));
                assertEquals(List.of(), result.diagnostics().stream().filter(Diagnostic::isError).toList(), code.id());
            }
        }
    }

    @Test
    void aDirectoryAJarAndAnApplicationJarWithJarsInsideGiveTheSameAnswers(@TempDir Path directory) throws IOException {
        Examples examples = new Examples();
        int compared = 0;
        for (DiagnosticCode code : DiagnosticCode.values()) {
            Matcher block = BLOCK.matcher(page(code));
            if (code == DiagnosticCode.KEYS_FORGOTTEN || !block.find() || examples.provoking(code).mayGrow()) {
                continue; // what may grow is a running JVM: LiveDiagnosticsTest of the agent
            }
            byte[] filter = examples.file(code, block.group(2));
            List<Diagnostic> expected = FilterCompiler.compile("bank.loom", filter, "bank", examples.provoking(code)).diagnostics();
            assertTrue(expected.stream().anyMatch(d -> d.code().equals(code.id())), code.id());
            for (Packed form : Packed.values()) {
                Path packed = form.write((Sources) examples.provoking(code), directory.resolve(code.id() + form));
                try (JarClasses classes = JarClasses.open(List.of(packed))) {
                    assertEquals(
                            expected, FilterCompiler.compile("bank.loom", filter, "bank", classes).diagnostics(), code.id() + " " + form);
                    compared++;
                }
            }
        }
        assertTrue(compared > 3 * 50, compared + " compared");
    }

    @Test
    void theFiltersOfTheLanguagePageAreRight() throws IOException {
        Sources bank = Sources.compile("Bank.java", Files.readString(Path.of("src", "test", "resources", "docs", "Bank.java")));
        Matcher block = BLOCK.matcher(Files.readString(PAGES.resolveSibling("filter-language.md")));
        int filters = 0;
        while (block.find()) {
            if (block.group(1).equals("loom")) {
                CompileResult result = FilterCompiler.compile("doc.loom", block.group(2), "doc", bank);
                assertEquals(
                        List.of(),
                        result.diagnostics().stream().filter(Diagnostic::isError).toList(),
                        block.group(2));
                filters++;
            }
        }
        assertTrue(filters >= 6);
    }

    private static String said(DiagnosticCode code, byte[] filter, ClassSource classes) {
        CompileResult result = FilterCompiler.compile("bank.loom", filter, "bank", classes);
        String text = new String(filter, StandardCharsets.UTF_8);
        return DiagnosticRenderer.render(result.diagnostics().stream().filter(d -> d.code().equals(code.id())).toList(), text);
    }

    private static String page(DiagnosticCode code) throws IOException {
        return Files.readString(PAGES.resolve(code.id() + ".md"));
    }
}
