package dev.loom.console.scope;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Chooses JVMs by their labels: {@code env=prod,app!=batch,canary}, all of it must hold; {@code *} takes every JVM. A value with other
 * characters than letters, digits and {@code ._:/@+-} or spaces stands in quotes.
 */
public record Selector(String text, List<Term> terms) {

    /** Longest selector, in characters. */
    static final int MAX_LENGTH = 1_000;

    private static final Pattern TERM = Pattern.compile(
            "\\s*([A-Za-z0-9._/-]{1,100})\\s*(?:(!?=)\\s*(?:\"([^\"\\p{Cntrl}]{0,200})\"|([\\p{L}\\p{N}._:/@+ -]{0,200}?)))?\\s*(?:,|$)");

    /** One condition; {@code value} null: the label is there. */
    public record Term(String key, boolean negated, @Nullable String value) {
        boolean holds(Map<String, String> labels) {
            String found = labels.get(key);
            return value == null ? found != null : value.equals(found) != negated;
        }

        /** Whether no label can satisfy both. */
        private boolean contradicts(Term other) {
            if (!key.equals(other.key) || negated) {
                return false;
            }
            return value != null && other.value != null && (other.negated ? value.equals(other.value) : !value.equals(other.value));
        }

        /** Whether each JVM for which this holds is one for which the other holds. */
        private boolean implies(Term other) {
            if (!key.equals(other.key)) {
                return false;
            }
            if (other.value == null) {
                return value == null || !negated;
            }
            if (value == null) {
                return false;
            }
            return other.negated ? negated == value.equals(other.value) : !negated && value.equals(other.value);
        }

        private String written() {
            if (value == null) {
                return key;
            }
            boolean plain = value.matches("[\\p{L}\\p{N}._:/@+-]+( [\\p{L}\\p{N}._:/@+-]+)*");
            return key + (negated ? "!=" : "=") + (plain ? value : '"' + value + '"');
        }
    }

    /**
     * Reads what a user wrote.
     *
     * @throws LoomProblem if it is none, or can never select a JVM
     */
    public static Selector parse(String text) {
        String stripped = text.strip();
        if (stripped.length() > MAX_LENGTH) {
            throw new LoomProblem(ProblemCode.BAD_OPTION, "A selector has at most " + MAX_LENGTH + " characters.");
        }
        if (stripped.equals("*")) {
            return new Selector(stripped, List.of());
        }
        List<Term> terms = new ArrayList<>();
        Matcher term = TERM.matcher(stripped);
        int at = 0;
        while (at < stripped.length() || at == 0) {
            if (!term.find(at) || term.start() != at) {
                throw bad(text, "at '" + shortened(stripped.substring(at)) + "'");
            }
            String plain = term.group(4) == null ? null : term.group(4).strip();
            terms.add(new Term(term.group(1), "!=".equals(term.group(2)), term.group(3) == null ? plain : term.group(3)));
            at = term.end();
        }
        if (stripped.endsWith(",")) {
            throw bad(text, "at its end");
        }
        for (Term one : terms) {
            for (Term other : terms) {
                if (one.contradicts(other)) {
                    throw bad(text, "as no JVM is both " + one.written() + " and " + other.written());
                }
            }
        }
        return new Selector(stripped, List.copyOf(terms));
    }

    private static LoomProblem bad(String text, String where) {
        return new LoomProblem(
                ProblemCode.BAD_OPTION,
                "'" + shortened(text) + "' does not select JVMs: wrong " + where + ".",
                "Write labels as in env=prod,app!=batch,zone=\"a (b)\"; or * for all.");
    }

    private static String shortened(String text) {
        return text.length() > 100 ? text.substring(0, 100) + "…" : text;
    }

    public boolean matches(Map<String, String> labels) {
        return terms.stream().allMatch(term -> term.holds(labels));
    }

    /** Whether each JVM that this selects, now or later, is one that the other selects. */
    public boolean isWithin(Selector other) {
        return other.terms.stream().allMatch(wanted -> terms.stream().anyMatch(term -> term.implies(wanted)));
    }

    /** Whether another text means the same. Older consoles took texts that this one refuses: those are the same as nothing. */
    public boolean isSame(String other) {
        try {
            return Selector.parse(other).canonical().equals(canonical());
        } catch (LoomProblem nonsense) {
            return false;
        }
    }

    /** The same for selectors that say the same, in whatever order. */
    String canonical() {
        return terms.isEmpty() ? "*" : terms.stream().map(Term::written).distinct().sorted().collect(Collectors.joining(","));
    }
}
