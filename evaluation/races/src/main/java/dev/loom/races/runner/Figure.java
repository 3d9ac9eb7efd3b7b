package dev.loom.races.runner;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The figure: failures before, while ACTIVE and after, on a logarithmic scale. */
final class Figure {

    private static final int ROW = 22;
    private static final int TOP = 58;
    private static final int LABEL = 175;
    private static final int BAR = 210;
    private static final int GAP = 20;
    /** The least rate that has a bar, per 10,000, and the decades from there to all. */
    private static final double LEAST = 0.001;
    private static final double DECADES = 7;

    private final List<Result> results;

    /** @param all those of one race beside each other; of each race the newest JDK is shown */
    Figure(List<Result> all) {
        Map<Entry, Result> newest = new LinkedHashMap<>();
        all.forEach(result -> newest.merge(result.entry(), result, (a, b) -> a.java() > b.java() ? a : b));
        this.results = List.copyOf(newest.values());
    }

    String svg() {
        int width = LABEL + 3 * (BAR + GAP) + 190;
        int height = TOP + results.size() * ROW + 30;
        StringBuilder svg = new StringBuilder(String.format(Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" "
                        + "font-size=\"12\">\n<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n",
                width, height, width, height, width, height));
        text(svg, 10, 20, "start", "#111", "Failures per 10,000 operations (logarithmic): one JVM each, never restarted");
        String[] heads = {"before", "filter ACTIVE", "filter removed"};
        for (int i = 0; i < heads.length; i++) {
            text(svg, x(i), 44, "start", "#555", heads[i]);
        }
        text(svg, x(3), 44, "start", "#555", "ms to ACTIVE: median / worst");
        for (int i = 0; i < results.size(); i++) {
            Result result = results.get(i);
            int y = TOP + i * ROW;
            text(svg, LABEL - 8, y + 12, "end", "#111", result.entry().race() + ", JDK " + result.java());
            bar(svg, 0, y, result.phase("start", "before"));
            bar(svg, 1, y, result.phase("start", "filtered"));
            bar(svg, 2, y, result.phase("start", "after"));
            text(svg, x(3), y + 12, "start", "#111", result.timeToActive());
        }
        return svg.append("</svg>\n").toString();
    }

    private static int x(int column) {
        return LABEL + column * (BAR + GAP);
    }

    private static void bar(StringBuilder svg, int column, int y, PhaseResult phase) {
        double rate = Result.per10000(phase);
        boolean none = phase.failures() == 0;
        double length = none ? 2 : Math.max(3, (Math.log10(Math.max(rate, LEAST)) - Math.log10(LEAST)) / DECADES * (BAR - 50));
        svg.append(String.format(Locale.ROOT, "<rect x=\"%d\" y=\"%d\" width=\"%.0f\" height=\"14\" fill=\"%s\"/>\n", x(column), y, length,
                none ? "#1a7f37" : "#cf222e"));
        text(svg, x(column) + (int) length + 5, y + 12, "start", none ? "#1a7f37" : "#111", none ? Result.absolute(phase) : Result.rate(phase));
    }

    private static void text(StringBuilder svg, int x, int y, String anchor, String fill, String text) {
        svg.append(String.format("<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" fill=\"%s\">%s</text>\n", x, y, anchor, fill, text));
    }
}
