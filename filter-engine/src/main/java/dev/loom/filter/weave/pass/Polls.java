package dev.loom.filter.weave.pass;

import dev.loom.filter.analysis.ControlFlow;
import dev.loom.filter.weave.body.Emitter;
import dev.loom.filter.weave.body.Frames;
import dev.loom.filter.weave.body.HookAbi;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Puts the polls of {@code r <> *} into one method body: at its entry, behind each call, behind each monitor that is entered, at handlers,
 * and in front of jumps backwards. So a thread that comes back into the body from anywhere, or goes round in it, comes to a poll before
 * it runs more of it.
 *
 * <p>A poll is a static call that leaves the stack as it is, so it may stand where an update point may not: with operands on the
 * stack, with monitors held, in constructors. The places are those of the unwoven body; what is woven around them is left alone, but
 * for entries of regions and for events, which may wait: behind them stands a poll too.
 *
 * <p>To be made before the body is woven, and applied after it.
 */
public final class Polls {

    private final HookAbi abi;
    private final MethodNode method;
    private final int bits;
    private final Set<AbstractInsnNode> own = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<AbstractInsnNode> calls = new ArrayList<>();
    private final List<AbstractInsnNode> monitors = new ArrayList<>();
    private final List<AbstractInsnNode> jumpsBack = new ArrayList<>();
    /** Labels behind which a poll stands, outside of the ranges of handlers that guard themselves; in the order of the exception table. */
    private final Set<LabelNode> handlers = new LinkedHashSet<>();

    private final Set<LabelNode> rangeStarts = Collections.newSetFromMap(new IdentityHashMap<>());
    private int firstLine = -1;

    public Polls(HookAbi abi, MethodNode method, int bits) {
        this.abi = abi;
        this.method = method;
        this.bits = bits;
        Map<AbstractInsnNode, Integer> indexes = new IdentityHashMap<>();
        for (AbstractInsnNode insn = method.instructions.getFirst(); insn != null; insn = insn.getNext()) {
            own.add(insn);
            indexes.put(insn, indexes.size());
            if (insn instanceof LineNumberNode line && firstLine < 0) {
                firstLine = line.line;
            }
            if (insn instanceof MethodInsnNode call && !(call.name.equals("<init>") && call.owner.equals("java/lang/Object"))
                    || insn instanceof InvokeDynamicInsnNode) {
                calls.add(insn);
            } else if (insn.getOpcode() == Opcodes.MONITORENTER) {
                monitors.add(insn);
            } else if (ControlFlow.targets(insn).stream().anyMatch(indexes::containsKey)) {
                jumpsBack.add(insn);
            }
        }
        if (method.tryCatchBlocks != null) {
            for (TryCatchBlockNode block : method.tryCatchBlocks) {
                rangeStarts.add(block.start);
                LabelNode place = placeFor(block, indexes);
                if (place != null) {
                    handlers.add(place);
                }
            }
        }
    }

    /**
     * Where the poll of a handler stands: at its start. But a handler that guards itself (compilers have those of synchronized blocks do
     * so) would come to it again and again, were there no stack left for the call: there it stands behind the range, unless
     * the handler calls something inside it anyway. Where nothing comes from the range to what is behind it, nothing of that sort has to stop:
     * it only leaves the method, or jumps back.
     *
     * @return null for none
     */
    private static @Nullable LabelNode placeFor(TryCatchBlockNode block, Map<AbstractInsnNode, Integer> indexes) {
        int handler = indexes.get(block.handler);
        if (handler < indexes.get(block.start) || handler >= indexes.get(block.end)) {
            return block.handler;
        }
        for (AbstractInsnNode insn = block.handler; insn != block.end; insn = insn.getNext()) {
            if (insn instanceof MethodInsnNode || insn instanceof InvokeDynamicInsnNode) {
                return block.handler;
            }
        }
        AbstractInsnNode last = block.end;
        while (last.getOpcode() < 0) {
            last = last.getPrevious();
        }
        return ControlFlow.neverGoesOn(last) ? null : block.end;
    }

    /** Puts the polls in. */
    public void weave() {
        calls.forEach(call -> method.instructions.insert(call, poll()));
        jumpsBack.forEach(jump -> method.instructions.insertBefore(jump, poll()));
        monitors.forEach(enter -> method.instructions.insert(insideRange(enter), poll()));
        handlers.forEach(this::atHandler);
        behindEntries();
        atEntry();
        method.maxStack++;
    }

    /**
     * Where the stack ends, the call of the poll may be what fails. A handler of everything, a {@code finally} for one, then still runs:
     * it goes on with what the poll threw. (One of a certain exception is not run, as if its first call had failed.)
     */
    private void atHandler(LabelNode label) {
        AbstractInsnNode place = behindFrame(label);
        FrameNode frame = place == label ? null : Frames.at(label);
        if (frame == null || !frame.stack.equals(List.of("java/lang/Throwable")) || frame.local.contains(Opcodes.UNINITIALIZED_THIS)) {
            method.instructions.insert(place, poll());
            return;
        }
        LabelNode start = new LabelNode();
        LabelNode end = new LabelNode();
        LabelNode behind = new LabelNode();
        LabelNode failed = new LabelNode();
        Emitter code = new Emitter();
        code.mark(start);
        code.add(poll());
        code.mark(end);
        code.mark(behind);
        code.code().add(Frames.at(label));
        method.instructions.insert(place, code.code());
        method.instructions.add(failed);
        method.instructions.add(frame);
        method.instructions.add(new JumpInsnNode(Opcodes.GOTO, behind));
        // in front of those that the handler itself is in
        method.tryCatchBlocks.add(0, new TryCatchBlockNode(start, end, failed, null));
    }

    /** Inside the range that gives the monitor back: a call in front of it would make the JIT give up the method. */
    private AbstractInsnNode insideRange(AbstractInsnNode enter) {
        for (AbstractInsnNode insn = enter.getNext(); insn != null && insn.getOpcode() < 0; insn = insn.getNext()) {
            if (insn instanceof LabelNode label && rangeStarts.contains(label)) {
                return behindFrame(label);
            }
        }
        return enter;
    }

    /** The frame of a label, or the label: nothing may stand between the two. */
    private static AbstractInsnNode behindFrame(LabelNode label) {
        AbstractInsnNode found = label;
        for (AbstractInsnNode insn = label.getNext(); insn != null && insn.getOpcode() < 0; insn = insn.getNext()) {
            if (insn instanceof FrameNode) {
                found = insn;
            }
        }
        return found;
    }

    /** Behind hooks that may wait. What an entry has acquired is in its variable when the poll comes. */
    private void behindEntries() {
        for (AbstractInsnNode insn : method.instructions.toArray()) {
            if (own.contains(insn)) {
                continue;
            }
            if (insn instanceof InvokeDynamicInsnNode hook && hook.bsm.getOwner().equals(abi.hooks())) {
                if (hook.getNext() instanceof VarInsnNode store && store.getOpcode() == Opcodes.ASTORE) {
                    // of an event; a region keeps its level first
                    method.instructions.insert(store, poll());
                }
            } else if (isCall(insn, abi.level())) {
                AbstractInsnNode store = insn.getNext();
                while (!(store instanceof VarInsnNode)) {
                    store = store.getNext();
                }
                method.instructions.insert(store, poll());
            } else if (isCall(insn, abi.finish())) {
                // a frame that has moved in
                method.instructions.insert(insn, poll());
            }
        }
    }

    private void atEntry() {
        AbstractInsnNode first = method.instructions.getFirst();
        while (first.getOpcode() < 0) {
            first = first.getNext();
        }
        if (!own.contains(first) && isCall(first, abi.isPending())) {
            // where no frame moves in: one that does must not wait in between
            AbstractInsnNode jump = first.getNext();
            while (!(jump instanceof JumpInsnNode)) {
                jump = jump.getNext();
            }
            method.instructions.insert(behindFrame(((JumpInsnNode) jump).label), poll());
            return;
        }
        Emitter code = new Emitter();
        if (firstLine > 0) {
            code.mark(new LabelNode(), firstLine);
        }
        code.add(poll());
        method.instructions.insert(code.code());
    }

    private static boolean isCall(AbstractInsnNode insn, HookAbi.Call hook) {
        return insn instanceof MethodInsnNode call && hook.is(call.owner, call.name);
    }

    private InsnList poll() {
        Emitter code = new Emitter();
        code.iconst(bits);
        code.call(abi.poll());
        return code.code();
    }
}
