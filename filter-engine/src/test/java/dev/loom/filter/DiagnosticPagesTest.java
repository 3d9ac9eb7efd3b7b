package dev.loom.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.filter.diagnostic.Code;
import dev.loom.filter.diagnostic.DiagnosticRenderer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The pages of {@code docs/diagnostics}: what they show is what the checker says. */
class DiagnosticPagesTest {

    private static final Path PAGES = Path.of("..", "docs", "diagnostics");

    private static final Pattern BLOCK = Pattern.compile("```(loom|text)\n(.*?)```\n", Pattern.DOTALL);

    /** Codes whose example would need more than one class file of usual size. */
    private static final Set<Code> WITHOUT_EXAMPLE = EnumSet.of(
            Code.NOT_UTF8, Code.LIMIT, Code.TOO_MANY, Code.AMBIGUOUS_FILE, Code.UNREADABLE_CLASS, Code.TOO_LARGE,
                    Code.AMBIGUOUS_MEMBER,
            Code.WAITING_FOR_CLASS, Code.NO_LINE_TABLE, Code.NO_VARIABLE_TABLE, Code.JIT_LIMIT, Code.ABSTRACT_OVERLOAD);

    @Test
    void everyCodeHasAPageAndEveryPageACode() throws IOException {
        Set<String> codes = Arrays.stream(Code.values()).map(Code::id).collect(Collectors.toSet());
        try (Stream<Path> pages = Files.list(PAGES)) {
            Set<String> names = pages.map(p -> p.getFileName().toString().replace(".md", ""))
                    .filter(n -> n.startsWith("LOOM-"))
                    .collect(Collectors.toSet());
            assertEquals(codes, names);
        }
        String index = Files.readString(PAGES.resolve("README.md"));
        for (Code code : Code.values()) {
            assertTrue(page(code).startsWith("# " + code.id() + ": " + code.title() + "\n"), code.id());
            assertTrue(index.contains("| [" + code.id() + "](" + code.id() + ".md) | " + code.title() + " |"), code.id());
        }
    }

    @Test
    void everyExampleSaysWhatItsPageShowsAndEveryCureCures() throws IOException {
        Sources bank = Sources.compile("Bank.java", Files.readString(Path.of("src", "test", "resources", "docs", "Bank.java")));
        for (Code code : Code.values()) {
            List<String> filters = new ArrayList<>();
            List<String> shown = new ArrayList<>();
            Matcher block = BLOCK.matcher(page(code));
            while (block.find()) {
                (block.group(1).equals("loom") ? filters : shown).add(block.group(2));
            }
            if (WITHOUT_EXAMPLE.contains(code)) {
                assertEquals(List.of(), filters, code.id());
                continue;
            }
            assertEquals(shown.get(0), said(code, filters.get(0), bank), code.id());
            for (String cured : filters.subList(1, filters.size())) {
                assertEquals("", said(code, cured, bank), code.id());
            }
        }
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
                        result.diagnostics().stream()
                                .filter(d -> d.isError() && !d.code().equals("LOOM-061") && !d.code().equals("LOOM-062"))
                                .toList(),
                        block.group(2));
                filters++;
            }
        }
        assertTrue(filters >= 6);
    }

    private static String said(Code code, String filter, Sources classes) {
        CompileResult result = FilterCompiler.compile("bank.loom", filter, "bank", classes);
        return DiagnosticRenderer.render(result.diagnostics().stream().filter(d -> d.code().equals(code.id())).toList(), filter);
    }

    private static String page(Code code) throws IOException {
        return Files.readString(PAGES.resolve(code.id() + ".md"));
    }
}
