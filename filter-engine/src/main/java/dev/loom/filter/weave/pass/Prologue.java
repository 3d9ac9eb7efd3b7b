package dev.loom.filter.weave.pass;

import dev.loom.filter.weave.body.Emitter;
import dev.loom.filter.weave.body.HookAbi;
import dev.loom.filter.weave.body.LocalsLayout;
import dev.loom.filter.weave.body.WovenBody;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.LabelNode;

/**
 * What runs first: is a frame waiting to move in here, then to its restore; else Loom's locals are set up, and regions of the whole
 * method are entered.
 */
public final class Prologue implements Pass {

    @Override
    public void apply(WovenBody body) {
        Emitter code = new Emitter();
        if (body.layout().isExtended()) {
            if (body.firstLine() > 0) {
                code.mark(new LabelNode(), body.firstLine());
            }
            if (body.layout().hasFlag()) {
                moveIn(code, body);
            }
            new HookCalls(body).none(code);
        }
        if (!body.isConstructor() && !body.regions().isEmpty()) {
            code.mark(body.protectedStart());
            for (int r = 0; r < body.regions().size(); r++) {
                if (body.regions().get(r).plan().isWholeMethod()) {
                    code.add(new HookCalls(body).enter(r, 0));
                }
            }
        }
        body.method().instructions.insert(code.code());
        body.method().instructions.add(body.protectedEnd());
    }

    private static void moveIn(Emitter code, WovenBody body) {
        HookAbi abi = body.abi();
        LocalsLayout layout = body.layout();
        LabelNode normal = new LabelNode();
        code.call(abi.isPending());
        code.jump(Opcodes.IFEQ, normal);
        code.ldc(Type.getObjectType(body.type().name));
        code.ldc(body.key());
        code.ldc(body.hash());
        code.call(abi.take());
        code.store(layout.savedSlot());
        code.load(layout.savedSlot());
        code.jump(Opcodes.IFNULL, normal);
        code.load(layout.savedSlot());
        code.call(abi.point());
        LabelNode[] restores = body.points().stream().map(body::restore).toArray(LabelNode[]::new);
        code.tableSwitch(restores);
        code.mark(normal);
        code.frame(layout.entry());
        code.set(layout.flagSlot(), 0);
    }
}
