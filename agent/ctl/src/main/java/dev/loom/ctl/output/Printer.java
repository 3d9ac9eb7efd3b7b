package dev.loom.ctl.output;

import dev.loom.filter.diagnostic.Printable;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a command prints: results to stdout, progress and complaints to stderr. With {@code --json}, stdout has JSON and nothing
 * else. On a terminal, words of state have colours. What comes from a JVM (names of threads, say) is shown with its control characters escaped.
 */
public final class Printer {

    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean json;
    private final Colours colours;

    /** @param terminal whether the results go to one that has colours */
    public Printer(PrintWriter out, PrintWriter err, boolean json, boolean terminal) {
        this.out = out;
        this.err = err;
        this.json = json;
        this.colours = new Colours(terminal && !json);
    }

    /** Whether the result is wanted as JSON. */
    public boolean isJson() {
        return json;
    }

    /** The result for scripts: one JSON value, on a line of its own. */
    public void json(@Nullable Object value) {
        if (json) {
            out.println(Json.write(value));
            out.flush();
        }
    }

    /** A line of the result, for people. */
    public void line(String text) {
        if (!json) {
            out.println(colours.in(text));
            out.flush();
        }
    }

    /** Text of several lines, as it is. */
    public void text(String text) {
        if (!json) {
            out.print(text.endsWith("\n") || text.isEmpty() ? text : text + System.lineSeparator());
            out.flush();
        }
    }

    /** Something about the way to the result; not part of it. */
    public void note(String text) {
        err.println(text);
        err.flush();
    }

    /** A table; columns are as wide as they need, numbers stand to the right. */
    public void table(List<String> head, List<List<String>> rows) {
        if (json) {
            return;
        }
        List<List<String>> all = new ArrayList<>();
        all.add(head);
        rows.forEach(row -> all.add(row.stream().map(Printable::of).toList()));
        int[] widths = new int[head.size()];
        boolean[] right = new boolean[head.size()];
        for (int column = 0; column < widths.length; column++) {
            int c = column;
            widths[c] = all.stream().mapToInt(row -> row.get(c).length()).max().orElse(0);
            right[c] = !rows.isEmpty() && rows.stream().allMatch(row -> row.get(c).matches("[-0-9.,]+( (%|ms|s))?"));
        }
        for (List<String> row : all) {
            StringBuilder line = new StringBuilder();
            for (int c = 0; c < widths.length; c++) {
                String pad = " ".repeat(widths[c] - row.get(c).length());
                line.append(right[c] ? pad + row.get(c) : row.get(c) + pad).append(c + 1 < widths.length ? "  " : "");
            }
            out.println(colours.in(line.toString().stripTrailing()));
        }
        out.flush();
    }
}
