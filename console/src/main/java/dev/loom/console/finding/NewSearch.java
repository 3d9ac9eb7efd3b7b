package dev.loom.console.finding;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A search for races that somebody wants.
 *
 * @param classes patterns, {@code com.acme.**}
 * @param seconds how long
 * @param budgetPercent of the time, what it may take
 */
public record NewSearch(List<String> classes, int seconds, double budgetPercent) {

    /** How long, unless somebody says. */
    public static final int USUAL_SECONDS = 60;
    /** What it may take of the time, unless somebody says, percent. */
    public static final double USUAL_BUDGET = 3;

    private static final int LONGEST_SECONDS = 24 * 3_600;
    private static final double SMALLEST_BUDGET = 0.1;
    private static final double LARGEST_BUDGET = 50;
    private static final int MOST_PATTERNS = 50;
    private static final int LONGEST_PATTERN = 300;
    private static final Pattern PATTERN = Pattern.compile("[\\p{L}\\p{N}_$*]+(\\.[\\p{L}\\p{N}_$*]+)*");
    private static final String EXAMPLES = "Write com.acme.** for a package and those below it, com.acme.* for the package alone, or com.acme.Bank for a class.";

    /**
     * Reads what a user wrote.
     *
     * @param classes a pattern each; also several in one, separated by blanks, commas or semicolons
     * @throws LoomProblem with what is allowed
     */
    public static NewSearch of(@Nullable List<String> classes, @Nullable Integer seconds, @Nullable Double budgetPercent) {
        List<String> patterns = classes == null ? List.of() : classes.stream().flatMap(text -> Pattern.compile("[\\s,;]+").splitAsStream(text))
                .filter(text -> !text.isEmpty()).toList();
        if (patterns.isEmpty()) {
            throw new LoomProblem(ProblemCode.BAD_OPTION, "No class is named to be watched.", EXAMPLES);
        }
        for (String pattern : patterns) {
            if (pattern.length() > LONGEST_PATTERN || !PATTERN.matcher(pattern).matches()) {
                String shown = pattern.length() > 100 ? pattern.substring(0, 100) + "…" : pattern;
                throw new LoomProblem(ProblemCode.BAD_OPTION, "'" + shown + "' is not a pattern of class names.", EXAMPLES);
            }
        }
        if (patterns.size() > MOST_PATTERNS) {
            throw new LoomProblem(ProblemCode.BAD_OPTION, "These are " + patterns.size() + " patterns; " + MOST_PATTERNS + " are the most.", EXAMPLES);
        }
        int time = seconds == null ? USUAL_SECONDS : seconds;
        if (time < 1 || time > LONGEST_SECONDS) {
            throw new LoomProblem(ProblemCode.BAD_OPTION, "A search takes 1 to " + LONGEST_SECONDS + " seconds, not " + time + ".", "60 is usual.");
        }
        double budget = budgetPercent == null ? USUAL_BUDGET : budgetPercent;
        if (!(budget >= SMALLEST_BUDGET && budget <= LARGEST_BUDGET)) {
            throw new LoomProblem(ProblemCode.BAD_OPTION, "The budget is 0.1 to 50 percent of the time.", "3 is usual.");
        }
        return new NewSearch(patterns, time, budget);
    }

    /** The patterns as the agent reads them. */
    String patterns() {
        return String.join(";", classes);
    }

    /** The rest as the agent reads it. */
    String options() {
        return String.format(Locale.ROOT, "for=%ds,budget=%.2f%%", seconds, budgetPercent);
    }
}
