package dev.loom.console.page;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in code, as somebody wrote it.
 *
 * @param type the class, {@code com.acme.Bank$Worker}
 * @param line 0 if only the class is known
 */
public record Place(String type, int line) {

    /** {@code app//com.acme.Bank.transfer(Bank.java:42)}, perhaps with a module in front. */
    private static final Pattern FRAME = Pattern.compile("(?:at )?(?:[^()\\s]*/)?([\\p{L}\\p{N}_$.]+)\\.[^.()#\\s]+\\(([^():]*)(?::(\\d{1,5}))?\\).*");
    /** {@code com.acme.Bank#transfer(Account,long):42-45}, {@code com.acme.Bank:42}. */
    private static final Pattern MEMBER = Pattern.compile("([\\p{L}\\p{N}_$.]+)(?:#[^:(]*(?:\\([^)]*\\))?)?(?::(\\d{1,5})(?!\\d).*)?");
    private static final int MAX = 1_000;

    /** Reads a frame of a stack, or a place as a filter names it; a class without a name if it is neither. */
    static Place of(String text) {
        String shown = text.length() > MAX ? "" : text.strip();
        Matcher frame = FRAME.matcher(shown);
        if (frame.matches()) {
            return new Place(frame.group(1), number(frame.group(3)));
        }
        Matcher member = MEMBER.matcher(shown);
        return member.matches() && (shown.contains("#") || member.group(2) != null) ? new Place(member.group(1), number(member.group(2))) : new Place("", 0);
    }

    private static int number(@org.jspecify.annotations.Nullable String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }

    /** Whether it says where. */
    public boolean isKnown() {
        return !type.isEmpty();
    }
}
