package dev.loom.filter.weave.watch;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Finds the declarations of fields as the JVM does (JVMS 5.4.3.2), from class files, loading no class. Interfaces are left out: their
 * fields are final. Not thread-safe.
 */
final class Fields {

    private static final String OBJECT = "java/lang/Object";

    /** A field with its class, and its flags. */
    record Declaration(String owner, int access) {

        boolean is(int flag) {
            return (access & flag) != 0;
        }
    }

    private record Declared(@Nullable String parent, Map<String, Integer> fields) {}

    private static final Declared NOTHING = new Declared(null, Map.of());

    private final Function<String, Optional<byte[]>> classes;
    private final Map<String, Declared> known = new HashMap<>();

    /** @param own the class that is woven, whatever others find under its name */
    Fields(ClassReader own, Function<String, Optional<byte[]>> classes) {
        this.classes = classes;
        known.put(own.getClassName(), read(own));
    }

    /** Null if it is not found; then nobody knows whether it is final. */
    @Nullable Declaration find(String owner, String name, String desc) {
        for (String type = owner; type != null && !type.equals(OBJECT); type = declared(type).parent()) {
            Integer access = declared(type).fields().get(name + " " + desc);
            if (access != null) {
                return new Declaration(type, access);
            }
        }
        return null;
    }

    /** A field that is known by its name alone; of several in one class, any. */
    @Nullable Declaration find(String owner, String name) {
        for (String type = owner; type != null && !type.equals(OBJECT); type = declared(type).parent()) {
            for (Map.Entry<String, Integer> field : declared(type).fields().entrySet()) {
                if (field.getKey().startsWith(name + " ")) {
                    return new Declaration(type, field.getValue());
                }
            }
        }
        return null;
    }

    /** The class of the JDK that a class is made of, {@code java/lang/Object} if of none, or if it is not found. */
    String jdkAbove(String type) {
        String above = type;
        while (!Points.isJdk(above)) {
            String parent = declared(above).parent();
            above = parent == null ? OBJECT : parent;
        }
        return above;
    }

    private Declared declared(String type) {
        Declared declared = known.get(type);
        if (declared == null) {
            declared = classes.apply(type).map(bytes -> read(new ClassReader(bytes))).orElse(NOTHING);
            known.put(type, declared);
        }
        return declared;
    }

    private static Declared read(ClassReader reader) {
        Map<String, Integer> fields = new HashMap<>();
        reader.accept(
                new ClassVisitor(Opcodes.ASM9) {
                    @Override
                    public @Nullable FieldVisitor visitField(
                            int access, String name, String desc, @Nullable String signature, @Nullable Object value) {
                        fields.put(name + " " + desc, access);
                        return null;
                    }
                },
                ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        return new Declared(reader.getSuperName(), fields);
    }
}
