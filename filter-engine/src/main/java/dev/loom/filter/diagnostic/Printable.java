package dev.loom.filter.diagnostic;

/**
 * Makes text that someone wrote safe to show: control characters, which could steer a terminal or forge a log line, and
 * direction marks, which could show other text than there is, become escapes; length is bounded.
 */
public final class Printable {

    /** Longest text shown, in characters. */
    private static final int MAX = 200;

    private Printable() {}

    /** The text with escapes, at most {@value #MAX} characters of it. */
    public static String of(String text) {
        StringBuilder shown = new StringBuilder(Math.min(text.length(), MAX) + 8);
        for (int i = 0; i < text.length(); ) {
            if (shown.length() >= MAX) {
                return shown.append('…').toString();
            }
            int c = text.codePointAt(i);
            shown.append(of(c));
            i += Character.charCount(c);
        }
        return shown.toString();
    }

    /** The whole text with escapes. */
    static String escaped(String text) {
        if (text.codePoints().allMatch(Printable::isHarmless)) {
            return text;
        }
        StringBuilder shown = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> shown.append(of(c)));
        return shown.toString();
    }

    /** One character, or its escape. */
    public static String of(int codePoint) {
        return isHarmless(codePoint)
                ? Character.toString(codePoint)
                : String.format(codePoint > 0xFFFF ? "\\u{%X}" : "\\u%04X", codePoint);
    }

    /** Whether a character can be shown as it is and does not change how others are shown. */
    public static boolean isHarmless(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE -> false;
            // joiners are needed to write some scripts; all other format characters hide or reorder text
            case Character.FORMAT -> codePoint == 0x200C || codePoint == 0x200D;
            default -> true;
        };
    }
}
