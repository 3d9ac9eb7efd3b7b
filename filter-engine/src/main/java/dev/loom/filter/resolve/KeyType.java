package dev.loom.filter.resolve;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;

/**
 * What the values of a key can be, as far as its declared type tells.
 *
 * @param desc field descriptor of the type
 * @param literal the value, if it is known
 */
record KeyType(String desc, @Nullable Object literal) {

    /** How keys are compared. */
    private enum Kind {
        INTEGER(List.of("B", "S", "I", "J"), List.of("java/lang/Byte", "java/lang/Short", "java/lang/Integer", "java/lang/Long")),
        FLOATING(List.of("F", "D"), List.of("java/lang/Float", "java/lang/Double")),
        CHARACTER(List.of("C"), List.of("java/lang/Character")),
        BOOLEAN(List.of("Z"), List.of("java/lang/Boolean")),
        STRING(List.of(), List.of("java/lang/String")),
        IDENTITY(List.of(), List.of());

        private final List<String> primitives;
        private final List<String> classes;

        Kind(List<String> primitives, List<String> classes) {
            this.primitives = primitives;
            this.classes = classes;
        }
    }

    static KeyType ofLiteral(Object value) {
        return new KeyType("L" + value.getClass().getName().replace('.', '/') + ";", value);
    }

    /** The type as a person reads it. */
    String shown() {
        return org.objectweb.asm.Type.getType(desc).getClassName();
    }

    /** Whether a value of this key can equal one of the other; true where that cannot be told. */
    boolean canEqual(KeyType other, ClassTable classes) {
        if (literal != null && other.literal != null) {
            return kind() == other.kind() && normal(literal).equals(normal(other.literal));
        }
        if (kind() != Kind.IDENTITY && other.kind() != Kind.IDENTITY) {
            return kind() == other.kind();
        }
        if (kind() == Kind.IDENTITY && other.kind() == Kind.IDENTITY) {
            return related(desc, other.desc, classes);
        }
        KeyType scalar = kind() == Kind.IDENTITY ? other : this;
        String object = scalar == this ? other.desc : desc;
        return !object.startsWith("[")
                && scalar.kind().classes.stream().anyMatch(c -> classes.isBelow(c, internal(object)).orElse(true));
    }

    private Kind kind() {
        for (Kind kind : Kind.values()) {
            if (kind.primitives.contains(desc) || desc.startsWith("L") && kind.classes.contains(internal(desc))) {
                return kind;
            }
        }
        return Kind.IDENTITY;
    }

    private static Object normal(Object literal) {
        return literal instanceof Integer i ? Long.valueOf(i) : literal;
    }

    private static boolean related(String a, String b, ClassTable classes) {
        if (a.startsWith("[") || b.startsWith("[")) {
            String other = a.startsWith("[") ? b : a;
            return other.startsWith("[") || List.of("java/lang/Object", "java/lang/Cloneable",
                    "java/io/Serializable").contains(internal(other));
        }
        boolean below = classes.isBelow(internal(a), internal(b)).orElse(true)
                || classes.isBelow(internal(b), internal(a)).orElse(true);
        // an object of a class that is not final can be of a subclass that has the interface too
        return below || isOpenInterface(a, b, classes) || isOpenInterface(b, a, classes);
    }

    private static boolean isOpenInterface(String type, String other, ClassTable classes) {
        return has(type, Opcodes.ACC_INTERFACE, classes) && !has(other, Opcodes.ACC_FINAL, classes);
    }

    private static boolean has(String desc, int flag, ClassTable classes) {
        Optional<ClassNode> node = classes.known(internal(desc));
        return node.isPresent() && (node.get().access & flag) != 0;
    }

    private static String internal(String desc) {
        return desc.substring(1, desc.length() - 1);
    }
}
