package dev.loom.console.page;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A region that somebody chose by its lines.
 *
 * @param member the method, as a filter names it
 * @param from first line; 0 for the whole method
 * @param to last line
 * @param by key; empty for none
 */
public record ChosenRegion(String member, int from, int to, String by) {

    /** Regions that one choice may have. */
    static final int MOST = 2;

    private static final Pattern MEMBER = Pattern.compile("[\\p{L}\\p{N}_$.]{1,500}#[\\p{L}\\p{N}_$<>-]{1,300}(\\([\\p{L}\\p{N}_$.,\\[\\] ]{0,2000}\\))?");
    private static final Pattern KEY = Pattern.compile("[\\p{L}\\p{N}_$.]{0,500}");
    private static final int LAST_LINE = 65_535;

    /** Reads what a form sends, a region for each method that is named there. */
    static List<ChosenRegion> of(String @Nullable [] members, String @Nullable [] from, String @Nullable [] to, String @Nullable [] by) {
        List<ChosenRegion> chosen = new ArrayList<>();
        for (int i = 0; members != null && i < members.length && i < MOST; i++) {
            String member = members[i].strip();
            if (!member.isEmpty()) {
                int first = line(at(from, i));
                int last = line(at(to, i));
                first = first == 0 ? last : first;
                last = last == 0 ? first : last;
                chosen.add(new ChosenRegion(checked(member, MEMBER, "a method"), Math.min(first, last), Math.max(first, last), checked(at(by, i), KEY, "a key")));
            }
        }
        return chosen;
    }

    private static String at(String @Nullable [] values, int i) {
        return values == null || i >= values.length ? "" : values[i].strip();
    }

    private static int line(String text) {
        try {
            int line = text.isEmpty() ? 0 : Integer.parseInt(text);
            if (line >= 0 && line <= LAST_LINE) {
                return line;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new LoomProblem(ProblemCode.BAD_OPTION, "A line is a number from 1 to " + LAST_LINE + ".", "Leave both empty for the whole method.");
    }

    private static String checked(String text, Pattern pattern, String what) {
        if (!pattern.matcher(text).matches()) {
            String shown = text.length() > 100 ? text.substring(0, 100) + "…" : text;
            throw new LoomProblem(ProblemCode.BAD_OPTION, "'" + shown + "' is not " + what + ".", "com.acme.Bank#transfer is a method; this, a parameter or a field a key.");
        }
        return text;
    }

    /** As a filter writes it, without its key. */
    String text() {
        if (from == 0) {
            return member;
        }
        return from == to ? member + ":" + from : "{ " + member + ":" + from + " ; " + member + ":" + to + " }";
    }

    private String keyed(String region) {
        return by.isEmpty() ? region : region + " by " + by;
    }

    /** {@code Bank.transfer} of {@code com.acme.Bank#transfer(long)}. */
    private String about() {
        String type = member.substring(0, member.indexOf('#'));
        return type.substring(type.lastIndexOf('.') + 1) + "." + member.substring(member.indexOf('#') + 1).replaceFirst("\\(.*", "");
    }

    /** A filter that keeps one region to one thread at a time, or two apart. */
    static FoundRace.Proposal filter(List<ChosenRegion> chosen) {
        ChosenRegion first = chosen.get(0);
        StringBuilder text = new StringBuilder("filter \"chosen\" {\n    about \"Chosen in the source view.\"\n\n");
        if (chosen.size() == 1) {
            text.append("    atomic ").append(first.keyed(first.text()));
        } else {
            ChosenRegion second = chosen.get(1);
            text.append("    region first  = ").append(first.text()).append("\n    region second = ").append(second.text()).append("\n\n    ")
                    .append(first.keyed("first")).append(" <> ").append(second.keyed("second"));
        }
        String whole = text.append("\n}\n").toString();
        return Proposals.of("c" + Integer.toHexString(whole.hashCode()), first.about(), whole);
    }
}
