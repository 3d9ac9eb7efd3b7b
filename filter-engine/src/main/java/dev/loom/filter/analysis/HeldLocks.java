package dev.loom.filter.analysis;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Which code of a body holds a lock of {@code java.util.concurrent.locks}: what control comes to behind taking it, up to where any is given
 * back. Locks are told apart by the fields that hold them.
 */
public final class HeldLocks {

    /** What the name of a lock ends with, to tell it from a monitor: {@code com/acme/Bank.lock()}. */
    public static final String MARK = "()";

    private static final String LOCKS = "java/util/concurrent/locks/";
    private static final Set<String> TAKING = Set.of("lock", "lockInterruptibly", "tryLock");
    private static final Set<String> GIVING = Set.of("unlock", "unlockRead", "unlockWrite");
    /** Instructions looked at in front of the call for where its lock comes from. */
    private static final int LOOK_BACK = 12;

    private HeldLocks() {}

    /** Whether an instruction takes a lock. */
    public static boolean isTaking(AbstractInsnNode insn) {
        return insn instanceof MethodInsnNode call && call.owner.startsWith(LOCKS) && (TAKING.contains(call.name)
                || call.owner.endsWith("/StampedLock") && (call.name.equals("writeLock") || call.name.equals("readLock")));
    }

    /** The locks that a body takes; the name of one that no field holds is null. */
    public static List<HeldMonitors.Block> of(ControlFlow code) {
        List<HeldMonitors.Block> blocks = new ArrayList<>();
        for (int i = 0; i < code.size(); i++) {
            if (isTaking(code.insn(i))) {
                blocks.add(new HeldMonitors.Block(i, name(code, i), held(code, i)));
            }
        }
        return blocks;
    }

    private static BitSet held(ControlFlow code, int taking) {
        BitSet giving = new BitSet(code.size());
        for (int i = 0; i < code.size(); i++) {
            if (code.insn(i) instanceof MethodInsnNode call && call.owner.startsWith(LOCKS) && GIVING.contains(call.name)) {
                giving.set(i);
            }
        }
        List<Integer> from = new ArrayList<>();
        for (int to : code.successors(taking)) {
            from.add(to);
        }
        return code.reachable(from, giving);
    }

    private static @Nullable String name(ControlFlow code, int taking) {
        for (int i = taking - 1; i >= 0 && i >= taking - LOOK_BACK; i--) {
            AbstractInsnNode insn = code.insn(i);
            if (insn instanceof FieldInsnNode field) {
                return name(field);
            }
            if (insn instanceof VarInsnNode load && load.getOpcode() == Opcodes.ALOAD && load.var > 0) {
                return stored(code, load.var);
            }
        }
        return null;
    }

    /** The field that a variable was filled from, if all its values come from one. */
    private static @Nullable String stored(ControlFlow code, int variable) {
        String name = null;
        for (int i = 1; i < code.size(); i++) {
            if (code.insn(i) instanceof VarInsnNode store && store.getOpcode() == Opcodes.ASTORE && store.var == variable
                    && code.insn(i - 1) instanceof FieldInsnNode field && name(field) != null) {
                if (name != null && !name.equals(name(field))) {
                    return null;
                }
                name = name(field);
            }
        }
        return name;
    }

    private static @Nullable String name(FieldInsnNode field) {
        return field.desc.startsWith("L" + LOCKS) ? field.owner + "." + field.name + MARK : null;
    }
}
