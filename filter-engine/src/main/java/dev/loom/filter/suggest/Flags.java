package dev.loom.filter.suggest;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;

/** Lines that set or look at a flag in one step. */
final class Flags {

    private static final Set<String> SETTING = Set.of("set", "lazySet", "countDown", "complete", "release", "signal");

    private Flags() {}

    /**
     * What a line does with a flag.
     *
     * @param field its name
     * @param sets whether it sets it; else it looks at it, and may change it then
     */
    record Use(String field, boolean sets) {}

    /** What the line of a place does; null if that is no flag, or more than one step. */
    static @Nullable Use of(Place place) {
        int at = -1;
        String field = null;
        Boolean sets = null;
        for (AbstractInsnNode node : place.method().instructions) {
            if (node instanceof LineNumberNode number) {
                at = number.line;
            } else if (place.line() < 0 || at != place.line()) {
                continue;
            } else if (node instanceof FieldInsnNode access && isFlag(access.desc)) {
                if (field != null && !field.equals(access.name)) {
                    return null;
                }
                field = access.name;
                boolean stores = access.getOpcode() == Opcodes.PUTFIELD || access.getOpcode() == Opcodes.PUTSTATIC;
                if (access.desc.length() == 1) {
                    sets = stores;
                }
            } else if (field != null && node instanceof MethodInsnNode call && call.owner.startsWith("java/util/concurrent/")) {
                sets = SETTING.contains(call.name);
            }
        }
        return field == null || sets == null ? null : new Use(field, sets);
    }

    private static boolean isFlag(String desc) {
        return desc.equals("Z") || desc.equals("Ljava/util/concurrent/atomic/AtomicBoolean;") || desc.equals("Ljava/util/concurrent/CountDownLatch;")
                || desc.equals("Ljava/util/concurrent/atomic/AtomicReference;") || desc.equals("Ljava/util/concurrent/CompletableFuture;");
    }
}
