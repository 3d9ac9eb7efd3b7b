package dev.loom.filter.weave.body;

import dev.loom.filter.classes.ClassHeader;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Finds the common superclass of two classes from class files, loading none of them. Not thread-safe: one for each class woven. */
final class Hierarchy {

    private final Function<String, Optional<byte[]>> bytes;
    private final Map<String, ClassHeader> known = new HashMap<>();

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

    private ClassHeader entry(String name) {
        return known.computeIfAbsent(name, n -> {
            if (n.equals("java/lang/Object")) {
                return new ClassHeader(null, false);
            }
            return ClassHeader.of(bytes.apply(n).orElseThrow(() -> CannotWeave.without(n)));
        });
    }
}
