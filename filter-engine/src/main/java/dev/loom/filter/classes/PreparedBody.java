package dev.loom.filter.classes;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;

/**
 * The body of a prepared method, from which the update points are taken out again.
 *
 * <pre>
 *   body         its own instructions, as many as each guard says; a guard is two more: the call, and the jump to the stub. One in
 *                front of an instruction is followed by a stack map frame, one in front of a jump is not
 *   trampolines  guard, jump to the stub, jump to where the conditional jump of the body went that now leads here
 *   stubs        save the frame; to them leads nothing else
 * </pre>
 *
 * Everything behind the body goes, and jumps through a trampoline go to its target again. Not thread-safe.
 */
final class PreparedBody {

    /** The argument of a save that names the unwoven body. */
    private static final int HASH = 1;

    private final MethodNode method;
    private final int own;
    private final int stack;
    private final Map<LabelNode, Integer> places = new IdentityHashMap<>();
    /** Where trampolines lead, by their place. */
    private final Map<Integer, LabelNode> trampolines = new HashMap<>();
    /** Instructions of the body, guards included. */
    private int end;
    private int points;
    private @Nullable String hash;

    /** That a body is not as it was prepared. */
    static final class Changed extends RuntimeException {
        private static final long serialVersionUID = 1;

        private Changed(String message) {
            super(message, null, false, false);
        }
    }

    PreparedBody(MethodNode method, InvokeDynamicInsnNode guard) {
        this.method = method;
        own = PreparedForm.number(guard, 1);
        stack = PreparedForm.number(guard, 2);
    }

    /** A guard of a method; null if it has none. */
    static @Nullable InvokeDynamicInsnNode firstGuard(MethodNode method) {
        for (AbstractInsnNode insn : method.instructions) {
            if (insn instanceof InvokeDynamicInsnNode dynamic && PreparedForm.isGuard(dynamic)) {
                return dynamic;
            }
        }
        return null;
    }

    /** How many points it had. */
    int points() {
        return points;
    }

    /** What its prepared code gives as the name of the unwoven body. */
    String hash() {
        if (hash == null) {
            throw new Changed("nothing saves a frame");
        }
        return hash;
    }

    void takeBack() {
        AbstractInsnNode behind = findEnd();
        readTail(behind);
        method.tryCatchBlocks.removeIf(block -> places.get(block.start) >= end);
        for (AbstractInsnNode insn = method.instructions.getFirst(); insn != behind; insn = insn.getNext()) {
            retarget(insn);
        }
        removeGuards(behind);
        for (AbstractInsnNode insn = behind; insn != null; ) {
            AbstractInsnNode next = insn.getNext();
            method.instructions.remove(insn);
            insn = next;
        }
        removeFramesAtEnd();
        method.maxStack = stack;
    }

    /** The first instruction behind the body. */
    private AbstractInsnNode findEnd() {
        int place = 0;
        int seen = 0;
        AbstractInsnNode behind = null;
        for (AbstractInsnNode insn = method.instructions.getFirst(); insn != null; insn = insn.getNext()) {
            if (insn instanceof LabelNode label) {
                places.put(label, place);
            } else if (insn.getOpcode() >= 0) {
                if (seen == own && behind == null) {
                    behind = insn;
                    end = place;
                }
                seen += isGuard(insn) || isGuardsJump(insn) ? 0 : 1;
                place++;
            }
        }
        if (behind == null) {
            throw new Changed("nothing stands behind the body");
        }
        return behind;
    }

    private void readTail(AbstractInsnNode behind) {
        int place = end;
        AbstractInsnNode insn = behind;
        while (insn != null && isGuard(insn)) {
            AbstractInsnNode jump = nextReal(insn);
            AbstractInsnNode target = jump == null ? null : nextReal(jump);
            if (!(target instanceof JumpInsnNode on) || on.getOpcode() != Opcodes.GOTO || !isGuardsJump(jump)) {
                throw new Changed("a trampoline leads nowhere");
            }
            trampolines.put(place, on.label);
            points++;
            place += 3;
            insn = nextReal(target);
        }
        for (; insn != null; insn = nextReal(insn)) {
            if (isGuard(insn)) {
                throw new Changed("a guard among the stubs");
            }
            if (insn instanceof InvokeDynamicInsnNode save && save.bsmArgs.length > HASH && save.bsmArgs[HASH] instanceof String name) {
                hash = name;
            }
        }
    }

    private void retarget(AbstractInsnNode insn) {
        if (insn instanceof JumpInsnNode jump) {
            if (!isGuardsJump(jump)) {
                jump.label = target(jump.label);
            }
        } else if (insn instanceof TableSwitchInsnNode table) {
            table.dflt = target(table.dflt);
            table.labels.replaceAll(this::target);
        } else if (insn instanceof LookupSwitchInsnNode lookup) {
            lookup.dflt = target(lookup.dflt);
            lookup.labels.replaceAll(this::target);
        }
    }

    private LabelNode target(LabelNode label) {
        int place = places.get(label);
        if (place < end) {
            return label;
        }
        LabelNode target = trampolines.get(place);
        if (target == null) {
            throw new Changed("a jump to what is no trampoline");
        }
        return target;
    }

    private void removeGuards(AbstractInsnNode behind) {
        InsnList code = method.instructions;
        for (AbstractInsnNode insn = code.getFirst(); insn != behind; ) {
            AbstractInsnNode next = insn.getNext();
            if (isGuard(insn)) {
                points++;
                AbstractInsnNode jump = nextReal(insn);
                if (jump == null || !isGuardsJump(jump)) {
                    throw new Changed("a guard that guards nothing");
                }
                removeFrame(jump);
                next = jump.getNext();
                code.remove(jump);
                code.remove(insn);
            }
            insn = next;
        }
    }

    /** Removes the frame behind an instruction that guards add where a frame goes on that stays. */
    private void removeFrame(AbstractInsnNode jump) {
        for (AbstractInsnNode insn = jump.getNext(); insn != null && insn.getOpcode() < 0; insn = insn.getNext()) {
            if (insn instanceof FrameNode) {
                method.instructions.remove(insn);
                return;
            }
        }
    }

    /** Behind the last instruction there are no frames and no lines, only labels at which ranges end. */
    private void removeFramesAtEnd() {
        for (AbstractInsnNode insn = method.instructions.getLast(); insn != null && insn.getOpcode() < 0; ) {
            AbstractInsnNode before = insn.getPrevious();
            if (!(insn instanceof LabelNode)) {
                method.instructions.remove(insn);
            }
            insn = before;
        }
    }

    private static boolean isGuard(AbstractInsnNode insn) {
        return insn instanceof InvokeDynamicInsnNode dynamic && PreparedForm.isGuard(dynamic);
    }

    /** Whether an instruction is the jump of the guard in front of it. */
    private static boolean isGuardsJump(@Nullable AbstractInsnNode insn) {
        AbstractInsnNode before = insn == null || insn.getOpcode() != Opcodes.IFNE ? null : insn.getPrevious();
        while (before != null && before.getOpcode() < 0) {
            before = before.getPrevious();
        }
        return before != null && isGuard(before);
    }

    private static @Nullable AbstractInsnNode nextReal(AbstractInsnNode insn) {
        AbstractInsnNode next = insn.getNext();
        while (next != null && next.getOpcode() < 0) {
            next = next.getNext();
        }
        return next;
    }
}
