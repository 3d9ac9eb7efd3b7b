package dev.loom.filter.weave.pass;

import dev.loom.filter.analysis.UpdatePoint;
import dev.loom.filter.analysis.VerifierTypes;
import dev.loom.filter.weave.body.Emitter;
import dev.loom.filter.weave.body.Inserts.Before;
import dev.loom.filter.weave.body.WovenBody;
import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.LabelNode;

/** A guard at each update point: where it is on, the frame goes to the point's stub. */
public final class Guards implements Pass {

    @Override
    public void apply(WovenBody body) {
        for (UpdatePoint point : body.points()) {
            Emitter code = new Emitter();
            ask(code, body, point);
            if (point.kind() == UpdatePoint.Kind.BACK_EDGE) {
                body.inserts().onJump(point.insn(), (LabelNode) body.code().insn(point.resume())).add(code.code());
            } else {
                code.mark(body.resume(point));
                code.frame(body.layout().extended(locals(point)));
                body.inserts().before(Before.GUARD, body.code().insn(point.insn())).add(code.code());
            }
        }
    }

    /** Asks the guard, and jumps to the stub if frames are to move. */
    static void ask(Emitter code, WovenBody body, UpdatePoint point) {
        code.visitInvokeDynamicInsn(
                body.abi().guard().getName(), body.abi().guardDesc(), body.abi().guard(), body.key(), body.version(), point.number());
        code.jump(Opcodes.IFNE, body.stub(point));
    }

    /** Locals at a point as a frame lists them, without Loom's. */
    static List<Object> locals(UpdatePoint point) {
        return VerifierTypes.compact(point.locals().toArray());
    }
}
