package dev.loom.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.WebSession;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The documentation's pages about the checker's codes, in the console. */
class DocumentationTest {

    private static List<String> codes() throws Exception {
        try (Stream<Path> pages = Files.list(Path.of("..", "docs", "diagnostics"))) {
            return pages.map(page -> page.getFileName().toString()).filter(name -> name.startsWith("LOOM-")).map(name -> name.replace(".md", "")).sorted().toList();
        }
    }

    @Test
    void eachPageIsThereAndNothingOfItsMarkupIsLeft() throws Exception {
        assertThat(codes()).hasSizeGreaterThan(50).allMatch(Documentation::has);
        for (String code : codes()) {
            Documentation.Page page = Documentation.page(code).orElseThrow();
            assertThat(page.title()).startsWith(code + ": ");
            assertThat(page.blocks()).extracting(Documentation.Block::kind).contains("paragraph");
            assertThat(page.blocks().stream().filter(block -> !block.kind().equals("code")).flatMap(block -> block.spans().stream())
                            .filter(span -> !span.mono()).map(Documentation.Span::text))
                    .as(code).noneMatch(text -> text.contains("`") || text.contains("](") || text.contains("**"));
        }
    }

    @Test
    void aRemarkLeadsToThePageAboutItsCode() throws Exception {
        ConsoleUnderTest console = ConsoleUnderTest.shared();
        WebSession admin = new WebSession(console.url());
        admin.login("admin", ConsoleUnderTest.ADMIN_PASSWORD);
        assertThat(admin.form("/filter-check", "name=x&text=region r").body()).contains("href=\"/help/LOOM-001\"");
        assertThat(admin.send("GET", "/help/LOOM-001", null).body()).contains("<h1 data-test=\"help-title\">LOOM-001: syntax error</h1>");
        assertThat(admin.send("GET", "/help/LOOM-076", null).body()).contains("<code>synchronized</code>", "<pre class=\"trace\"");
        for (String none : List.of("LOOM-999", "README", "..%2Fapplication", "LOOM-001.md")) {
            assertThat(admin.send("GET", "/help/" + none, null).statusCode()).as(none).isIn(400, 404);
        }
    }
}
