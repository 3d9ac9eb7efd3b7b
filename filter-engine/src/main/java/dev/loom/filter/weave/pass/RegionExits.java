package dev.loom.filter.weave.pass;

import dev.loom.filter.analysis.ControlFlow;
import dev.loom.filter.analysis.RegionInterior;
import dev.loom.filter.weave.body.Inserts.Before;
import dev.loom.filter.weave.body.WovenBody;
import dev.loom.filter.weave.body.WovenRegion;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;

/**
 * Exit hooks where control leaves a region, the last region first: in front of what it comes to, in front of returns inside, and on
 * steps that leave it though the place they lead to is inside. Where only an exception leaves it, {@link Unwinding} does.
 */
public final class RegionExits implements Pass {

    @Override
    public void apply(WovenBody body) {
        for (int r = body.regions().size() - 1; r >= 0; r--) {
            exits(body, r);
        }
    }

    private static void exits(WovenBody body, int r) {
        HookCalls hooks = new HookCalls(body);
        WovenRegion region = body.regions().get(r);
        RegionInterior interior = region.interior();
        ControlFlow code = body.code();
        for (int target : targets(body, interior)) {
            boolean isThrown = region.isEvent() && !region.completing().contains(target);
            body.inserts().before(Before.EXITS, code.insn(target)).add(isThrown ? hooks.exit(r, true) : hooks.leave(r));
        }
        for (int i = interior.interior().nextSetBit(0); i >= 0; i = interior.interior().nextSetBit(i + 1)) {
            if (ControlFlow.isReturn(code.insn(i))) {
                body.inserts().before(Before.RETURN_EXITS, code.insn(i)).add(hooks.leave(r));
            }
        }
        for (RegionInterior.Edge edge : interior.exitEdges()) {
            AbstractInsnNode from = code.insn(edge.from());
            boolean jumps = ControlFlow.targets(from).stream().anyMatch(t -> t == code.insn(edge.to()));
            if (edge.to() == edge.from() + 1 && (!jumps || from.getOpcode() != Opcodes.GOTO && from instanceof JumpInsnNode)) {
                body.inserts().after(from).add(hooks.leave(r));
            }
            if (jumps) {
                body.inserts().onJump(edge.from(), (LabelNode) code.insn(edge.to())).add(hooks.leave(r));
            }
        }
    }

    /**
     * Where the exit hooks of several regions stand together, the JVM may run out of stack in the first of them: then the handlers of
     * that place leave the others.
     */
    private static Set<Integer> targets(WovenBody body, RegionInterior interior) {
        ControlFlow code = body.code();
        Set<Integer> targets = new TreeSet<>(interior.exitTargets());
        if (body.regions().size() > 1) {
            List<Integer> work = new ArrayList<>(targets);
            while (!work.isEmpty()) {
                for (int handler : code.covering(work.remove(work.size() - 1))) {
                    int at = code.real(handler);
                    if (at < code.size() && !interior.interior().get(at) && targets.add(at)) {
                        work.add(at);
                    }
                }
            }
        }
        return targets;
    }
}
