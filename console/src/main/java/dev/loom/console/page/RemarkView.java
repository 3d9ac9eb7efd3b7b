package dev.loom.console.page;

import dev.loom.client.Remark;
import java.util.List;

/**
 * What the checker says about one place, with the line and a caret under the column.
 *
 * @param documented whether there is a page about its code
 * @param source the line; empty where it says nothing
 */
public record RemarkView(String severity, String code, int line, int column, String message, String hint, String source,
        String caret, boolean documented) {

    /** Longest line that is shown whole, in characters. */
    private static final int MOST_CHARACTERS = 300;

    static List<RemarkView> of(List<Remark> remarks, String text) {
        List<String> lines = text.lines().toList();
        return remarks.stream().map(remark -> of(remark, lines)).toList();
    }

    private static RemarkView of(Remark remark, List<String> lines) {
        String source = remark.line() >= 1 && remark.line() <= lines.size() ? lines.get(remark.line() - 1) : "";
        int column = Math.min(Math.max(remark.column(), 1), source.length() + 1);
        String caret = "";
        if (source.isBlank() || column > MOST_CHARACTERS) {
            source = "";
        } else {
            // tabs stay tabs, so that the caret stands under its character however wide they are
            caret = source.substring(0, column - 1).replaceAll("[^\t]", " ") + "^";
            source = source.length() > MOST_CHARACTERS ? source.substring(0, MOST_CHARACTERS) + "…" : source;
        }
        return new RemarkView(
                remark.severity(), remark.code(), remark.line(), remark.column(), remark.message(), Flash.forPeople(remark.hint()), source, caret,
                Documentation.has(remark.code()));
    }
}
