package dev.loom.filter.weave;

import dev.loom.filter.analysis.ControlFlow;
import dev.loom.filter.weave.body.Frames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.CodeSizeEvaluator;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/**
 * Lets no jump of a large body reach further than the two bytes that a jump has: a {@code goto} becomes a {@code goto_w}, and a
 * conditional jump goes to a bridge nearby, a {@code goto_w} to the target. Bridges stand behind an instruction that never goes on to
 * the next, in no range of the exception table (they know of the locals only what the target does), and on the line of their jump.
 *
 * <p>ASM would do it too, but version 9.11 takes a jump backwards that only grows too long with the others for one forwards.
 */
final class LongJumps {

    private static final int GOTO_W = 200;
    /** Bytes of a {@code goto_w}, and so of a bridge. */
    private static final int WIDE = 5;

    private final MethodNode method;
    private final AbstractInsnNode[] insns;
    /** By instruction; upper bounds, with every {@code goto} wide and no bridges. */
    private final int[] offsets;
    /** By instruction; 0 for none. */
    private final int[] lines;
    private final Map<AbstractInsnNode, Integer> indexes = new HashMap<>();
    /** Places behind which a bridge may stand, by their offset. */
    private final TreeMap<Integer, Integer> places = new TreeMap<>();

    private final TreeMap<Integer, Gap> gaps = new TreeMap<>();

    /** What the exception table leaves out. */
    private record Gap(LabelNode before, LabelNode after) {}

    /** A bridge that serves all jumps of one place, target and line. */
    private record Bridge(int place, LabelNode target, int line) {}

    private LongJumps(MethodNode method) {
        this.method = method;
        insns = method.instructions.toArray();
        offsets = new int[insns.length];
        lines = new int[insns.length];
        int offset = 0;
        int line = 0;
        for (int i = 0; i < insns.length; i++) {
            indexes.put(insns[i], i);
            offsets[i] = offset;
            offset += size(insns[i]);
            if (insns[i] instanceof LineNumberNode number) {
                line = number.line;
            }
            lines[i] = line;
            if (ControlFlow.neverGoesOn(insns[i])) {
                places.put(offsets[i], i);
            }
        }
    }

    /**
     * Shortens the jumps of a body whose frames are complete.
     *
     * @throws IllegalStateException if there is no place for a bridge
     */
    static void shorten(MethodNode method) {
        new LongJumps(method).shorten();
    }

    private static int size(AbstractInsnNode insn) {
        if (insn instanceof JumpInsnNode) {
            return insn.getOpcode() == Opcodes.GOTO ? WIDE : 3;
        }
        CodeSizeEvaluator size = new CodeSizeEvaluator(null);
        insn.accept(size);
        return size.getMaxSize();
    }

    private void shorten() {
        List<JumpInsnNode> far = List.of();
        int reach = Short.MAX_VALUE;
        for (int bridges = -1; bridges < far.size(); ) {
            // bridges make all other jumps longer
            bridges = far.size();
            reach = Short.MAX_VALUE - WIDE * (bridges + 1);
            far = conditionalBeyond(reach);
        }
        Map<Bridge, LabelNode> bridges = new HashMap<>();
        for (JumpInsnNode jump : far) {
            int at = indexes.get(jump);
            Bridge bridge = new Bridge(placeNear(at, reach), jump.label, lines[at]);
            jump.label = bridges.computeIfAbsent(bridge, k -> new LabelNode());
        }
        Map<Integer, InsnList> byPlace = new TreeMap<>();
        bridges.forEach((bridge, label) -> byPlace.computeIfAbsent(bridge.place(), k -> new InsnList()).add(code(bridge, label)));
        for (AbstractInsnNode insn : insns) {
            if (insn instanceof JumpInsnNode jump && insn.getOpcode() == Opcodes.GOTO && distance(jump) > reach) {
                jump.setOpcode(GOTO_W);
            }
        }
        byPlace.forEach(this::insert);
        splitRanges();
    }

    private List<JumpInsnNode> conditionalBeyond(int reach) {
        List<JumpInsnNode> far = new ArrayList<>();
        for (AbstractInsnNode insn : insns) {
            if (insn instanceof JumpInsnNode jump && insn.getOpcode() != Opcodes.GOTO && distance(jump) > reach) {
                far.add(jump);
            }
        }
        return far;
    }

    private int distance(JumpInsnNode jump) {
        return Math.abs(offsets[indexes.get(jump.label)] - offsets[indexes.get(jump)]);
    }

    private int placeNear(int jump, int reach) {
        Map.Entry<Integer, Integer> below = places.floorEntry(offsets[jump]);
        Map.Entry<Integer, Integer> above = places.ceilingEntry(offsets[jump]);
        Map.Entry<Integer, Integer> near = below == null || above != null
                && above.getKey() - offsets[jump] < offsets[jump] - below.getKey() ? above : below;
        if (near == null || Math.abs(near.getKey() - offsets[jump]) > reach) {
            throw new IllegalStateException("a jump is longer than 32 KB, and no place for a bridge is near");
        }
        return near.getValue();
    }

    private InsnList code(Bridge bridge, LabelNode label) {
        FrameNode frame = Frames.at(bridge.target());
        if (frame == null) {
            throw new IllegalStateException("a jump goes to a place without a stack map frame");
        }
        InsnList list = new InsnList();
        list.add(label);
        if (bridge.line() > 0) {
            list.add(new LineNumberNode(bridge.line(), label));
        }
        list.add(frame);
        list.add(new JumpInsnNode(GOTO_W, bridge.target()));
        return list;
    }

    private void insert(int place, InsnList bridges) {
        LabelNode before = new LabelNode();
        LabelNode after = new LabelNode();
        bridges.insert(before);
        bridges.add(after);
        if (lines[place] > 0 && hasCode(place + 1, insns.length) && !beginsLine(place + 1)) {
            bridges.add(new LineNumberNode(lines[place], after));
        }
        method.instructions.insert(insns[place], bridges);
        gaps.put(place, new Gap(before, after));
    }

    /** Whether the code from there on has a line number of its own. */
    private boolean beginsLine(int from) {
        for (int i = from; i < insns.length && insns[i].getOpcode() < 0; i++) {
            if (insns[i] instanceof LineNumberNode) {
                return true;
            }
        }
        return false;
    }

    private boolean hasCode(int from, int to) {
        for (int i = from; i < to; i++) {
            if (insns[i].getOpcode() >= 0) {
                return true;
            }
        }
        return false;
    }

    /** Takes the bridges out of the ranges of the exception table. */
    private void splitRanges() {
        List<TryCatchBlockNode> pieces = new ArrayList<>();
        for (TryCatchBlockNode block : method.tryCatchBlocks) {
            int end = indexes.get(block.end);
            int from = indexes.get(block.start);
            TryCatchBlockNode piece = block;
            LabelNode last = block.end;
            for (Map.Entry<Integer, Gap> gap : gaps.subMap(from, end).entrySet()) {
                piece.end = gap.getValue().before();
                pieces.add(piece);
                piece = new TryCatchBlockNode(gap.getValue().after(), last, block.handler, block.type);
                from = gap.getKey() + 1;
            }
            if (hasCode(from, end)) {
                pieces.add(piece);
            }
        }
        method.tryCatchBlocks = pieces;
    }
}
