package dev.loom.agent.config;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A set of class-name patterns, {@code com.acme.**;org.lib.Pool}. {@code **} stands for any characters, {@code *} for any but a
 * dot. A pattern that fits a class fits its nested classes too.
 */
public final class ClassPatterns {

    /** Fits no class. */
    public static final ClassPatterns NONE = new ClassPatterns("", List.of(), List.of());

    /** Apart: most agents have no patterns, and are not to pay for this one when they start. */
    private static final class WellFormed {
        private static final Pattern PATTERN = Pattern.compile("[\\p{L}\\p{N}_$*]+(\\.[\\p{L}\\p{N}_$*]+)*");
    }

    private final String text;
    /** Internal-name prefixes, {@code com/acme/}, of the plain {@code com.acme.**} form, which is nearly all there are. */
    private final List<String> prefixes;
    /** All others, over internal names. */
    private final List<Pattern> others;

    private ClassPatterns(String text, List<String> prefixes, List<Pattern> others) {
        this.text = text;
        this.prefixes = prefixes;
        this.others = others;
    }

    /**
     * Reads patterns separated by {@code ;}.
     *
     * @param option name of the option, for the message
     * @throws ConfigException if one is not a class-name pattern
     */
    public static ClassPatterns parse(String option, String text) {
        List<String> prefixes = new ArrayList<>();
        List<Pattern> others = new ArrayList<>();
        for (String part : text.split(";")) {
            String pattern = part.strip();
            if (pattern.isEmpty()) {
                continue;
            }
            if (!WellFormed.PATTERN.matcher(pattern).matches()) {
                throw new ConfigException(option + ": '" + pattern
                        + "' is not a class-name pattern; write com.acme.** or com.acme.Bank, separated by ';'");
            }
            String start = pattern.endsWith(".**") ? pattern.substring(0, pattern.length() - 2) : "*";
            if (start.indexOf('*') < 0) {
                prefixes.add(start.replace('.', '/'));
            } else {
                others.add(regex(pattern));
            }
        }
        return prefixes.isEmpty() && others.isEmpty()
                ? NONE
                : new ClassPatterns(text.strip(), List.copyOf(prefixes), List.copyOf(others));
    }

    private static Pattern regex(String pattern) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '*') {
                boolean any = i + 1 < pattern.length() && pattern.charAt(i + 1) == '*';
                regex.append(any ? ".*" : "[^/]*");
                i += any ? 1 : 0;
            } else if (c == '.') {
                regex.append('/');
            } else {
                regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(regex + "(\\$.*)?");
    }

    /** Whether there is no pattern. */
    public boolean isEmpty() {
        return prefixes.isEmpty() && others.isEmpty();
    }

    /**
     * Whether one of the patterns fits a class.
     *
     * @param internalName {@code com/acme/Bank$Worker}
     */
    public boolean matches(String internalName) {
        for (String prefix : prefixes) {
            if (internalName.startsWith(prefix)) {
                return true;
            }
        }
        for (Pattern other : others) {
            if (other.matcher(internalName).matches()) {
                return true;
            }
        }
        return false;
    }

    /** As it was written. */
    @Override
    public String toString() {
        return text;
    }
}
