package dev.loom.filter.weave.pass;

import dev.loom.filter.analysis.ControlFlow;
import dev.loom.filter.weave.body.WovenBody;
import dev.loom.filter.weave.body.WovenBody.Trampoline;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/** Gives each trampoline the handlers that its jump has, so that what a hook there throws is caught as if it stood at the jump. */
public final class TrampolineHandlers implements Pass {

    @Override
    public void apply(WovenBody body) {
        Map<AbstractInsnNode, Integer> indexes = body.trampolines().isEmpty() ? Map.of() : labels(body.code());
        List<TryCatchBlockNode> more = new ArrayList<>();
        for (Trampoline trampoline : body.trampolines()) {
            if (trampoline.covered()) {
                for (TryCatchBlockNode block : body.ownBlocks()) {
                    if (indexes.get(block.start) <= trampoline.jump() && trampoline.jump() < indexes.get(block.end)) {
                        more.add(new TryCatchBlockNode(trampoline.start(), trampoline.end(), block.handler, block.type));
                    }
                }
            }
        }
        body.method().tryCatchBlocks.addAll(more);
    }

    /** Where the labels stood when the body was read. */
    private static Map<AbstractInsnNode, Integer> labels(ControlFlow code) {
        Map<AbstractInsnNode, Integer> indexes = new IdentityHashMap<>();
        for (int i = 0; i < code.size(); i++) {
            if (code.insn(i) instanceof LabelNode label) {
                indexes.put(label, i);
            }
        }
        return indexes;
    }
}
