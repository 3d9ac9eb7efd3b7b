package dev.loom.filter.weave.body;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.LabelNode;

/** Stack map frames of the tree API, complete ones ({@code F_NEW}). */
public final class Frames {

    private Frames() {}

    /** A frame with the given locals, long and double once, and stack. */
    public static FrameNode of(List<Object> locals, Object... stack) {
        return new FrameNode(Opcodes.F_NEW, locals.size(), locals.toArray(), stack.length, stack);
    }

    /** A copy of the frame of a place; null if it has none. */
    public static @Nullable FrameNode at(LabelNode place) {
        AbstractInsnNode at = place;
        while (at != null && !(at instanceof FrameNode) && at.getOpcode() < 0) {
            at = at.getNext();
        }
        if (!(at instanceof FrameNode frame)) {
            return null;
        }
        return of(frame.local, frame.stack == null ? new Object[0] : frame.stack.toArray());
    }

    /** The verification type (JVMS 4.10.1.2) of a value of a declared type. */
    public static Object type(Type type) {
        return switch (type.getSort()) {
            case Type.BOOLEAN, Type.BYTE, Type.CHAR, Type.SHORT, Type.INT -> Opcodes.INTEGER;
            case Type.LONG -> Opcodes.LONG;
            case Type.FLOAT -> Opcodes.FLOAT;
            case Type.DOUBLE -> Opcodes.DOUBLE;
            default -> type.getInternalName();
        };
    }

    /** The type of which a local of the given verification type is loaded and stored. */
    public static Type valueType(Object type) {
        if (type == Opcodes.INTEGER) {
            return Type.INT_TYPE;
        }
        if (type == Opcodes.LONG) {
            return Type.LONG_TYPE;
        }
        if (type == Opcodes.FLOAT) {
            return Type.FLOAT_TYPE;
        }
        return type == Opcodes.DOUBLE ? Type.DOUBLE_TYPE : Emitter.OBJECT;
    }

    /** The locals, filled up with {@code TOP} to a number of slots; a list of its own. */
    public static List<Object> padded(List<Object> locals, int slots) {
        List<Object> padded = new ArrayList<>(locals);
        int size = 0;
        for (Object local : locals) {
            size += local == Opcodes.LONG || local == Opcodes.DOUBLE ? 2 : 1;
        }
        for (; size < slots; size++) {
            padded.add(Opcodes.TOP);
        }
        return padded;
    }
}
