package dev.loom.filter.classes;

import java.util.HashMap;
import java.util.Map;
import org.objectweb.asm.Opcodes;

/**
 * The structure of a class file (JVMS 4), read before anything else reads it. Class files come from anywhere, and a reader that
 * believes the lengths and counts in one can be made to fill the memory or to run for hours; after this look it cannot. Whether the
 * code means anything is for others to say. Thread-safe.
 */
public final class ClassFiles {

    /** Largest class file that is read, bytes; real ones stay below a quarter of it. */
    public static final int MAX_SIZE = 8 << 20;

    /** Values in values of annotations and constants. */
    private static final int MAX_DEPTH = 200;

    private final ClassBytes file;
    private final Map<String, Integer> sizes = new HashMap<>();

    private ClassFiles(byte[] bytes) {
        file = new ClassBytes(bytes);
    }

    /**
     * Looks at a class file.
     *
     * @throws IllegalArgumentException if it is damaged, or larger or deeper than any compiler makes one; the message says what is wrong
     */
    public static void check(byte[] classFile) {
        new ClassFiles(classFile).read();
    }

    /** Bytes of code by method name and descriptor, of methods that have code. Throws like {@link #check}. */
    public static Map<String, Integer> codeSizes(byte[] classFile) {
        ClassFiles file = new ClassFiles(classFile);
        file.read();
        return file.sizes;
    }

    private void read() {
        if (file.length() > MAX_SIZE) {
            throw new IllegalArgumentException("it is larger than " + (MAX_SIZE >> 20) + " MiB");
        }
        if (file.u4() != 0xCAFEBABE) {
            throw new IllegalArgumentException("it does not begin like a class file");
        }
        file.skip(4);
        file.readConstants();
        new Constants(file).check();
        file.skip(2);
        file.kind(file.u2(), 7);
        file.optional(file.u2(), 7);
        for (int interfaces = file.u2(); interfaces > 0; interfaces--) {
            file.kind(file.u2(), 7);
        }
        for (int fields = file.u2(); fields > 0; fields--) {
            file.skip(4);
            Descriptors.check(file.utf8(file.u2()), false);
            attributes("", file.length());
        }
        for (int methods = file.u2(); methods > 0; methods--) {
            boolean hasCode = (file.u2() & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE)) == 0;
            String key = file.utf8(file.u2());
            String desc = file.utf8(file.u2());
            Descriptors.check(desc, true);
            key += desc;
            if (sizes.containsKey(key)) {
                throw new IllegalArgumentException("it has two methods " + key);
            }
            attributes(key, file.length());
            if (hasCode != sizes.containsKey(key)) {
                throw new IllegalArgumentException("the method " + key + (hasCode ? " has no code" : " has code"));
            }
        }
        attributes("", file.length());
    }

    private void attributes(String method, int end) {
        for (int count = file.u2(); count > 0; count--) {
            String name = file.utf8(file.u2());
            long length = Integer.toUnsignedLong(file.u4());
            if (file.at() + length > end) {
                throw new IllegalArgumentException("the attribute " + name + " is longer than the file");
            }
            int next = (int) (file.at() + length);
            switch (name) {
                case "Code" -> {
                    sizes.put(method, new CodeLayout(file, method).check(next));
                    attributes("", next);
                }
                case "Record" -> {
                    for (int parts = file.u2(); parts > 0; parts--) {
                        file.skip(4);
                        attributes("", next);
                    }
                }
                case "RuntimeVisibleAnnotations", "RuntimeInvisibleAnnotations" -> annotations(next);
                case "RuntimeVisibleParameterAnnotations", "RuntimeInvisibleParameterAnnotations" -> {
                    for (int parameters = file.u1(); parameters > 0 && file.at() < next; parameters--) {
                        annotations(next);
                    }
                }
                case "AnnotationDefault" -> value(0);
                case "RuntimeVisibleTypeAnnotations", "RuntimeInvisibleTypeAnnotations" -> depthOfBytes(next);
                case "LocalVariableTable" -> {
                    for (int variables = file.u2(); variables > 0; variables--) {
                        file.skip(6);
                        Descriptors.check(file.utf8(file.u2()), false);
                        file.skip(2);
                    }
                }
                case "NestMembers" -> {
                    for (int members = file.u2(); members > 0; members--) {
                        file.kind(file.u2(), 7);
                    }
                }
                case "InnerClasses" -> {
                    for (int inner = file.u2(); inner > 0; inner--) {
                        file.kind(file.u2(), 7);
                        file.optional(file.u2(), 7);
                        file.optional(file.u2(), 1);
                        file.skip(2);
                    }
                }
                case "BootstrapMethods" -> new Constants(file).bootstrapMethods(next);
                default -> {}
            }
            file.goTo(next);
        }
    }

    private void annotations(int end) {
        for (int count = file.u2(); count > 0 && file.at() < end; count--) {
            annotation(0);
        }
    }

    private void annotation(int depth) {
        file.skip(2);
        for (int pairs = file.u2(); pairs > 0; pairs--) {
            file.skip(2);
            value(depth + 1);
        }
    }

    private void value(int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("annotations are nested too deep");
        }
        int tag = file.u1();
        switch (tag) {
            case 'e' -> file.skip(4);
            case '@' -> annotation(depth);
            case '[' -> {
                for (int count = file.u2(); count > 0; count--) {
                    value(depth + 1);
                }
            }
            default -> file.skip(2);
        }
    }

    /** Type annotations have many forms; nesting needs three bytes a level, so that no more than that can be deep. */
    private void depthOfBytes(int end) {
        int opened = 0;
        for (int i = file.at(); i < end; i++) {
            opened += file.at(i) == '[' || file.at(i) == '@' ? 1 : 0;
        }
        if (opened > 20 * MAX_DEPTH) {
            throw new IllegalArgumentException("type annotations are nested too deep");
        }
    }
}
