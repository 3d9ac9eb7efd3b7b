package dev.loom.filter.weave.body;

import dev.loom.filter.analysis.ControlFlow;
import dev.loom.filter.analysis.UpdatePoint;
import dev.loom.filter.analysis.VerifierTypes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/**
 * A body while it is woven: what was read of it, what is to come into it, and what one pass leaves for the next. Indexes are those of
 * the body as it was.
 */
public final class WovenBody {

    /** Stack that hooks need on top of what the body has there. */
    private static final int HOOK_STACK = 6;

    private final HookAbi abi;
    private final ClassNode type;
    private final MethodNode method;
    private final ControlFlow code;
    private final List<UpdatePoint> points;
    private final int version;
    private final List<WovenRegion> regions;
    private final @Nullable VerifierTypes types;
    private final String hash;
    private final LocalsLayout layout;
    private final List<TryCatchBlockNode> ownBlocks;
    private final NewLabels newLabels;
    private final Inserts inserts = new Inserts();
    private final InsnList outOfLine = new InsnList();
    private final LabelNode protectedStart = new LabelNode();
    private final LabelNode protectedEnd = new LabelNode();
    private final LabelNode restoreFailed = new LabelNode();
    private final Map<Integer, LabelNode> stubs = new HashMap<>();
    private final Map<Integer, LabelNode> resumes = new HashMap<>();
    private final Map<Integer, LabelNode> restores = new HashMap<>();
    private final List<Trampoline> trampolines = new ArrayList<>();
    private int stack = HOOK_STACK;

    /**
     * A jump that carries hooks or a guard over to its target.
     *
     * @param jump index of the jump
     * @param covered whether the handlers of the jump's place apply to it
     * @param constructed whether this frame's own object has been constructed there
     */
    public record Trampoline(int jump, LabelNode start, LabelNode end, boolean covered, boolean constructed) {}

    /**
     * Begins with a body as it was read.
     *
     * @param version 0 for the static part alone
     * @param types null where nothing needs them
     */
    public WovenBody(
            HookAbi abi, ClassNode type, MethodNode method, ControlFlow code, List<UpdatePoint> points, int version,
            List<WovenRegion> regions, @Nullable VerifierTypes types) {
        this.abi = abi;
        this.type = type;
        this.method = method;
        this.code = code;
        this.points = points;
        this.version = version;
        this.regions = List.copyOf(regions);
        this.types = types;
        hash = BodyHash.of(method);
        layout = new LocalsLayout(abi, type.name, method, version > 0 && !points.isEmpty(), regions.size());
        if (method.tryCatchBlocks == null) {
            method.tryCatchBlocks = new ArrayList<>();
        }
        ownBlocks = List.copyOf(method.tryCatchBlocks);
        newLabels = NewLabels.give(method.instructions);
    }

    // ---- what was read ---------------------------------------------------------------------------------------------------------

    public HookAbi abi() {
        return abi;
    }

    public ClassNode type() {
        return type;
    }

    public MethodNode method() {
        return method;
    }

    public ControlFlow code() {
        return code;
    }

    public List<UpdatePoint> points() {
        return points;
    }

    public int version() {
        return version;
    }

    public List<WovenRegion> regions() {
        return regions;
    }

    public LocalsLayout layout() {
        return layout;
    }

    /** Name and descriptor. */
    public String key() {
        return method.name + method.desc;
    }

    /** The method as a person reads it. */
    public String name() {
        return type.name.replace('/', '.') + "#" + key();
    }

    public boolean isStatic() {
        return (method.access & Opcodes.ACC_STATIC) != 0;
    }

    public boolean isConstructor() {
        return method.name.equals("<init>");
    }

    /** Names the unwoven body. */
    public String hash() {
        return hash;
    }

    /** The exception table as it was. */
    public List<TryCatchBlockNode> ownBlocks() {
        return ownBlocks;
    }

    /** Types of the locals before an instruction; null where nobody asked for them, or no path leads there. */
    public Object @Nullable [] localsBefore(int index) {
        return types == null ? null : types.localsBefore(index);
    }

    /** The first line that has code, -1 if there is none. */
    public int firstLine() {
        for (int i = 0; i < code.size(); i++) {
            if (code.line(i) >= 0) {
                return code.line(i);
            }
        }
        return -1;
    }

    /** First instruction of a constructor behind its call of another one. */
    public AbstractInsnNode afterSuper() {
        AbstractInsnNode behind = behindSuper(method);
        if (behind == null) {
            throw new CannotWeave("constructor " + name() + " never calls another constructor");
        }
        return behind;
    }

    /** First instruction behind the call of another constructor; null if there is none. */
    public static @Nullable AbstractInsnNode behindSuper(MethodNode method) {
        int depth = 0;
        for (AbstractInsnNode insn = method.instructions.getFirst(); insn != null; insn = insn.getNext()) {
            if (insn.getOpcode() == Opcodes.NEW) {
                depth++;
            } else if (insn.getOpcode() == Opcodes.INVOKESPECIAL && ((MethodInsnNode) insn).name.equals("<init>")) {
                if (depth == 0) {
                    AbstractInsnNode next = insn.getNext();
                    while (next.getOpcode() < 0) {
                        next = next.getNext();
                    }
                    return next;
                }
                depth--;
            }
        }
        return null;
    }

    // ---- what is to come into it -------------------------------------------------------------------------------------------------

    public Inserts inserts() {
        return inserts;
    }

    /** Puts all inserts at their places. */
    public void applyInserts() {
        inserts.apply(method.instructions, code, newLabels);
    }

    /** Trampolines and restores: behind the body, outside every range of its exception table. */
    public InsnList outOfLine() {
        return outOfLine;
    }

    public List<Trampoline> trampolines() {
        return trampolines;
    }

    /** Adds a range to the exception table, behind those that are there; for every throwable. */
    public void cover(LabelNode start, LabelNode end, LabelNode handler) {
        method.tryCatchBlocks.add(new TryCatchBlockNode(start, end, handler, null));
    }

    /** Says that the body pushes so many values somewhere. */
    public void needsStack(int values) {
        stack = Math.max(stack, values);
    }

    /** Sets the limits of the finished body. */
    public void setLimits() {
        method.maxLocals = layout.slots();
        method.maxStack = Math.max(method.maxStack + HOOK_STACK, stack);
    }

    // ---- places that several passes know --------------------------------------------------------------------------------------

    /** From where on what is thrown gives back every token. */
    public LabelNode protectedStart() {
        return protectedStart;
    }

    public LabelNode protectedEnd() {
        return protectedEnd;
    }

    /** Handler of a restore that fails half-way. */
    public LabelNode restoreFailed() {
        return restoreFailed;
    }

    /** Where a frame goes that is to leave at an update point. */
    public LabelNode stub(UpdatePoint point) {
        return stubs.computeIfAbsent(point.number(), k -> new LabelNode());
    }

    /** Where a frame goes on that stays, or has moved in. */
    public LabelNode resume(UpdatePoint point) {
        return resumes.computeIfAbsent(
                point.number(),
                k -> point.kind() == UpdatePoint.Kind.BACK_EDGE ? (LabelNode) code.insn(point.resume()) : new LabelNode());
    }

    /** Where a frame comes that moves in. */
    public LabelNode restore(UpdatePoint point) {
        return restores.computeIfAbsent(point.number(), k -> new LabelNode());
    }
}
