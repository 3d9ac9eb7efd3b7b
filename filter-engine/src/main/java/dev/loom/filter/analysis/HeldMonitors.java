package dev.loom.filter.analysis;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.LocalVariableNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * The monitors that a method body takes by {@code synchronized} blocks, and which code holds them. A monitor is named by what the
 * source shows of its object: two objects of one name look like one.
 */
public final class HeldMonitors {

    /** Instructions looked at in front of a {@code monitorenter} for where its object comes from. */
    private static final int LOOK_BACK = 12;

    /**
     * One {@code synchronized} block.
     *
     * @param index of its {@code monitorenter}
     * @param monitor {@code com/acme/Bank} for an object of an application's class, {@code com/acme/Bank.class} for a class,
     *     {@code com/acme/Bank.done} for what a field holds; null if it cannot be told
     * @param held the code that holds it
     */
    public record Block(int index, @Nullable String monitor, BitSet held) {}

    private HeldMonitors() {}

    /** The blocks of a body. */
    public static List<Block> of(String owner, ControlFlow code) {
        List<Block> blocks = new ArrayList<>();
        Monitors monitors = null;
        for (int i = 0; i < code.size(); i++) {
            if (code.insn(i).getOpcode() == Opcodes.MONITORENTER) {
                monitors = monitors == null ? Monitors.of(code) : monitors;
                blocks.add(new Block(i, name(owner, code, i), held(code, i, monitors)));
            }
        }
        return blocks;
    }

    /** What control comes to behind the instruction before as many monitors are held again as in front of it. */
    private static BitSet held(ControlFlow code, int enter, Monitors monitors) {
        int outside = monitors.before(enter);
        BitSet held = new BitSet(code.size());
        int[] stack = new int[code.size() + 1];
        int top = 0;
        for (int to : code.successors(enter)) {
            held.set(to);
            stack[top++] = to;
        }
        while (top > 0) {
            int at = stack[--top];
            for (int[] next : new int[][] {code.successors(at), code.handlers(at)}) {
                for (int to : next) {
                    if (!held.get(to) && monitors.before(to) > outside) {
                        held.set(to);
                        stack[top++] = to;
                    }
                }
            }
        }
        return held;
    }

    private static @Nullable String name(String owner, ControlFlow code, int enter) {
        MethodNode method = code.method();
        int variable = -1;
        for (int i = enter - 1; i >= 0 && i >= enter - LOOK_BACK; i--) {
            AbstractInsnNode insn = code.insn(i);
            int opcode = insn.getOpcode();
            if (opcode < 0 || opcode == Opcodes.DUP) {
                continue;
            }
            if (insn instanceof VarInsnNode store && opcode == Opcodes.ASTORE) {
                if (variable >= 0 && store.var != variable) {
                    return null;
                }
                variable = -1; // what was stored is what is on the stack: look at what made it
                continue;
            }
            if (insn instanceof VarInsnNode load && opcode == Opcodes.ALOAD) {
                int next = code.real(i + 1);
                if (next < code.size() && code.insn(next).getOpcode() == Opcodes.MONITORENTER && isStoredNear(code, i, load.var)) {
                    variable = load.var;
                    continue;
                }
                return ofVariable(owner, method, load.var);
            }
            if (insn instanceof FieldInsnNode field && (opcode == Opcodes.GETFIELD || opcode == Opcodes.GETSTATIC)) {
                return ofType(field.desc, field.owner + "." + field.name);
            }
            if (insn instanceof LdcInsnNode constant && constant.cst instanceof Type type && type.getSort() == Type.OBJECT) {
                return type.getInternalName() + ".class";
            }
            if (insn instanceof TypeInsnNode cast && opcode == Opcodes.CHECKCAST) {
                return ofType("L" + cast.desc + ";", null);
            }
            return null;
        }
        return null;
    }

    private static boolean isStoredNear(ControlFlow code, int load, int variable) {
        for (int i = load - 1; i >= 0 && i >= load - 4; i--) {
            if (code.insn(i) instanceof VarInsnNode store && store.getOpcode() == Opcodes.ASTORE && store.var == variable) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable String ofVariable(String owner, MethodNode method, int variable) {
        boolean isStatic = (method.access & Opcodes.ACC_STATIC) != 0;
        if (variable == 0 && !isStatic) {
            return owner;
        }
        int slot = isStatic ? 0 : 1;
        for (Type type : Type.getArgumentTypes(method.desc)) {
            if (slot == variable) {
                return ofType(type.getDescriptor(), null);
            }
            slot += type.getSize();
        }
        if (method.localVariables != null) {
            for (LocalVariableNode local : method.localVariables) {
                if (local.index == variable) {
                    return ofType(local.desc, null);
                }
            }
        }
        return null;
    }

    /** The class where it is an application's: its synchronized methods take the same monitor; else by the other name. */
    private static @Nullable String ofType(String desc, @Nullable String otherwise) {
        boolean isOwn = desc.startsWith("L") && !desc.startsWith("Ljava/") && !desc.startsWith("Ljavax/") && !desc.startsWith("Lsun/");
        return isOwn ? desc.substring(1, desc.length() - 1) : otherwise;
    }
}
