package dev.loom.console.deployment;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a JVM would weave, in numbers: a summary of its agent's {@code explain}.
 *
 * @param methods that would be woven
 * @param places regions and events in them
 * @param inTheWay methods with lines where a running frame would be in the way until it has gone on
 * @param names of the methods, the first of them
 */
public record Explained(int methods, int places, int inTheWay, List<String> names) {

    private static final int MOST_NAMES = 20;

    /** A method begins without indentation, with its class, name and descriptor. */
    private static final Pattern METHOD = Pattern.compile("\\S+#\\S+\\(\\S*\\)\\S+.*");
    private static final Pattern PLACE = Pattern.compile(" {2}\\[\\d+] .*");
    private static final Pattern IN_THE_WAY = Pattern.compile(" {4}are in the way .*");

    static Explained of(String text) {
        List<String> methods = matching(text, METHOD).map(line -> line.strip().split("\\s+")[0]).toList();
        return new Explained(
                methods.size(), (int) matching(text, PLACE).count(), (int) matching(text, IN_THE_WAY).count(), methods.stream().limit(MOST_NAMES).toList());
    }

    private static Stream<String> matching(String text, Pattern line) {
        return text.lines().filter(l -> line.matcher(l).matches());
    }
}
