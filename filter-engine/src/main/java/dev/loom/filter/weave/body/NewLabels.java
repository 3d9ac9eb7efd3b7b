package dev.loom.filter.weave.body;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.LabelNode;

/**
 * The labels by which the verifier knows objects under construction (JVMS 4.7.4). Each NEW gets one of its own, and the frames
 * name that: what is inserted in front of the NEW must not come between the two.
 */
public final class NewLabels {

    private final Map<LabelNode, LabelNode> own = new IdentityHashMap<>();
    private final Set<AbstractInsnNode> all = Collections.newSetFromMap(new IdentityHashMap<>());

    private NewLabels() {}

    /** Gives the labels to a body. */
    static NewLabels give(InsnList body) {
        NewLabels labels = new NewLabels();
        for (AbstractInsnNode insn : body) {
            if (insn instanceof FrameNode frame) {
                frame.local = labels.renamed(frame.local);
                frame.stack = labels.renamed(frame.stack);
            }
        }
        labels.own.forEach((from, to) -> {
            AbstractInsnNode at = from;
            while (at != null && at.getOpcode() != Opcodes.NEW) {
                at = at.getNext();
            }
            body.insertBefore(at, to);
        });
        labels.all.addAll(labels.own.values());
        return labels;
    }

    private @Nullable List<Object> renamed(@Nullable List<Object> types) {
        if (types == null) {
            return null;
        }
        List<Object> result = new ArrayList<>(types);
        result.replaceAll(type -> type instanceof LabelNode label ? own.computeIfAbsent(label, l -> new LabelNode()) : type);
        return result;
    }

    /** Where to insert in front of an instruction: in front of a NEW's own label too. */
    AbstractInsnNode anchor(AbstractInsnNode insn) {
        AbstractInsnNode before = insn.getPrevious();
        return insn.getOpcode() == Opcodes.NEW && before != null && all.contains(before) ? before : insn;
    }
}
