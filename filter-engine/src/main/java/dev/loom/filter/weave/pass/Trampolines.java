package dev.loom.filter.weave.pass;

import dev.loom.filter.analysis.VerifierTypes;
import dev.loom.filter.weave.body.CannotWeave;
import dev.loom.filter.weave.body.Emitter;
import dev.loom.filter.weave.body.Frames;
import dev.loom.filter.weave.body.WovenBody;
import dev.loom.filter.weave.body.WovenBody.Trampoline;
import org.objectweb.asm.Label;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;

/**
 * What jumps carry: in front of an unconditional jump, else in a trampoline, a place behind the body through which the jump passes on
 * its way. {@link TrampolineHandlers} gives it the handlers of the jump.
 */
public final class Trampolines implements Pass {

    @Override
    public void apply(WovenBody body) {
        body.inserts().onJumps().forEach((from, byTarget) -> {
            AbstractInsnNode jump = body.code().insn(from);
            byTarget.forEach((target, list) -> {
                if (jump.getOpcode() == Opcodes.GOTO) {
                    body.inserts().putBeforeJump(body.method().instructions, jump, list);
                } else {
                    retarget(jump, target, trampoline(body, from, target, list));
                }
            });
        });
    }

    private static LabelNode trampoline(WovenBody body, int from, LabelNode target, InsnList list) {
        FrameNode frame = Frames.at(target);
        if (frame == null) {
            throw new CannotWeave("method " + body.name() + " jumps to a place without a stack map frame");
        }
        boolean constructed = !frame.local.contains(Opcodes.UNINITIALIZED_THIS);
        Object[] precise = body.localsBefore(from);
        boolean covered = precise != null && !hasLabel(precise);
        if (covered) {
            // the target may know less of the locals than the handlers want
            frame.local = body.layout().extended(VerifierTypes.compact(precise));
        }
        LabelNode start = new LabelNode();
        LabelNode end = new LabelNode();
        Emitter code = new Emitter();
        if (body.code().line(from) > 0) {
            // a frame seen here stands where the jump stands
            code.mark(start, body.code().line(from));
        } else {
            code.mark(start);
        }
        code.code().add(frame);
        code.add(list);
        code.goTo(target);
        code.mark(end);
        body.outOfLine().add(code.code());
        body.trampolines().add(new Trampoline(from, start, end, covered, constructed));
        return start;
    }

    /** Whether an object is under construction. */
    private static boolean hasLabel(Object[] types) {
        for (Object each : types) {
            if (each instanceof Label) {
                return true;
            }
        }
        return false;
    }

    private static void retarget(AbstractInsnNode jump, LabelNode from, LabelNode to) {
        if (jump instanceof JumpInsnNode single) {
            single.label = to;
        } else if (jump instanceof TableSwitchInsnNode table) {
            table.labels.replaceAll(l -> l == from ? to : l);
            table.dflt = table.dflt == from ? to : table.dflt;
        } else if (jump instanceof LookupSwitchInsnNode lookup) {
            lookup.labels.replaceAll(l -> l == from ? to : l);
            lookup.dflt = lookup.dflt == from ? to : lookup.dflt;
        }
    }
}
