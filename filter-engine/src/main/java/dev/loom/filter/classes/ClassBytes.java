package dev.loom.filter.classes;

/** The bytes of a class file, read from one end to the other, and its constants. Not thread-safe: one for each look. */
final class ClassBytes {

    private final byte[] bytes;
    private int at;
    /** Where each constant begins, by its index; 0 where none does. */
    private int[] constants = {};

    ClassBytes(byte[] bytes) {
        this.bytes = bytes;
    }

    int length() {
        return bytes.length;
    }

    int at() {
        return at;
    }

    void goTo(int place) {
        at = place;
    }

    int[] constants() {
        return constants;
    }

    byte at(int place) {
        return bytes[place];
    }

    /** Whether there is a constant of a kind at an index. */
    boolean is(int index, int kind) {
        return index > 0 && index < constants.length && constants[index] != 0 && bytes[constants[index]] == kind;
    }

    /** Reads where the constants are. */
    void readConstants() {
        int count = u2();
        constants = new int[Math.max(1, count)];
        for (int i = 1; i < count; i++) {
            constants[i] = at;
            int tag = u1();
            switch (tag) {
                case 1 -> skip(u2());
                case 3, 4, 9, 10, 11, 12, 17, 18 -> skip(4);
                case 5, 6 -> {
                    skip(8);
                    i++;
                }
                case 7, 8, 16, 19, 20 -> skip(2);
                case 15 -> skip(3);
                default -> throw new IllegalArgumentException("a constant of unknown kind " + tag);
            }
        }
    }

    /** That a constant is there and of one of some kinds. */
    void kind(int index, int... kinds) {
        for (int kind : kinds) {
            if (is(index, kind)) {
                return;
            }
        }
        throw new IllegalArgumentException("constant " + index + " is not what it is used for");
    }

    /** The same of one that may be missing. */
    void optional(int index, int kind) {
        if (index != 0) {
            kind(index, kind);
        }
    }

    /** The text of a constant. */
    String utf8(int index) {
        if (!is(index, 1)) {
            throw new IllegalArgumentException("constant " + index + " is no text");
        }
        int start = constants[index] + 1;
        int length = unsigned(start);
        // as ASM reads it, which takes what is no UTF-8 for something too
        char[] chars = new char[length];
        int count = 0;
        int i = start + 2;
        int end = i + length;
        while (i < end) {
            int b = bytes[i++];
            if ((b & 0x80) != 0) {
                int more = (b & 0xE0) == 0xC0 ? 1 : 2;
                if (i + more > end) {
                    throw new IllegalArgumentException("constant " + index + " is no text");
                }
                b = more == 1 ? (b & 0x1F) << 6 | bytes[i] & 0x3F : (b & 0xF) << 12 | (bytes[i] & 0x3F) << 6 | bytes[i + 1] & 0x3F;
                i += more;
            }
            chars[count++] = (char) b;
        }
        return new String(chars, 0, count);
    }

    int u1() {
        return bytes[moved(1)] & 0xFF;
    }

    int u2() {
        return unsigned(moved(2));
    }

    int unsigned(int from) {
        return (bytes[from] & 0xFF) << 8 | bytes[from + 1] & 0xFF;
    }

    int u4() {
        return int4(moved(4));
    }

    int int4(int from) {
        return bytes[from] << 24 | (bytes[from + 1] & 0xFF) << 16 | (bytes[from + 2] & 0xFF) << 8 | bytes[from + 3] & 0xFF;
    }

    void skip(long count) {
        moved(count);
    }

    private int moved(long count) {
        int from = at;
        if (count > bytes.length - from) {
            throw new IllegalArgumentException("it is cut off");
        }
        at = (int) (from + count);
        return from;
    }
}
