package dev.loom.console.deployment;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Chooses JVMs by their labels: {@code env=prod,app!=batch,canary}, all of it must hold; {@code *} takes every JVM. */
record Selector(String text, List<Term> terms) {

    private static final Pattern TERM = Pattern.compile("([A-Za-z0-9._/-]{1,100})\\s*(?:(!?=)\\s*([^,=!]{0,200}))?");

    /** One condition; {@code value} null: the label is there. */
    record Term(String key, boolean negated, @org.jspecify.annotations.Nullable String value) {
        boolean holds(Map<String, String> labels) {
            String found = labels.get(key);
            return value == null ? found != null : value.equals(found) != negated;
        }
    }

    static Selector parse(String text) {
        String stripped = text.strip();
        if (stripped.equals("*")) {
            return new Selector(stripped, List.of());
        }
        List<Term> terms = new ArrayList<>();
        for (String part : stripped.split(",", -1)) {
            Matcher term = TERM.matcher(part.strip());
            if (!term.matches()) {
                throw new LoomProblem(
                        ProblemCode.BAD_OPTION,
                        "'" + (text.length() > 100 ? text.substring(0, 100) + "…" : text) + "' does not select JVMs.",
                        "Write labels as in env=prod,app!=batch; or * for all.");
            }
            terms.add(new Term(term.group(1), "!=".equals(term.group(2)), term.group(3) == null ? null : term.group(3).strip()));
        }
        return new Selector(stripped, List.copyOf(terms));
    }

    boolean matches(Map<String, String> labels) {
        return terms.stream().allMatch(term -> term.holds(labels));
    }
}
