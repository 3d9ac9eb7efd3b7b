package dev.loom.filter.suggest;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads the bytes of a file as text, in the encoding that its beginning tells: PowerShell writes what it is piped as UTF-16. */
public final class TextBytes {

    /** Bytes in which a text has no zero. */
    private static final int LOOKED_AT = 8_192;

    private TextBytes() {}

    /** The text; empty if the bytes are none. */
    public static Optional<String> text(byte[] bytes) {
        Charset charset = StandardCharsets.UTF_8;
        int from = 0;
        if (begins(bytes, 0xef, 0xbb, 0xbf)) {
            from = 3;
        } else if (begins(bytes, 0xff, 0xfe)) {
            charset = StandardCharsets.UTF_16LE;
            from = 2;
        } else if (begins(bytes, 0xfe, 0xff)) {
            charset = StandardCharsets.UTF_16BE;
            from = 2;
        } else {
            for (int i = 0; i < Math.min(bytes.length, LOOKED_AT); i++) {
                if (bytes[i] == 0) {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(new String(bytes, from, bytes.length - from, charset));
    }

    private static boolean begins(byte[] bytes, int... with) {
        for (int i = 0; i < with.length; i++) {
            if (i >= bytes.length || (bytes[i] & 0xff) != with[i]) {
                return false;
            }
        }
        return true;
    }
}
