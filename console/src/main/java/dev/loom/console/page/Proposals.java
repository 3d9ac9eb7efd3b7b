package dev.loom.console.page;

import dev.loom.client.Suggestion;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Texts that are proposed as filters, and the names under which they are stored. */
final class Proposals {

    /** A name in a text's first line; it has to be the one under which the text is stored. */
    private static final Pattern OWN_NAME = Pattern.compile("^(\\s*filter\\s+)\"[^\"\\n]*\"");
    /** The member that a text begins to keep apart: {@code com.acme.Bank#transfer}. */
    private static final Pattern MEMBER = Pattern.compile("([\\w$]+)#([\\w$<>]+)");
    private static final int LONGEST_NAME = 100;

    private Proposals() {}

    /** A filter proposed for pasted text. @param warned whether the checker warns of it */
    public record Suggested(FoundRace.Proposal proposal, String why, boolean warned) {}

    /** Those that a JVM proposed for a text, the best first. */
    static List<Suggested> of(List<Suggestion> suggestions) {
        List<Suggested> all = new ArrayList<>();
        for (Suggestion suggestion : suggestions) {
            Matcher member = MEMBER.matcher(suggestion.filter());
            String about = member.find() ? member.group(1) + "." + member.group(2) : "suggested";
            all.add(new Suggested(of("s" + (all.size() + 1), about, suggestion.filter()), suggestion.why(), suggestion.warned()));
        }
        return all;
    }

    /**
     * A proposal with a name that says what it is about.
     *
     * @param about {@code Bank.balance}
     */
    static FoundRace.Proposal of(String key, String about, String text) {
        String name = about.replaceAll("[^A-Za-z0-9._-]", "-");
        String cut = name.substring(0, Math.min(LONGEST_NAME, name.length()));
        return new FoundRace.Proposal(key, cut, named(cut, text).stripTrailing());
    }

    /** The text under another name, where it says its name itself. */
    static String named(String name, String text) {
        return name.contains("\"") ? text : OWN_NAME.matcher(text).replaceFirst("$1\"" + Matcher.quoteReplacement(name) + "\"");
    }
}
