package dev.loom.filter.weave.pass;

import dev.loom.filter.weave.body.WovenBody;
import java.util.List;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;

/** Lets every frame of the body know Loom's locals. Before trampolines are made: they copy frames. */
public final class FrameLocals implements Pass {

    @Override
    public void apply(WovenBody body) {
        for (AbstractInsnNode insn : body.method().instructions) {
            if (insn instanceof FrameNode frame) {
                frame.local = body.layout().extended(frame.local == null ? List.of() : frame.local);
            }
        }
    }
}
