package dev.loom.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.management.openmbean.CompositeData;

/** A finding in one line, whose parts are separated by {@code " / "}: enough to judge it by the source. */
final class FoundText {

    /** Frames of each side. */
    private static final int FRAMES = 6;

    private static final String PART = " / ";

    private FoundText() {}

    static String of(CompositeData finding) {
        List<String> parts = new ArrayList<>();
        parts.add(finding.get("kind") + " with an object of " + finding.get("type") + ", seen " + finding.get("count") + " times");
        for (CompositeData side : (CompositeData[]) finding.get("sides")) {
            parts.add(side.get("access") + " of " + side.get("target") + ((Boolean) side.get("monitor") ? ", holds its monitor" : "") + ": "
                    + Stream.of((String[]) side.get("stack")).limit(FRAMES).collect(Collectors.joining(" < ")));
        }
        parts.add("filter: " + String.valueOf(finding.get("filter")).lines().map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("filter ") && !line.startsWith("about ") && !line.equals("}"))
                .collect(Collectors.joining(" ")));
        return String.join(PART, parts);
    }

    /** By which two of several runs are the same: kind, class and places, without how often. */
    static String key(String line) {
        return line.replaceFirst(", seen \\d+ times", "");
    }

    /** As lines of a list. */
    static String lines(String line) {
        return "- " + line.replace(PART, "\n    - ");
    }
}
