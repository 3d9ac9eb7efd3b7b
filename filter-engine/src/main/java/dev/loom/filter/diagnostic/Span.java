package dev.loom.filter.diagnostic;

/**
 * A stretch of a filter's text.
 *
 * @param start offset of the first character, from 0
 * @param end offset behind the last character
 * @param line line of the first character, from 1
 * @param column column of the first character, from 1, in UTF-16 units
 */
public record Span(int start, int end, int line, int column) {

    /** Where nothing in the text is to blame: the start of the file. */
    public static final Span START = new Span(0, 0, 1, 1);

    /** The stretch from the start of this one to the end of {@code other}. */
    public Span to(Span other) {
        return new Span(start, Math.max(end, other.end), line, column);
    }
}
