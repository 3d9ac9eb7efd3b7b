package dev.loom.filter.classes;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Names of archive entries as they stand in a central directory: a large jar has too many to make a text of each. */
final class EntryNames {

    private static final List<byte[]> CLASS_ROOTS = List.of(ascii("BOOT-INF/classes/"), ascii("WEB-INF/classes/"));

    private static final List<byte[]> LIBRARY_ROOTS =
            List.of(ascii("BOOT-INF/lib/"), ascii("WEB-INF/lib/"), ascii("WEB-INF/lib-provided/"), ascii("lib/"));

    private static final byte[] CLASS = ascii(".class");
    private static final byte[] MODULE = ascii("module-info.class");
    private static final byte[] JAR = ascii(".jar");
    private static final byte[] WAR = ascii(".war");
    private static final byte[] MANIFEST = ascii("META-INF/MANIFEST.MF");

    /** Bytes of the ending that class files have. */
    static final int ENDING = CLASS.length;

    private EntryNames() {}

    static boolean isClass(byte[] bytes, int name, int length) {
        return endsWith(CLASS, bytes, name, length) && !endsWith(MODULE, bytes, name, length);
    }

    private static boolean endsWith(byte[] ending, byte[] bytes, int name, int length) {
        int end = name + length;
        return length >= ending.length && Arrays.equals(ending, 0, ending.length, bytes, end - ending.length, end);
    }

    static boolean isManifest(byte[] bytes, int name, int length) {
        return Arrays.equals(MANIFEST, 0, MANIFEST.length, bytes, name, name + length);
    }

    /** Whether it is a jar where an application jar has its libraries. */
    static boolean isLibrary(byte[] bytes, int name, int length) {
        return (endsWith(JAR, bytes, name, length) || endsWith(WAR, bytes, name, length)) && root(LIBRARY_ROOTS, bytes, name, length) > 0;
    }

    /** Length of the directory in which an application jar has its classes; 0 if the name does not begin with it. */
    static int classRoot(byte[] bytes, int name, int length) {
        return root(CLASS_ROOTS, bytes, name, length);
    }

    private static int root(List<byte[]> roots, byte[] bytes, int name, int length) {
        for (byte[] root : roots) {
            if (length >= root.length && Arrays.equals(root, 0, root.length, bytes, name, name + root.length)) {
                return root.length;
            }
        }
        return 0;
    }

    /** Whether a file is in a directory, and not in one below it. */
    static boolean isIn(byte[] directory, byte[] bytes, int name, int length) {
        return length > directory.length
                && Arrays.equals(directory, 0, directory.length, bytes, name, name + directory.length)
                && slash(bytes, name, length) == directory.length;
    }

    /** Bytes of a name up to and with its last slash. */
    static int slash(byte[] bytes, int name, int length) {
        int at = name + length;
        while (at > name && bytes[at - 1] != '/') {
            at--;
        }
        return at - name;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
