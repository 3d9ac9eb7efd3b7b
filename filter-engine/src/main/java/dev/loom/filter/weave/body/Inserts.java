package dev.loom.filter.weave.body;

import dev.loom.filter.analysis.ControlFlow;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.LabelNode;

/** Code that is to stand between the instructions of a body: gathered first and put in at once, while every index still holds. */
public final class Inserts {

    /** What may stand in front of an instruction, in this order. */
    public enum Before {
        /** Exits of regions and events that end where control comes to the instruction. */
        EXITS,
        GUARD,
        ENTRIES,
        /** Exits in front of a return that is inside: behind an entry that stands at the return itself. */
        RETURN_EXITS
    }

    private final Map<Before, Map<AbstractInsnNode, InsnList>> before = new IdentityHashMap<>();
    private final Map<AbstractInsnNode, InsnList> after = new IdentityHashMap<>();
    private final Map<Integer, Map<LabelNode, InsnList>> onJump = new LinkedHashMap<>();
    /** Where a jump that carries code begins. */
    private final Map<AbstractInsnNode, AbstractInsnNode> jumpStarts = new IdentityHashMap<>();

    Inserts() {
        for (Before each : Before.values()) {
            before.put(each, new IdentityHashMap<>());
        }
    }

    /** What stands in front of an instruction; to be added to. */
    public InsnList before(Before kind, AbstractInsnNode insn) {
        return before.get(kind).computeIfAbsent(insn, k -> new InsnList());
    }

    /** What stands behind an instruction from which control goes on to the next. */
    public InsnList after(AbstractInsnNode insn) {
        return after.computeIfAbsent(insn, k -> new InsnList());
    }

    /** What a jump, by its index, carries to one of its targets. */
    public InsnList onJump(int from, LabelNode target) {
        return onJump.computeIfAbsent(from, k -> new LinkedHashMap<>()).computeIfAbsent(target, k -> new InsnList());
    }

    /** All that jumps carry, by index and target. */
    public Map<Integer, Map<LabelNode, InsnList>> onJumps() {
        return onJump;
    }

    /** Puts what an unconditional jump carries in front of it. */
    public void putBeforeJump(InsnList body, AbstractInsnNode jump, InsnList list) {
        jumpStarts.put(jump, list.getFirst());
        body.insertBefore(jump, list);
    }

    /** Puts in what stands before and behind instructions. */
    public void apply(InsnList body, ControlFlow code, NewLabels labels) {
        for (int i = 0; i < code.size(); i++) {
            AbstractInsnNode insn = code.insn(i);
            // a jump that carries a list of its own comes last: "before" means before that too
            AbstractInsnNode place = jumpStarts.getOrDefault(insn, labels.anchor(insn));
            for (Before kind : Before.values()) {
                InsnList list = before.get(kind).get(insn);
                if (list != null) {
                    body.insertBefore(place, list);
                }
            }
            @Nullable InsnList behind = after.get(insn);
            if (behind != null) {
                body.insert(insn, behind);
            }
        }
    }
}
