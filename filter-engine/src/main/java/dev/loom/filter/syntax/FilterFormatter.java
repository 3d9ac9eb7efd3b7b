package dev.loom.filter.syntax;

import dev.loom.filter.diagnostic.Span;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Writes a filter anew in the usual layout: a statement a line, four blanks inside the wrapper, no other alignment. Comments
 * stay where they were, before a statement or behind it; one inside a statement moves in front of it. One empty line stays
 * where there were some.
 */
public final class FilterFormatter {

    /** Characters of a line behind which an exclusion or order is broken at its operators. */
    private static final int WIDTH = 120;

    private final FilterTree file;
    private final String text;
    private final StringBuilder out = new StringBuilder();

    private FilterFormatter(FilterTree file, String text) {
        this.file = file;
        this.text = text;
    }

    /**
     * The filter's text in the usual layout.
     *
     * @param file what {@link FilterParser} made of the text, without errors
     * @param text the text that it was made of
     */
    public static String format(FilterTree file, String text) {
        return new FilterFormatter(file, text).format();
    }

    /** A statement or a comment: what stands on lines of its own. */
    private record Item(Span span, String shown, boolean comment, boolean trailing) {}

    private String format() {
        List<Item> items = items();
        boolean wrapped = file.name() != null;
        int open = wrapped ? file.nameSpan().end() : -1;
        int close = wrapped ? file.span().end() : Integer.MAX_VALUE;
        List<Item> before = items.stream().filter(i -> i.span().start() < open).toList();
        List<Item> inside = items.stream().filter(i -> i.span().start() >= open && i.span().start() < close).toList();
        List<Item> behind = items.stream().filter(i -> i.span().start() >= close).toList();
        write(before, "");
        if (wrapped) {
            if (!before.isEmpty()) {
                gap(before.get(before.size() - 1).span().end(), file.nameSpan().start());
            }
            out.append("filter ").append(SourceText.quoted(file.name(), '"')).append(" {\n");
        }
        write(inside, wrapped ? "    " : "");
        if (wrapped) {
            out.append("}\n");
            if (!behind.isEmpty() && !behind.get(0).trailing()) {
                gap(close, behind.get(0).span().start());
            }
        }
        write(behind, "");
        return out.toString();
    }

    private List<Item> items() {
        List<Item> items = new ArrayList<>();
        for (Statement statement : file.statements()) {
            items.add(new Item(statement.span(), SourceText.of(statement), false, false));
        }
        for (Comment comment : file.comments()) {
            Statement around = file.statements().stream()
                    .filter(s -> s.span().start() < comment.span().start() && comment.span().end() <= s.span().end())
                    .findFirst()
                    .orElse(null);
            boolean inside = around != null;
            Span span = inside ? new Span(around.span().start(), around.span().start(), 0, 0) : comment.span();
            items.add(new Item(span, comment.text(), true, !inside && !comment.ownLine()));
        }
        // a comment from inside a statement has an empty span at its start, and so goes before it
        items.sort(Comparator.comparingInt((Item i) -> i.span().start()).thenComparingInt(i -> i.span().end()));
        return items;
    }

    private void write(List<Item> items, String indent) {
        int end = -1;
        for (Item item : items) {
            if (item.trailing() && endsInLine()) {
                out.setLength(out.length() - 1);
                out.append("  ").append(item.shown()).append('\n');
            } else {
                if (end >= 0) {
                    gap(end, item.span().start());
                }
                String shown = indent + item.shown();
                out.append(shown.length() > WIDTH && !item.comment() ? broken(item.shown(), indent) : shown).append('\n');
            }
            end = Math.max(end, item.span().end());
        }
    }

    /** Whether a comment can stand behind what was written last: a line comment swallows what follows. */
    private boolean endsInLine() {
        int lineStart = out.lastIndexOf("\n", out.length() - 2) + 1;
        String last = out.substring(Math.max(0, lineStart));
        return !last.isBlank() && !last.contains("//") && !last.stripLeading().startsWith("#") && !last.contains("*/");
    }

    private static String broken(String statement, String indent) {
        String next = "\n" + indent + "        ";
        StringBuilder lines = new StringBuilder(indent);
        char quote = 0;
        for (int i = 0; i < statement.length(); i++) {
            char c = statement.charAt(i);
            if (quote != 0) {
                lines.append(c);
                if (c == '\\' && i + 1 < statement.length()) {
                    lines.append(statement.charAt(++i));
                } else if (c == quote) {
                    quote = 0;
                }
                continue;
            }
            quote = c == '"' || c == '\'' ? c : 0;
            boolean operator = statement.startsWith(" <> ", i) || statement.startsWith(" > ", i);
            lines.append(operator ? next : c);
        }
        return lines.toString();
    }

    private void gap(int from, int to) {
        int lines = 0;
        for (int i = Math.max(0, from); i < to && i < text.length(); i++) {
            char c = text.charAt(i);
            lines += c == '\n' || c == '\r' && !text.startsWith("\n", i + 1) ? 1 : 0;
        }
        if (lines > 1) {
            out.append('\n');
        }
    }
}
