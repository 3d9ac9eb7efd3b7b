package dev.loom.filter.weave.pass;

import dev.loom.filter.weave.body.Emitter;
import dev.loom.filter.weave.body.WovenBody;
import dev.loom.filter.weave.body.WovenBody.Trampoline;
import java.util.List;
import org.objectweb.asm.tree.LabelNode;

/**
 * The try/finally of regions: what is thrown out of the body gives every token back, the last region's first; each exit stands behind
 * a catch-all of its own, so that what one throws does not keep the next from being left.
 */
public final class Unwinding implements Pass {

    private static final String THROWABLE = "java/lang/Throwable";

    @Override
    public void apply(WovenBody body) {
        if (body.regions().isEmpty()) {
            return;
        }
        HookCalls hooks = new HookCalls(body);
        LabelNode[] handlers = new LabelNode[body.regions().size()];
        Emitter code = new Emitter();
        for (int r = handlers.length - 1; r >= 0; r--) {
            handlers[r] = new LabelNode();
            code.mark(handlers[r]);
            code.frame(body.layout().extended(List.of()), THROWABLE);
            code.add(hooks.exit(r, false));
        }
        code.athrow();
        body.method().instructions.add(code.code());
        LabelNode first = handlers[handlers.length - 1];
        body.cover(body.protectedStart(), body.protectedEnd(), first);
        for (Trampoline trampoline : body.trampolines()) {
            if (trampoline.constructed()) {
                body.cover(trampoline.start(), trampoline.end(), first);
            }
        }
        for (int r = handlers.length - 1; r > 0; r--) {
            body.cover(handlers[r], handlers[r - 1], handlers[r - 1]);
        }
        if (body.layout().hasFlag()) {
            restoreFailed(body, first);
        }
    }

    private static void restoreFailed(WovenBody body, LabelNode unwind) {
        Emitter code = new Emitter();
        code.mark(body.restoreFailed());
        code.frame(body.layout().restoring(), THROWABLE);
        code.load(body.layout().savedSlot());
        code.call(body.abi().drop());
        code.goTo(unwind);
        body.outOfLine().add(code.code());
    }
}
