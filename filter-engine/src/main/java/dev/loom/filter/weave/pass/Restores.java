package dev.loom.filter.weave.pass;

import dev.loom.filter.analysis.UpdatePoint;
import dev.loom.filter.weave.body.Emitter;
import dev.loom.filter.weave.body.Frames;
import dev.loom.filter.weave.body.HookAbi;
import dev.loom.filter.weave.body.LocalsLayout;
import dev.loom.filter.weave.body.WovenBody;
import dev.loom.filter.weave.body.WovenRegion;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.LabelNode;

/**
 * A restore for each update point, in versions that frames move into: locals and tokens come from the saved frame, and the guard is
 * asked again.
 *
 * <h2>Why the guard is asked again</h2>
 *
 * A frame of an old version that is just moving in would otherwise run on to a region that only a newer version guards. So no
 * instruction of a superseded version runs after a restore without a guard in between.
 */
public final class Restores implements Pass {

    @Override
    public void apply(WovenBody body) {
        if (body.layout().hasFlag()) {
            body.points().forEach(point -> restore(body, point));
        }
    }

    private static void restore(WovenBody body, UpdatePoint point) {
        LocalsLayout layout = body.layout();
        Emitter code = new Emitter();
        code.mark(body.restore(point), HookAbi.RESTORE_LINE);
        code.frame(layout.beforeRestore());
        code.set(layout.flagSlot(), 1);
        new HookCalls(body).none(code);
        LabelNode guarded = new LabelNode();
        code.mark(guarded);
        locals(code, body, point);
        tokens(code, body, point);
        code.load(layout.savedSlot());
        code.call(body.abi().finish());
        Guards.ask(code, body, point);
        if (!body.regions().isEmpty()) {
            LabelNode end = new LabelNode();
            code.mark(end);
            body.cover(guarded, end, body.restoreFailed());
        }
        code.goTo(body.resume(point));
        body.outOfLine().add(code.code());
    }

    private static void locals(Emitter code, WovenBody body, UpdatePoint point) {
        int index = 0;
        for (int slot = 0; slot < point.locals().size(); slot++) {
            Object local = point.locals().get(slot);
            if (local == Opcodes.TOP) {
                continue; // nothing, or the second half of a long or double
            }
            if (local == Opcodes.NULL) {
                code.clear(slot);
                continue;
            }
            if (slot == 0 && !body.isStatic()) {
                index++;
                continue; // the receiver is the same object
            }
            Type type = Frames.valueType(local);
            code.load(body.layout().savedSlot());
            code.iconst(index++);
            code.call(value(body.abi(), type));
            if (type == Emitter.OBJECT && !local.equals(Emitter.OBJECT.getInternalName())) {
                code.checkcast(Type.getObjectType((String) local));
            }
            code.store(slot, type);
        }
    }

    private static HookAbi.Call value(HookAbi abi, Type type) {
        return switch (type.getSort()) {
            case Type.INT -> abi.intValue();
            case Type.LONG -> abi.longValue();
            case Type.FLOAT -> abi.floatValue();
            case Type.DOUBLE -> abi.doubleValue();
            default -> abi.value();
        };
    }

    private static void tokens(Emitter code, WovenBody body, UpdatePoint point) {
        LocalsLayout layout = body.layout();
        for (int r = 0; r < body.regions().size(); r++) {
            WovenRegion region = body.regions().get(r);
            code.load(layout.savedSlot());
            code.ldc(region.token());
            code.iconst(isInside(body, point, region) ? 1 : 0);
            code.ldc(region.hookId());
            code.call(body.abi().takeHold());
            code.store(layout.holdSlot(r));
            code.load(layout.savedSlot());
            code.ldc(region.token());
            code.call(body.abi().takeDepth());
            code.store(layout.depthSlot(r), Type.INT_TYPE);
        }
    }

    /** Whether a frame that resumes at a point is inside a region, whatever way it came. */
    private static boolean isInside(WovenBody body, UpdatePoint point, WovenRegion region) {
        if (region.plan().isWholeMethod()) {
            return true;
        }
        int at = body.code().real(point.resume());
        return region.interior().interior().get(at) && !region.interior().entries().contains(at);
    }
}
