package dev.loom.console.page;

import java.util.ArrayList;
import java.util.List;

/** The lines that two versions of a text share, and those that only one has. */
public record TextDiff(int added, int removed, List<Line> lines) {

    /** Above this product of differing lines the middle is shown as replaced whole: the exact answer costs too much memory. */
    private static final long MOST_CELLS = 4_000_000;

    /**
     * One line.
     *
     * @param kind {@code add}, {@code del} or {@code same}
     * @param before its number in the older text, empty if it is not there
     * @param after its number in the newer one
     */
    public record Line(String kind, String sign, String before, String after, String text) {}

    static TextDiff between(String older, String newer) {
        String[] a = older.lines().toArray(String[]::new);
        String[] b = newer.lines().toArray(String[]::new);
        int start = 0;
        while (start < a.length && start < b.length && a[start].equals(b[start])) {
            start++;
        }
        int end = 0;
        while (end < a.length - start && end < b.length - start && a[a.length - 1 - end].equals(b[b.length - 1 - end])) {
            end++;
        }
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < start; i++) {
            lines.add(same(i, i, a[i]));
        }
        middle(a, start, a.length - end, b, start, b.length - end, lines);
        for (int i = end; i > 0; i--) {
            lines.add(same(a.length - i, b.length - i, a[a.length - i]));
        }
        int added = (int) lines.stream().filter(l -> l.kind().equals("add")).count();
        int removed = (int) lines.stream().filter(l -> l.kind().equals("del")).count();
        return new TextDiff(added, removed, lines);
    }

    /** The longest common subsequence, from the table of the lengths of those of all tails. */
    private static void middle(String[] a, int aFrom, int aTo, String[] b, int bFrom, int bTo, List<Line> lines) {
        int rows = aTo - aFrom;
        int columns = bTo - bFrom;
        int[][] common = new int[0][];
        if ((long) rows * columns <= MOST_CELLS) {
            common = new int[rows + 1][columns + 1];
            for (int i = rows - 1; i >= 0; i--) {
                for (int j = columns - 1; j >= 0; j--) {
                    common[i][j] = a[aFrom + i].equals(b[bFrom + j]) ? common[i + 1][j + 1] + 1
                            : Math.max(common[i + 1][j], common[i][j + 1]);
                }
            }
        }
        int i = 0;
        int j = 0;
        while (i < rows || j < columns) {
            if (common.length > 0 && i < rows && j < columns && a[aFrom + i].equals(b[bFrom + j])) {
                lines.add(same(aFrom + i, bFrom + j, a[aFrom + i]));
                i++;
                j++;
            } else if (i < rows && (j == columns || common.length == 0 || common[i + 1][j] >= common[i][j + 1])) {
                lines.add(new Line("del", "−", String.valueOf(aFrom + i + 1), "", a[aFrom + i]));
                i++;
            } else {
                lines.add(new Line("add", "+", "", String.valueOf(bFrom + j + 1), b[bFrom + j]));
                j++;
            }
        }
    }

    private static Line same(int before, int after, String text) {
        return new Line("same", "", String.valueOf(before + 1), String.valueOf(after + 1), text);
    }
}
