package dev.loom.filter.weave.pass;

import dev.loom.filter.weave.body.Inserts.Before;
import dev.loom.filter.weave.body.WovenBody;
import dev.loom.filter.weave.body.WovenRegion;
import org.objectweb.asm.tree.InsnList;

/**
 * Entry hooks in front of the instructions at which regions and events begin. Those of a whole method are a part of the {@link
 * Prologue}, but for constructors: theirs stand behind the call of the other constructor.
 */
public final class RegionEntries implements Pass {

    @Override
    public void apply(WovenBody body) {
        HookCalls hooks = new HookCalls(body);
        for (int r = 0; r < body.regions().size(); r++) {
            WovenRegion region = body.regions().get(r);
            if (region.plan().isWholeMethod()) {
                if (body.isConstructor()) {
                    body.inserts().before(Before.ENTRIES, body.afterSuper()).add(hooks.enter(r, 0));
                }
                continue;
            }
            for (int entry : region.interior().entries()) {
                InsnList list = body.inserts().before(Before.ENTRIES, body.code().insn(entry));
                list.add(hooks.enter(r, body.code().line(entry)));
            }
        }
        if (body.isConstructor() && !body.regions().isEmpty()) {
            body.inserts().before(Before.ENTRIES, body.afterSuper()).insert(body.protectedStart());
        }
    }
}
