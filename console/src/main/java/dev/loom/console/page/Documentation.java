package dev.loom.console.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The pages about the checker's codes, as they are in the documentation: headings, paragraphs, lists and code, and nothing else. */
final class Documentation {

    private static final Pattern CODE = Pattern.compile("LOOM-\\d{3}");
    /** {@code `code`} or {@code [text](address)}. */
    private static final Pattern INLINE = Pattern.compile("`([^`]+)`|\\[([^]]+)]\\(([^)]*)\\)");

    private Documentation() {}

    /** A page. */
    public record Page(String title, List<Block> blocks) {}

    /** A part of it. @param kind {@code heading}, {@code paragraph}, {@code item} or {@code code} */
    public record Block(String kind, List<Span> spans) {}

    /** A part of a line. @param code the page that it leads to; null for none */
    public record Span(String text, boolean mono, @Nullable String code) {}

    /** Whether there is a page about a code. */
    static boolean has(String code) {
        return CODE.matcher(code).matches() && Documentation.class.getResource("/documentation/" + code + ".md") != null;
    }

    /** The page about a code. */
    static Optional<Page> page(String code) {
        if (!has(code)) {
            return Optional.empty();
        }
        try (InputStream in = Documentation.class.getResourceAsStream("/documentation/" + code + ".md")) {
            return Optional.of(read(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Page read(String text) {
        List<Block> blocks = new ArrayList<>();
        String title = "";
        StringBuilder paragraph = new StringBuilder();
        StringBuilder code = null;
        for (String line : (text + "\n\n").lines().toList()) {
            if (line.startsWith("```")) {
                flush(paragraph, blocks);
                if (code != null) {
                    blocks.add(new Block("code", List.of(new Span(code.toString().stripTrailing(), true, null))));
                }
                code = code == null ? new StringBuilder() : null;
            } else if (code != null) {
                code.append(line).append('\n');
            } else if (line.startsWith("# ")) {
                title = line.substring(2);
            } else if (line.startsWith("## ")) {
                flush(paragraph, blocks);
                blocks.add(new Block("heading", spans(line.substring(3))));
            } else if (line.isBlank() || line.startsWith("- ")) {
                flush(paragraph, blocks);
                paragraph.append(line.strip());
            } else {
                paragraph.append(paragraph.isEmpty() ? "" : " ").append(line.strip());
            }
        }
        flush(paragraph, blocks);
        return new Page(title, List.copyOf(blocks));
    }

    private static void flush(StringBuilder paragraph, List<Block> blocks) {
        if (!paragraph.isEmpty()) {
            boolean item = paragraph.indexOf("- ") == 0;
            blocks.add(new Block(item ? "item" : "paragraph", spans(paragraph.substring(item ? 2 : 0))));
            paragraph.setLength(0);
        }
    }

    private static List<Span> spans(String text) {
        List<Span> spans = new ArrayList<>();
        Matcher part = INLINE.matcher(text);
        int end = 0;
        while (part.find()) {
            spans.add(new Span(text.substring(end, part.start()), false, null));
            String leadsTo = part.group(3) == null ? "" : part.group(3).replaceFirst("\\.md$", "");
            spans.add(part.group(1) != null ? new Span(part.group(1), true, null) : new Span(part.group(2), false, has(leadsTo) ? leadsTo : null));
            end = part.end();
        }
        spans.add(new Span(text.substring(end), false, null));
        return spans.stream().filter(span -> !span.text().isEmpty()).toList();
    }
}
