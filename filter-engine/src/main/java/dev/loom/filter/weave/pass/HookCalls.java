package dev.loom.filter.weave.pass;

import dev.loom.filter.plan.KeyPlan;
import dev.loom.filter.weave.body.CannotWeave;
import dev.loom.filter.weave.body.Emitter;
import dev.loom.filter.weave.body.HookAbi;
import dev.loom.filter.weave.body.KeySource;
import dev.loom.filter.weave.body.LocalsLayout;
import dev.loom.filter.weave.body.WovenBody;
import dev.loom.filter.weave.body.WovenRegion;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.InsnList;

/** The code of one entry, or one exit, of a region or an event. */
final class HookCalls {

    private final WovenBody body;
    private final HookAbi abi;
    private final LocalsLayout layout;

    HookCalls(WovenBody body) {
        this.body = body;
        abi = body.abi();
        layout = body.layout();
    }

    /** @param line of the entry, 0 for a whole method: the variable of a key may differ by it */
    InsnList enter(int r, int line) {
        WovenRegion region = body.regions().get(r);
        Emitter code = new Emitter();
        code.load(layout.holdSlot(r));
        link(code, abi.enter(), region, region.plan().key(), line);
        if (region.event() != null) {
            if (region.event().countKey() != null) {
                link(code, abi.count(), region, region.event().countKey(), line);
            }
            code.store(layout.holdSlot(r));
            return code.code();
        }
        code.dup();
        code.store(layout.holdSlot(r));
        code.load(layout.depthSlot(r), Type.INT_TYPE);
        code.call(abi.level());
        code.store(layout.depthSlot(r), Type.INT_TYPE);
        return code.code();
    }

    /** Calls a hook with the hold on the stack and what the value of a key, or count, starts from. */
    private void link(Emitter code, Handle bootstrap, WovenRegion region, @Nullable KeyPlan key, int line) {
        String keyType = "";
        if (key != null && key.base() instanceof KeyPlan.Base.This) {
            code.load(0);
            keyType = Emitter.OBJECT.getDescriptor();
        } else if (key != null && key.base() instanceof KeyPlan.Base.Local local) {
            KeyPlan.Slot slot = local.slots().get(line);
            if (slot == null) {
                throw new CannotWeave("key " + key.text() + " of region " + region.plan().location() + " is not known at line " + line);
            }
            Type declared = Type.getType(slot.desc());
            code.load(slot.index(), declared);
            keyType = declared.getSort() >= Type.ARRAY ? Emitter.OBJECT.getDescriptor() : slot.desc();
        }
        code.visitInvokeDynamicInsn(
                bootstrap.getName(), abi.enterDesc(keyType), bootstrap, region.hookId(), KeySource.of(key));
    }

    /** Where a region is left, or an event has completed, on the normal way. */
    InsnList leave(int r) {
        if (!body.regions().get(r).isEvent()) {
            return exit(r, true);
        }
        Emitter code = new Emitter();
        code.load(layout.holdSlot(r));
        code.clear(layout.holdSlot(r));
        code.call(abi.completed());
        return code.code();
    }

    /** Gives a token back, or forgets an event. */
    InsnList exit(int r, boolean goesOn) {
        Emitter code = new Emitter();
        code.load(layout.holdSlot(r));
        code.load(layout.depthSlot(r), Type.INT_TYPE);
        if (goesOn) {
            // first: where the stack ends in the exit, it releases and then throws, and the next entry must not find a hold here
            code.clear(layout.holdSlot(r));
            code.set(layout.depthSlot(r), 0);
        }
        code.call(sharesLock(r) ? abi.exitOne() : abi.exit());
        return code.code();
    }

    private boolean sharesLock(int r) {
        for (int other = 0; other < body.regions().size(); other++) {
            if (other != r && body.regions().get(other).lock().equals(body.regions().get(r).lock())) {
                return true;
            }
        }
        return false;
    }

    /** Sets up the tokens of a frame that has just begun: none. */
    void none(Emitter code) {
        for (int r = 0; r < body.regions().size(); r++) {
            code.clear(layout.holdSlot(r));
            code.set(layout.depthSlot(r), 0);
        }
    }
}
