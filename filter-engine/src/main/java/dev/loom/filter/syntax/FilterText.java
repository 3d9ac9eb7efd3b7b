package dev.loom.filter.syntax;

import dev.loom.filter.diagnostic.DiagnosticCode;
import dev.loom.filter.diagnostic.Diagnostics;
import dev.loom.filter.diagnostic.Span;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The way from a file's bytes to text, and the limit of size. */
public final class FilterText {

    private FilterText() {}

    /** The text that the bytes are in UTF-8; empty, with a remark, if they are too many or not UTF-8. */
    public static Optional<String> decode(byte[] utf8, Diagnostics diagnostics) {
        if (utf8.length > Limits.FILE_BYTES) {
            tooLarge(utf8.length, diagnostics);
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(utf8);
        CharBuffer out = CharBuffer.allocate(utf8.length + 1);
        CoderResult result = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)
                .decode(in, out, true);
        String text = out.flip().toString();
        if (!result.isError()) {
            return Optional.of(text);
        }
        int lines = 1;
        int lineStart = 0;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\n') {
                lines++;
                lineStart = i + 1;
            }
        }
        Span span = new Span(text.length(), text.length(), lines, text.length() - lineStart + 1);
        String found = String.format("0x%02X", utf8[in.position()]);
        diagnostics.report(
                DiagnosticCode.NOT_UTF8, span, "the byte " + found + " here is not UTF-8", "save the file in UTF-8");
        return Optional.empty();
    }

    /** Whether the text is within the limit of size; if not, says so. */
    public static boolean checkSize(String text, Diagnostics diagnostics) {
        if (text.length() <= Limits.FILE_BYTES / 3) {
            return true; // a character has at most 3 bytes in UTF-8, a pair 4
        }
        long bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        if (bytes > Limits.FILE_BYTES) {
            tooLarge(bytes, diagnostics);
            return false;
        }
        return true;
    }

    private static void tooLarge(long bytes, Diagnostics diagnostics) {
        diagnostics.report(
                DiagnosticCode.LIMIT,
                Span.START,
                "a filter may have " + Limits.FILE_BYTES + " bytes; this one has " + bytes,
                "a filter is a few lines long: is this the right file?");
    }
}
