package dev.loom.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How much of what a JVM says is taken. A JVM can say anything: what is longer is cut, what is too many is left out, and what cannot be
 * so at all reads as {@code UNKNOWN}, each with a reason to be shown.
 */
final class Bounds {

    static final int MAX_FILTERS = 200;
    static final int MAX_HOOKS = 500;
    static final int MAX_DIAGNOSTICS = 100;
    static final int MAX_STRAGGLERS = 200;
    static final int MAX_WAITS = 200;
    static final int MAX_WAITED_FOR = 50;
    static final int MAX_DEADLOCKS = 50;
    static final int MAX_FRAMES = 200;
    static final int MAX_LABELS = 50;
    static final int MAX_REASONS = 50;
    static final int MAX_FINDINGS = 200;
    static final int MAX_SUGGESTIONS = 20;
    static final int MAX_INTERLEAVINGS = 100;
    /** Of a listed class, with those inside it. */
    static final int MAX_METHODS = 5_000;
    static final int MAX_LINES = 20_000;
    static final int MAX_KEYS = 300;
    static final int MAX_LOADERS = 50;
    /** Threads of one finding: two, and room for kinds that have more. */
    static final int MAX_SIDES = 6;

    /** Most characters of a name, a state, a version. */
    static final int SHORT = 100;
    /** Most characters of a digest: {@code sha256:} and 64 digits have fewer. */
    static final int DIGEST = 80;
    /** Most characters of a label's value, of a stack frame, of a place. */
    static final int MEDIUM = 300;
    /** Most characters of a message or a cause. */
    static final int LONG = 2_000;
    /** Most characters of a filter's text: what an upload may have. */
    static final int TEXT = 1 << 20;

    private static final Set<String> MODES = Set.of("", "enforce", "observe");
    private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9._/-]{1,100}");

    private Bounds() {}

    /** At most so many characters, none of them a control character but for line ends and tabs. */
    static String cut(String text, int most) {
        String shortened = text.length() > most ? text.substring(0, most - 1) + "…" : text;
        return shortened.chars().noneMatch(Bounds::isControl)
                ? shortened
                : shortened.codePoints()
                        .map(c -> isControl(c) ? '\uFFFD' : c)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
    }

    private static boolean isControl(int c) {
        return Character.isISOControl(c) && c != '\n' && c != '\t' && c != '\r';
    }

    static String mode(String said) {
        return MODES.contains(said) ? said : "";
    }

    /** A share, 0 to 1. */
    static double share(double said) {
        return Math.max(0, Math.min(1, said));
    }

    /** Percents, which may be above 100: those of several threads are added. */
    static double percent(double said) {
        return Math.max(0, Math.min(1e6, said));
    }

    static Map<String, String> labels(Map<String, String> said, List<String> remarks) {
        Map<String, String> kept = new LinkedHashMap<>();
        for (Map.Entry<String, String> label : said.entrySet()) {
            if (kept.size() < MAX_LABELS && LABEL.matcher(label.getKey()).matches() && label.getValue().length() <= 200) {
                kept.put(label.getKey(), cut(label.getValue(), 200).replace('\n', ' '));
            }
        }
        if (kept.size() < said.size()) {
            remarks.add("It tells of " + said.size() + " labels; " + (said.size() - kept.size())
                    + " are left out: at most " + MAX_LABELS + ", with keys of letters, digits, '.', '_', '/' and '-'.");
        }
        return kept;
    }

    /** The filters that can be ones. */
    static List<FilterStatus> filters(List<FilterStatus> said, List<String> remarks) {
        List<FilterStatus> kept = new ArrayList<>();
        int strange = 0;
        for (FilterStatus filter : said) {
            boolean named = !filter.filter().isEmpty() && filter.filter().length() < SHORT && filter.filter().chars().noneMatch(Character::isISOControl);
            if (named && kept.size() < MAX_FILTERS && kept.stream().noneMatch(f -> f.filter().equals(filter.filter()))) {
                kept.add(filter);
                if (filter.state() == FilterState.UNKNOWN) {
                    remarks.add("It tells of a state of " + filter.filter() + " that is not known here.");
                }
            } else {
                strange++;
            }
        }
        if (strange > 0) {
            remarks.add(strange + " filters that it tells of are left out: their names are too long, empty or there twice, or they are more than "
                    + MAX_FILTERS + ".");
        }
        return List.copyOf(kept);
    }
}
