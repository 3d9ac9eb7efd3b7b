package dev.loom.filter.syntax;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** How near two names are, and which of some was meant. */
public final class Spelling {

    private Spelling() {}

    /** Edits at most between a misspelt name and the one that was meant. */
    public static int reach(String wrong) {
        return wrong.length() < 3 ? 0 : Math.min(3, Math.max(1, wrong.length() / 4));
    }

    /** Whether someone who wrote {@code wrong} may have meant this other name. */
    public static boolean isNear(String wrong, String name) {
        int reach = reach(wrong);
        return Math.abs(name.length() - wrong.length()) <= reach && !name.equals(wrong) && distance(wrong, name, reach) <= reach;
    }

    /** Those of the names that someone may have meant who wrote {@code wrong}: the nearest, three at most. */
    public static List<String> near(String wrong, Stream<String> names) {
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
    public static int distance(String a, String b, int reach) {
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
