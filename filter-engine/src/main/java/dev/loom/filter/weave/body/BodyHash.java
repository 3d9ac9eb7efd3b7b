package dev.loom.filter.weave.body;

import java.util.HashMap;
import java.util.Map;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.IincInsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.MultiANewArrayInsnNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * A quick 64-bit hash of an unwoven body (FNV-1a). A frame is moved only between versions made from the same body: after a HotSwap to
 * other code the hash differs, and no frame is moved.
 *
 * <p>It goes through a body as {@link dev.loom.filter.resolve.BodyDigest} does, but the two stay apart: pins in people's filters hold that
 * one for ever, and a frame may go on only where this one is equal, so neither may change for the other's sake.
 */
public final class BodyHash {

    private long hash = 0xcbf29ce484222325L;

    private BodyHash() {}

    /** As hexadecimal digits. */
    public static String of(MethodNode method) {
        BodyHash body = new BodyHash();
        body.add(method);
        return Long.toHexString(body.hash);
    }

    private void add(MethodNode method) {
        Map<LabelNode, Integer> labels = new HashMap<>();
        int position = 0;
        for (AbstractInsnNode insn = method.instructions.getFirst(); insn != null; insn = insn.getNext()) {
            if (insn instanceof LabelNode label) {
                labels.put(label, position);
            } else if (insn.getOpcode() >= 0) {
                position++;
            }
        }
        for (AbstractInsnNode insn = method.instructions.getFirst(); insn != null; insn = insn.getNext()) {
            if (insn.getOpcode() >= 0) {
                number(insn.getOpcode());
                operands(insn, labels);
            }
        }
        if (method.tryCatchBlocks != null) {
            for (TryCatchBlockNode block : method.tryCatchBlocks) {
                number(labels.get(block.start));
                number(labels.get(block.end));
                number(labels.get(block.handler));
                text(block.type);
            }
        }
    }

    private void operands(AbstractInsnNode insn, Map<LabelNode, Integer> labels) {
        if (insn instanceof VarInsnNode local) {
            number(local.var);
        } else if (insn instanceof IincInsnNode step) {
            number(step.var);
            number(step.incr);
        } else if (insn instanceof IntInsnNode operand) {
            number(operand.operand);
        } else if (insn instanceof TypeInsnNode type) {
            text(type.desc);
        } else if (insn instanceof FieldInsnNode field) {
            text(field.owner);
            text(field.name);
            text(field.desc);
        } else if (insn instanceof MethodInsnNode call) {
            text(call.owner);
            text(call.name);
            text(call.desc);
        } else if (insn instanceof InvokeDynamicInsnNode dynamic) {
            text(dynamic.name);
            text(dynamic.desc);
            text(dynamic.bsm.toString());
            for (Object argument : dynamic.bsmArgs) {
                text(String.valueOf(argument));
            }
        } else if (insn instanceof LdcInsnNode constant) {
            text(constant.cst.getClass().getName());
            text(constant.cst.toString());
        } else if (insn instanceof MultiANewArrayInsnNode array) {
            text(array.desc);
            number(array.dims);
        } else if (insn instanceof JumpInsnNode jump) {
            number(labels.get(jump.label));
        } else if (insn instanceof TableSwitchInsnNode table) {
            number(table.min);
            number(table.max);
            number(labels.get(table.dflt));
            table.labels.forEach(l -> number(labels.get(l)));
        } else if (insn instanceof LookupSwitchInsnNode lookup) {
            lookup.keys.forEach(this::number);
            number(labels.get(lookup.dflt));
            lookup.labels.forEach(l -> number(labels.get(l)));
        }
    }

    private void number(int value) {
        for (int shift = 0; shift < 32; shift += 8) {
            hash = (hash ^ ((value >>> shift) & 0xff)) * 0x100000001b3L;
        }
    }

    private void text(String value) {
        if (value == null) {
            number(-1);
            return;
        }
        number(value.length());
        for (int i = 0; i < value.length(); i++) {
            hash = (hash ^ value.charAt(i)) * 0x100000001b3L;
        }
    }
}
