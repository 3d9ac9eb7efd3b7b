package dev.loom.filter.resolve;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Names of classes and members in their different spellings, and how near two names are. */
final class Names {

    private Names() {}

    /** {@code com.acme.Bank$Worker} for {@code com/acme/Bank$Worker}. */
    static String shown(String internalName) {
        return internalName.replace('/', '.');
    }

    /** What stands behind the last dot. */
    static String simple(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /** What stands behind the last slash of an internal name: {@code Bank$Worker}. */
    static String unqualified(String internalName) {
        return internalName.substring(internalName.lastIndexOf('/') + 1);
    }

    /** What stands before the last slash of an internal name. */
    static String packageOf(String internalName) {
        return internalName.substring(0, Math.max(0, internalName.lastIndexOf('/')));
    }

    /** {@code a, b and c}. */
    static String list(List<String> names) {
        if (names.size() <= 1) {
            return String.join("", names);
        }
        return String.join(", ", names.subList(0, names.size() - 1)) + " and " + names.get(names.size() - 1);
    }

    /** {@link #list} of at most so many, and how many more there are. */
    static String list(List<String> names, int most) {
        if (names.size() <= most) {
            return list(names);
        }
        List<String> shown = new ArrayList<>(names.subList(0, most));
        shown.add((names.size() - most) + " more");
        return list(shown);
    }

    /** Edits at most between a misspelt name and the one that was meant. */
    static int reach(String wrong) {
        return wrong.length() < 3 ? 0 : Math.min(3, Math.max(1, wrong.length() / 4));
    }

    /** Whether someone who wrote {@code wrong} may have meant this other name. */
    static boolean isNear(String wrong, String name) {
        int reach = reach(wrong);
        return Math.abs(name.length() - wrong.length()) <= reach && !name.equals(wrong) && distance(wrong, name, reach) <= reach;
    }

    /** Those of the names that someone may have meant who wrote {@code wrong}: the nearest, three at most. */
    static List<String> near(String wrong, Stream<String> names) {
        record Candidate(String name, int distance) {}
        List<Candidate> candidates = names.distinct()
                .filter(n -> isNear(wrong, n))
                .map(n -> new Candidate(n, distance(wrong, n, reach(wrong))))
                .toList();
        int best = candidates.stream().mapToInt(Candidate::distance).min().orElse(0);
        return candidates.stream().filter(c -> c.distance() == best).map(Candidate::name).sorted().limit(3).toList();
    }

    /**
     * Edits (insert, delete, replace, swap of neighbours; a letter's case counts nothing) between two names, or more than
     * {@code reach}.
     */
    static int distance(String a, String b, int reach) {
        String left = a.toLowerCase(Locale.ROOT);
        String right = b.toLowerCase(Locale.ROOT);
        int[][] rows = new int[3][right.length() + 1];
        for (int j = 0; j <= right.length(); j++) {
            rows[0][j] = j;
        }
        for (int i = 1; i <= left.length(); i++) {
            int[] row = rows[i % 3];
            int[] above = rows[(i - 1) % 3];
            row[0] = i;
            int best = i;
            for (int j = 1; j <= right.length(); j++) {
                boolean same = left.charAt(i - 1) == right.charAt(j - 1);
                row[j] = Math.min(above[j - 1] + (same ? 0 : 1), 1 + Math.min(above[j], row[j - 1]));
                if (i > 1 && j > 1 && left.charAt(i - 1) == right.charAt(j - 2) && left.charAt(i - 2) == right.charAt(j - 1)) {
                    row[j] = Math.min(row[j], rows[(i + 1) % 3][j - 2] + 1);
                }
                best = Math.min(best, row[j]);
            }
            if (best > reach) {
                return best;
            }
        }
        return rows[left.length() % 3][right.length()];
    }
}
