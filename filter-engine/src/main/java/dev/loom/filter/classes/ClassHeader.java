package dev.loom.filter.classes;

import org.jspecify.annotations.Nullable;

/**
 * What a class file says of its place among others: all that another class's stack map frames depend on (JVMS 4.10.1.2).
 *
 * @param superName internal name; null for {@code java/lang/Object}
 * @param isInterface whether it is one
 */
public record ClassHeader(@Nullable String superName, boolean isInterface) {

    private static final int CONSTANTS = 8;
    private static final int INTERFACE = 0x0200;

    /**
     * Reads it; looks at nothing behind it.
     *
     * @throws IllegalArgumentException if that is no class file
     */
    public static ClassHeader of(byte[] classFile) {
        try {
            ClassBytes file = new ClassBytes(classFile);
            file.goTo(CONSTANTS);
            file.readConstants();
            int access = file.u2();
            file.u2(); // its own name
            int parent = file.u2();
            file.optional(parent, 7);
            String superName = parent == 0 ? null : file.utf8(file.unsigned(file.constants()[parent] + 1));
            return new ClassHeader(superName, (access & INTERFACE) != 0);
        } catch (IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("a class file that ends too early", e);
        }
    }

    /** The same in one word, which two that differ do not share. */
    public String text() {
        return (isInterface ? "i" : "c") + superName;
    }
}
