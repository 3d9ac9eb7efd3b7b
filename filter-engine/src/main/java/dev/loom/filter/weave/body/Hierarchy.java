package dev.loom.filter.weave.body;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;

/** Finds the common superclass of two classes from class files, loading none of them. Not thread-safe: one for each class woven. */
final class Hierarchy {

    private record Entry(String superName, boolean isInterface) {}

    private final Function<String, Optional<byte[]>> bytes;
    private final Map<String, Entry> known = new HashMap<>();

    Hierarchy(Function<String, Optional<byte[]>> bytes) {
        this.bytes = bytes;
    }

    String commonSuperclass(String one, String other) {
        if (one.equals(other)) {
            return one;
        }
        if (isInterface(one) || isInterface(other)) {
            return "java/lang/Object";
        }
        for (String a = one; a != null; a = superOf(a)) {
            for (String b = other; b != null; b = superOf(b)) {
                if (a.equals(b)) {
                    return a;
                }
            }
        }
        return "java/lang/Object";
    }

    private boolean isInterface(String name) {
        return entry(name).isInterface();
    }

    private String superOf(String name) {
        return entry(name).superName();
    }

    private Entry entry(String name) {
        return known.computeIfAbsent(name, n -> {
            if (n.equals("java/lang/Object")) {
                return new Entry(null, false);
            }
            ClassReader reader = new ClassReader(bytes.apply(n)
                    .orElseThrow(() -> CannotWeave.without(n)));
            return new Entry(reader.getSuperName(), (reader.getAccess() & Opcodes.ACC_INTERFACE) != 0);
        });
    }
}
