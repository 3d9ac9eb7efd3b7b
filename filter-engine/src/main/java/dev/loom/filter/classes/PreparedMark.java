package dev.loom.filter.classes;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UTFDataFormatException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The mark of a class file that was prepared before it was deployed: a text in its constant pool, which the JVM keeps whatever else it drops
 * of a class file. It is the last constant, so that of a loaded class one look tells.
 *
 * @param version of the static part's form; a class of another form can be run, and not changed
 * @param methods how many have update points
 * @param left those that were left without, as their frames are gone soon; names and descriptors
 */
public record PreparedMark(int version, int methods, Set<String> left) {

    /** The form that this version of Loom makes and knows. */
    public static final int VERSION = 2;

    private static final String BEGINNING = "dev.loom:prepared:";
    private static final byte[] BYTES = BEGINNING.getBytes(StandardCharsets.US_ASCII);

    /** Between what follows; neither names nor descriptors have it (JVMS 4.2.2, 4.3.3). */
    private static final char BETWEEN = '.';

    private static final int FIRST_CONSTANT = 10;

    public PreparedMark {
        left = Set.copyOf(left);
    }

    /** Whether this Loom can take the class back to what it was. */
    public boolean isKnown() {
        return version == VERSION;
    }

    /** The mark that a text is; null if it is another text. */
    public static @Nullable PreparedMark parse(String text) {
        if (!text.startsWith(BEGINNING)) {
            return null;
        }
        String[] numbers = text.substring(BEGINNING.length()).split(":", 3);
        try {
            // the first form had no third part
            Set<String> left = numbers.length < 3 || numbers[2].isEmpty() ? Set.of() : Set.copyOf(Arrays.asList(numbers[2].split("\\" + BETWEEN)));
            return numbers.length < 2 ? null : new PreparedMark(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]), left);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** The mark of a class file, or null. Looks at the constants alone, builds nothing, and takes any bytes. Thread-safe. */
    public static @Nullable PreparedMark of(byte[] classFile) {
        int count = classFile.length < FIRST_CONSTANT ? 0 : twoBytes(classFile, FIRST_CONSTANT - 2);
        int at = FIRST_CONSTANT;
        for (int i = 1; i < count; i++) {
            if (at + 3 > classFile.length) {
                return null;
            }
            int tag = classFile[at];
            if (tag == 1) {
                int length = twoBytes(classFile, at + 1);
                PreparedMark mark = markAt(classFile, at + 3, length);
                if (mark != null) {
                    return mark;
                }
                at += 3 + length;
            } else {
                int size = size(tag);
                if (size == 0) {
                    return null;
                }
                at += size;
                i += size == 9 ? 1 : 0;
            }
        }
        return null;
    }

    private static @Nullable PreparedMark markAt(byte[] bytes, int at, int length) {
        boolean isMark = length > BYTES.length && at + length <= bytes.length
                && Arrays.equals(BYTES, 0, BYTES.length, bytes, at, at + BYTES.length);
        if (!isMark) {
            return null;
        }
        try {
            // the text of a constant with its length before it is what readUTF reads (JVMS 4.4.7)
            return parse(new DataInputStream(new ByteArrayInputStream(bytes, at - 2, length + 2)).readUTF());
        } catch (IOException e) {
            return null;
        }
    }

    /** Bytes of a constant that is no text; 0 for none that is known. */
    private static int size(int tag) {
        return switch (tag) {
            case 3, 4, 9, 10, 11, 12, 17, 18 -> 5;
            case 5, 6 -> 9; // takes two places
            case 7, 8, 16, 19, 20 -> 3;
            case 15 -> 4;
            default -> 0;
        };
    }

    /** The class file with this mark as its last constant; null if it has no room for one, or the mark is too long for one. */
    public byte @Nullable [] addTo(byte[] classFile) {
        int count = twoBytes(classFile, FIRST_CONSTANT - 2);
        if (count >= 0xFFFF) {
            return null;
        }
        int end = FIRST_CONSTANT;
        for (int i = 1; i < count; i++) {
            int size = classFile[end] == 1 ? 3 + twoBytes(classFile, end + 1) : size(classFile[end]);
            i += size == 9 && classFile[end] != 1 ? 1 : 0;
            end += size;
        }
        byte[] text = text();
        if (text == null) {
            return null;
        }
        byte[] marked = new byte[classFile.length + 1 + text.length];
        System.arraycopy(classFile, 0, marked, 0, end);
        marked[FIRST_CONSTANT - 2] = (byte) (count + 1 >> 8);
        marked[FIRST_CONSTANT - 1] = (byte) (count + 1);
        marked[end] = 1;
        System.arraycopy(text, 0, marked, end + 1, text.length);
        System.arraycopy(classFile, end, marked, end + 1 + text.length, classFile.length - end);
        return marked;
    }

    /** The text as a constant has it, with its length before it; null if it is too long for one. */
    private byte @Nullable [] text() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        String text = BEGINNING + version + ':' + methods + ':' + String.join(String.valueOf(BETWEEN), new TreeSet<>(left));
        try {
            new DataOutputStream(bytes).writeUTF(text);
        } catch (UTFDataFormatException tooLong) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static int twoBytes(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF;
    }
}
