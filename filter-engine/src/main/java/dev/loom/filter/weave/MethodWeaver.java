package dev.loom.filter.weave;

import dev.loom.filter.analysis.Code;
import dev.loom.filter.analysis.EventLine;
import dev.loom.filter.analysis.RegionInterior;
import dev.loom.filter.analysis.SwitchPoint;
import dev.loom.filter.analysis.SwitchPoints;
import dev.loom.filter.analysis.VerifierTypes;
import dev.loom.filter.plan.KeyPlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Weaves one method body. An event of an order is woven as a region of its line that gives nothing back: where it is left on the normal
 * way it has completed, and where an exception leads out of it, it is forgotten.
 *
 * <h2>Layout of a woven body</h2>
 *
 * <pre>
 *   prologue   (woven versions with switch points) is a frame waiting to move in here? then to its restore block
 *   entry      the frame's Loom locals are set up: moved-in flag, and a token (hold, depth) for each region
 *   body       the code as it was, with guards at its switch points and hooks at the edges of its regions and events
 *   trampolines  conditional backward jumps and jumps out of a region pass through these
 *   stubs      one a switch point: save the frame, then to the common part: call the method again, return what it returns
 *   restores   one a switch point: locals and tokens come from the saved frame; the guard is asked again, and on it goes
 *   unwind     a catch-all for regions: every token is given back, each behind a catch-all of its own
 * </pre>
 *
 * Stubs and restores stand outside every range of the application's exception table: an exception in a stub, before the frame is
 * saved, sends the frame on in its old code. Trampolines stand in the ranges of their jumps. All versions of a body are made from the same unwoven code
 * by the same rules, so that a switch point has the same number and the same types of locals in each.
 *
 * <h2>Why the restore block asks the guard again</h2>
 *
 * A frame of an old version that is just moving in would otherwise run on to a region that only a newer version guards. So no
 * instruction of a superseded version runs after a restore without a guard in between.
 */
final class MethodWeaver {

    /** Line number of stubs: a frame there is a shell that only forwards to its continuation. */
    static final int SHELL_LINE = 65535;

    /** Line number of restores: a frame there asks a guard before it goes on. */
    static final int RESTORE_LINE = 65534;

    /** More argument slots than this a method handle with its own leading arguments does not take (JVMS 4.3.3: 255). */
    private static final int MAX_SAVED_SLOTS = 250;

    private final HookNames names;
    private final ClassNode type;
    private final MethodNode method;
    private final Code code;
    private final SwitchPoints points;
    private final MethodWeaving weaving;

    private final boolean isStatic;
    private final int version;
    private final List<MethodWeaving.Region> regions;
    private final List<RegionInterior> interiors = new ArrayList<>();
    /** By region; null for one that is no event. */
    private final List<EventLine> events = new ArrayList<>();
    private final String bodyHash;
    private final int base;
    private final List<Object> entryLocals;

    private final Map<AbstractInsnNode, InsnList> exitsBefore = new IdentityHashMap<>();
    /** Exits in front of returns that are inside: behind an entry that stands at the return itself. */
    private final Map<AbstractInsnNode, InsnList> returnsBefore = new IdentityHashMap<>();

    private final Map<AbstractInsnNode, InsnList> guardBefore = new IdentityHashMap<>();
    private final Map<AbstractInsnNode, InsnList> entersBefore = new IdentityHashMap<>();
    private final Map<AbstractInsnNode, InsnList> after = new IdentityHashMap<>();
    private final Map<Integer, Map<LabelNode, InsnList>> onJump = new LinkedHashMap<>();
    private final InsnList tail = new InsnList();
    /** The exception table as it was. */
    private final List<TryCatchBlockNode> ownBlocks;

    private final List<Trampoline> trampolines = new ArrayList<>();
    private final LabelNode restoreFailed = new LabelNode();
    private final VerifierTypes types;
    private final Map<Integer, LabelNode> stubs = new HashMap<>();
    private final Map<Integer, LabelNode> resumes = new HashMap<>();
    private int maxPush = 6;

    MethodWeaver(HookNames names, ClassNode type, MethodNode method, Code code, SwitchPoints points, MethodWeaving weaving) {
        this.names = names;
        this.type = type;
        this.method = method;
        this.code = code;
        this.points = points;
        this.weaving = weaving;
        isStatic = (method.access & Opcodes.ACC_STATIC) != 0;
        version = weaving == null ? 0 : weaving.version();
        regions = weaving == null ? List.of() : weaving.regions();
        bodyHash = BodyHash.of(method);
        base = method.maxLocals;
        entryLocals = entryLocals();
        if (method.tryCatchBlocks == null) {
            method.tryCatchBlocks = new ArrayList<>();
        }
        ownBlocks = List.copyOf(method.tryCatchBlocks);
        types = hasEvents() || mayNeedCoveredTrampolines() ? VerifierTypes.of(type.name, method) : null;
    }

    /**
     * A jump that carries hooks or a guard over to its target.
     *
     * @param jump index of the jump
     * @param covered whether the handlers of the jump's place apply to it
     * @param constructed whether this frame's own object has been constructed there
     */
    private record Trampoline(int jump, LabelNode start, LabelNode end, boolean covered, boolean constructed) {}

    private boolean hasEvents() {
        return regions.stream().anyMatch(region -> region.event() != null);
    }

    private boolean mayNeedCoveredTrampolines() {
        return !ownBlocks.isEmpty()
                && (!regions.isEmpty()
                        || points.points().stream()
                                .anyMatch(p -> p.kind() == SwitchPoint.Kind.BACK_EDGE
                                        && code.insn(p.insn()).getOpcode() != Opcodes.GOTO));
    }

    void weave() {
        for (MethodWeaving.Region region : regions) {
            EventLine event = region.event() == null ? null : EventLine.of(code, types, region.event().line());
            RegionInterior interior = event != null ? event.interior() : region.interior(code, types);
            events.add(event);
            if (!interior.deadEntries().isEmpty()) {
                throw new CannotWeave("method " + name() + " has no way from line " + interior.deadEntries() + " to an exit of region "
                        + region.plan().location());
            }
            if (interior.entries().isEmpty() || !interior.missingLines().isEmpty()) {
                throw new CannotWeave("method " + name() + " has no code at line " + interior.missingLines() + " of region "
                        + region.plan().location());
            }
            interiors.add(interior);
        }
        giveNewLabels();
        for (int r = regions.size() - 1; r >= 0; r--) {
            collectExits(r);
        }
        for (SwitchPoint point : points.points()) {
            guard(point);
        }
        for (int r = 0; r < regions.size(); r++) {
            collectEnters(r);
        }
        extendFrames();
        LabelNode unwindStart = new LabelNode();
        LabelNode bodyEnd = new LabelNode();
        if (isConstructor() && !regions.isEmpty()) {
            entersBefore.computeIfAbsent(afterSuper(), k -> new InsnList()).insert(unwindStart);
        }
        applyJumps();
        applyInserts();
        InsnList entry = entry();
        if (!isConstructor() && !regions.isEmpty()) {
            entry.add(unwindStart);
            entry.add(methodEntries());
        }
        method.instructions.insert(entry);
        method.instructions.add(bodyEnd);
        coverTrampolines();
        if (!regions.isEmpty()) {
            unwind(unwindStart, bodyEnd);
        }
        method.instructions.add(tail);
        if (!points.points().isEmpty()) {
            reinvoke();
        }
        method.maxLocals = base + extraLocals();
        method.maxStack = Math.max(method.maxStack + 6, maxPush);
    }

    private String name() {
        return type.name.replace('/', '.') + "#" + method.name + method.desc;
    }

    private boolean isConstructor() {
        return method.name.equals("<init>");
    }

    // ---- Loom's own locals -------------------------------------------------------------------------------------------------

    private boolean hasFlag() {
        return version > 0 && !points.points().isEmpty();
    }

    private int flagSlot() {
        return base;
    }

    private int holdSlot(int region) {
        return base + (hasFlag() ? 1 : 0) + 2 * region;
    }

    private int depthSlot(int region) {
        return holdSlot(region) + 1;
    }

    private int savedSlot() {
        return base + (hasFlag() ? 1 : 0) + 2 * regions.size();
    }

    private int extraLocals() {
        return (hasFlag() ? 2 : 0) + 2 * regions.size();
    }

    private List<Object> entryLocals() {
        List<Object> locals = new ArrayList<>();
        if (!isStatic) {
            locals.add(isConstructor() ? Opcodes.UNINITIALIZED_THIS : type.name);
        }
        for (Type argument : Type.getArgumentTypes(method.desc)) {
            locals.add(frameType(argument));
        }
        return locals;
    }

    private static Object frameType(Type type) {
        return switch (type.getSort()) {
            case Type.BOOLEAN, Type.BYTE, Type.CHAR, Type.SHORT, Type.INT -> Opcodes.INTEGER;
            case Type.LONG -> Opcodes.LONG;
            case Type.FLOAT -> Opcodes.FLOAT;
            case Type.DOUBLE -> Opcodes.DOUBLE;
            default -> type.getInternalName();
        };
    }

    private static int sizeOf(Object type) {
        return type == Opcodes.LONG || type == Opcodes.DOUBLE ? 2 : 1;
    }

    /** The given locals, filled up with TOP, and Loom's own behind them. */
    private List<Object> withLoomLocals(List<Object> locals) {
        if (extraLocals() == 0) {
            return new ArrayList<>(locals);
        }
        List<Object> all = new ArrayList<>(locals);
        int size = 0;
        for (Object local : locals) {
            size += sizeOf(local);
        }
        for (; size < base; size++) {
            all.add(Opcodes.TOP);
        }
        if (hasFlag()) {
            all.add(Opcodes.INTEGER);
        }
        for (int r = 0; r < regions.size(); r++) {
            all.add(names.hold());
            all.add(Opcodes.INTEGER);
        }
        return all;
    }

    private static FrameNode frame(List<Object> locals, Object... stack) {
        return new FrameNode(Opcodes.F_NEW, locals.size(), locals.toArray(), stack.length, stack);
    }

    private void extendFrames() {
        for (AbstractInsnNode insn = method.instructions.getFirst(); insn != null; insn = insn.getNext()) {
            if (insn instanceof FrameNode frame) {
                frame.local = withLoomLocals(frame.local == null ? List.of() : frame.local);
            }
        }
    }

    /**
     * Gives each NEW a label of its own and lets the frames name that one: what is inserted in front of the NEW must not come
     * between it and the label by which the verifier knows the uninitialized object (JVMS 4.7.4).
     */
    private void giveNewLabels() {
        Map<LabelNode, LabelNode> moved = new IdentityHashMap<>();
        for (AbstractInsnNode insn = method.instructions.getFirst(); insn != null; insn = insn.getNext()) {
            if (insn instanceof FrameNode frame) {
                frame.local = renamed(frame.local, moved);
                frame.stack = renamed(frame.stack, moved);
            }
        }
        moved.forEach((from, to) -> {
            AbstractInsnNode at = from;
            while (at != null && at.getOpcode() != Opcodes.NEW) {
                at = at.getNext();
            }
            method.instructions.insertBefore(at, to);
        });
    }

    private static List<Object> renamed(List<Object> types, Map<LabelNode, LabelNode> moved) {
        if (types == null) {
            return null;
        }
        List<Object> result = new ArrayList<>(types);
        for (int i = 0; i < result.size(); i++) {
            if (result.get(i) instanceof LabelNode label) {
                result.set(i, moved.computeIfAbsent(label, l -> new LabelNode()));
            }
        }
        return result;
    }

    /** Where to insert in front of an instruction: in front of a NEW's own label too. */
    private AbstractInsnNode anchor(AbstractInsnNode insn) {
        AbstractInsnNode before = insn.getPrevious();
        if (insn.getOpcode() == Opcodes.NEW && before instanceof LabelNode && newLabels().contains(before)) {
            return before;
        }
        return insn;
    }

    private Set<AbstractInsnNode> newLabels;

    private Set<AbstractInsnNode> newLabels() {
        if (newLabels == null) {
            newLabels = java.util.Collections.newSetFromMap(new IdentityHashMap<>());
            for (AbstractInsnNode insn = method.instructions.getFirst(); insn != null; insn = insn.getNext()) {
                if (insn instanceof FrameNode frame) {
                    collectLabels(frame.local, newLabels);
                    collectLabels(frame.stack, newLabels);
                }
            }
        }
        return newLabels;
    }

    private static void collectLabels(List<Object> types, Set<AbstractInsnNode> into) {
        if (types != null) {
            for (Object entry : types) {
                if (entry instanceof LabelNode label) {
                    into.add(label);
                }
            }
        }
    }

    // ---- regions -----------------------------------------------------------------------------------------------------------

    private void collectExits(int r) {
        RegionInterior interior = interiors.get(r);
        EventLine event = events.get(r);
        for (int target : exitTargets(interior)) {
            boolean isThrown = event != null && !event.completing().contains(target);
            exitsBefore.computeIfAbsent(code.insn(target), k -> new InsnList()).add(isThrown ? exit(r, true) : leave(r));
        }
        for (int i = interior.interior().nextSetBit(0); i >= 0; i = interior.interior().nextSetBit(i + 1)) {
            if (Code.isReturn(code.insn(i))) {
                returnsBefore.computeIfAbsent(code.insn(i), k -> new InsnList()).add(leave(r));
            }
        }
        for (RegionInterior.Edge edge : interior.exitEdges()) {
            AbstractInsnNode from = code.insn(edge.from());
            boolean jumps = jumpsTo(from, edge.to());
            if (edge.to() == edge.from() + 1 && (!jumps || from.getOpcode() != Opcodes.GOTO && from instanceof JumpInsnNode)) {
                after.computeIfAbsent(from, k -> new InsnList()).add(leave(r));
            }
            if (jumps) {
                onJump(edge.from(), (LabelNode) code.insn(edge.to())).add(leave(r));
            }
        }
    }

    /**
     * Where the exit hooks of several regions stand together, the JVM may run out of stack in the first of them: then the handlers of
     * that place leave the others.
     */
    private Set<Integer> exitTargets(RegionInterior interior) {
        Set<Integer> targets = new TreeSet<>(interior.exitTargets());
        if (regions.size() > 1) {
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

    private boolean jumpsTo(AbstractInsnNode insn, int to) {
        return Code.targets(insn).stream().anyMatch(t -> t == code.insn(to));
    }

    private InsnList onJump(int from, LabelNode target) {
        return onJump.computeIfAbsent(from, k -> new LinkedHashMap<>()).computeIfAbsent(target, k -> new InsnList());
    }

    private void collectEnters(int r) {
        if (regions.get(r).plan().isWholeMethod()) {
            if (isConstructor()) {
                entersBefore.computeIfAbsent(afterSuper(), k -> new InsnList()).add(enter(r, 0));
            }
            return; // else in entry()
        }
        for (int entry : interiors.get(r).entries()) {
            entersBefore.computeIfAbsent(code.insn(entry), k -> new InsnList()).add(enter(r, code.line(entry)));
        }
    }

    private AbstractInsnNode afterSuper() {
        AbstractInsnNode behind = behindSuper(method);
        if (behind == null) {
            throw new CannotWeave("constructor " + name() + " never calls another constructor");
        }
        return behind;
    }

    /** First instruction behind the call of another constructor; null if there is none. */
    static @Nullable AbstractInsnNode behindSuper(MethodNode method) {
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

    private InsnList enter(int r, int line) {
        MethodWeaving.Region region = regions.get(r);
        InsnList list = new InsnList();
        list.add(new VarInsnNode(Opcodes.ALOAD, holdSlot(r)));
        hookCall(list, "enter", region, region.plan().key(), line);
        if (region.event() != null) {
            if (region.event().countKey() != null) {
                hookCall(list, "count", region, region.event().countKey(), line);
            }
            list.add(new VarInsnNode(Opcodes.ASTORE, holdSlot(r)));
            return list;
        }
        list.add(new InsnNode(Opcodes.DUP));
        list.add(new VarInsnNode(Opcodes.ASTORE, holdSlot(r)));
        list.add(new VarInsnNode(Opcodes.ILOAD, depthSlot(r)));
        list.add(call(names.transfer(), "level", "(L" + names.hold() + ";I)I"));
        list.add(new VarInsnNode(Opcodes.ISTORE, depthSlot(r)));
        return list;
    }

    /** Calls a hook with the hold on the stack and what the value of a key, or count, starts from. */
    private void hookCall(InsnList list, String name, MethodWeaving.Region region, KeyPlan key, int line) {
        String keyType = "";
        String source = "";
        if (key != null) {
            StringBuilder text = new StringBuilder();
            if (key.base() instanceof KeyPlan.Base.This) {
                list.add(new VarInsnNode(Opcodes.ALOAD, 0));
                keyType = "Ljava/lang/Object;";
                text.append("arg");
            } else if (key.base() instanceof KeyPlan.Base.Local local) {
                KeyPlan.Slot slot = local.slots().get(line);
                if (slot == null) {
                    throw new CannotWeave("key " + key.text() + " of region " + region.plan().location() + " is not known at line "
                            + line);
                }
                Type declared = Type.getType(slot.desc());
                list.add(new VarInsnNode(declared.getOpcode(Opcodes.ILOAD), slot.index()));
                keyType = declared.getSort() >= Type.ARRAY ? "Ljava/lang/Object;" : slot.desc();
                text.append("arg");
            } else if (key.base() instanceof KeyPlan.Base.Static field) {
                text.append("static:").append(step(field.field()));
            } else if (key.base() instanceof KeyPlan.Base.ClassLiteral literal) {
                text.append("class:").append(literal.internalName());
            } else if (key.base() instanceof KeyPlan.Base.Literal literal) {
                text.append(literal(literal.value()));
            }
            for (KeyPlan.FieldRef field : key.path()) {
                text.append('|').append(step(field));
            }
            source = text.toString();
        }
        list.add(new InvokeDynamicInsnNode(
                name,
                "(L" + names.hold() + ";" + keyType + ")L" + names.hold() + ";",
                new Handle(
                        Opcodes.H_INVOKESTATIC,
                        names.hooks(),
                        name,
                        "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;Ljava/lang/invoke/MethodType;ILjava/lang/String;)"
                                + "Ljava/lang/invoke/CallSite;",
                        false),
                region.hookId(),
                source));
    }

    private static String step(KeyPlan.FieldRef field) {
        return field.owner() + "#" + field.name() + "#" + field.desc();
    }

    private static String literal(Object value) {
        if (value instanceof Double || value instanceof Float) {
            return "lit:D:" + value;
        }
        if (value instanceof Character c) {
            return "lit:C:" + (int) c;
        }
        if (value instanceof Boolean) {
            return "lit:Z:" + value;
        }
        return value instanceof String ? "lit:S:" + value : "lit:I:" + value;
    }

    private boolean sharesLock(int r) {
        for (int other = 0; other < regions.size(); other++) {
            if (other != r && regions.get(other).lock().equals(regions.get(r).lock())) {
                return true;
            }
        }
        return false;
    }

    private InsnList exit(int r, boolean goesOn) {
        InsnList list = new InsnList();
        list.add(new VarInsnNode(Opcodes.ALOAD, holdSlot(r)));
        list.add(new VarInsnNode(Opcodes.ILOAD, depthSlot(r)));
        if (goesOn) {
            // first: where the stack ends in the exit, it releases and then throws, and the next entry must not find a hold here
            list.add(new InsnNode(Opcodes.ACONST_NULL));
            list.add(new VarInsnNode(Opcodes.ASTORE, holdSlot(r)));
            list.add(new InsnNode(Opcodes.ICONST_0));
            list.add(new VarInsnNode(Opcodes.ISTORE, depthSlot(r)));
        }
        list.add(call(names.hooks(), sharesLock(r) ? "exitOne" : "exit", "(L" + names.hold() + ";I)V"));
        return list;
    }

    /** Where a region is left, or an event has completed, on the normal way. */
    private InsnList leave(int r) {
        if (events.get(r) == null) {
            return exit(r, true);
        }
        InsnList list = new InsnList();
        list.add(new VarInsnNode(Opcodes.ALOAD, holdSlot(r)));
        list.add(new InsnNode(Opcodes.ACONST_NULL));
        list.add(new VarInsnNode(Opcodes.ASTORE, holdSlot(r)));
        list.add(call(names.hooks(), "completed", "(L" + names.hold() + ";)V"));
        return list;
    }

    private static MethodInsnNode call(String owner, String name, String desc) {
        return new MethodInsnNode(Opcodes.INVOKESTATIC, owner, name, desc, false);
    }

    /** Gives everything back, the last region first; what one exit throws must not keep the next from being left. */
    private void unwind(LabelNode start, LabelNode end) {
        LabelNode[] handlers = new LabelNode[regions.size()];
        InsnList list = new InsnList();
        for (int r = regions.size() - 1; r >= 0; r--) {
            handlers[r] = new LabelNode();
            list.add(handlers[r]);
            list.add(frame(withLoomLocals(List.of()), "java/lang/Throwable"));
            list.add(exit(r, false));
        }
        list.add(new InsnNode(Opcodes.ATHROW));
        method.instructions.add(list);
        LabelNode first = handlers[handlers.length - 1];
        method.tryCatchBlocks.add(new TryCatchBlockNode(start, end, first, null));
        for (Trampoline trampoline : trampolines) {
            if (trampoline.constructed()) {
                method.tryCatchBlocks.add(new TryCatchBlockNode(trampoline.start(), trampoline.end(), first, null));
            }
        }
        for (int r = handlers.length - 1; r > 0; r--) {
            method.tryCatchBlocks.add(new TryCatchBlockNode(handlers[r], handlers[r - 1], handlers[r - 1], null));
        }
        if (hasFlag()) {
            tail.add(restoreFailed);
            tail.add(frame(restoringLocals(), "java/lang/Throwable"));
            tail.add(new VarInsnNode(Opcodes.ALOAD, savedSlot()));
            tail.add(call(names.transfer(), "drop", "(L" + names.frame() + ";)V"));
            tail.add(new JumpInsnNode(Opcodes.GOTO, first));
        }
    }

    /** Loom's locals alone, once a restore has set them up. */
    private List<Object> restoringLocals() {
        List<Object> locals = withLoomLocals(List.of());
        locals.add(names.frame());
        return locals;
    }

    private void coverTrampolines() {
        List<TryCatchBlockNode> more = new ArrayList<>();
        for (Trampoline trampoline : trampolines) {
            if (trampoline.covered()) {
                for (TryCatchBlockNode block : ownBlocks) {
                    if (indexOf(block.start) <= trampoline.jump() && trampoline.jump() < indexOf(block.end)) {
                        more.add(new TryCatchBlockNode(trampoline.start(), trampoline.end(), block.handler, block.type));
                    }
                }
            }
        }
        method.tryCatchBlocks.addAll(more);
    }

    private Map<AbstractInsnNode, Integer> indexes;

    private int indexOf(LabelNode label) {
        if (indexes == null) {
            indexes = new IdentityHashMap<>();
            for (int i = 0; i < code.size(); i++) {
                if (code.insn(i) instanceof LabelNode) {
                    indexes.put(code.insn(i), i);
                }
            }
        }
        return indexes.get(label);
    }

    // ---- switch points -----------------------------------------------------------------------------------------------------

    private InvokeDynamicInsnNode guardCall(SwitchPoint point) {
        return new InvokeDynamicInsnNode(
                "guard",
                "()Z",
                new Handle(
                        Opcodes.H_INVOKESTATIC,
                        names.guards(),
                        "guard",
                        "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;Ljava/lang/invoke/MethodType;Ljava/lang/String;II)"
                                + "Ljava/lang/invoke/CallSite;",
                        false),
                method.name + method.desc,
                version,
                point.number());
    }

    private void guard(SwitchPoint point) {
        LabelNode stub = new LabelNode();
        stubs.put(point.number(), stub);
        InsnList list = new InsnList();
        list.add(guardCall(point));
        list.add(new JumpInsnNode(Opcodes.IFNE, stub));
        if (point.kind() == SwitchPoint.Kind.BACK_EDGE) {
            LabelNode header = (LabelNode) code.insn(point.resume());
            resumes.put(point.number(), header);
            onJump(point.insn(), header).add(list);
        } else {
            LabelNode resume = new LabelNode();
            resumes.put(point.number(), resume);
            list.add(resume);
            list.add(frame(pointLocals(point)));
            guardBefore.put(code.insn(point.insn()), list);
        }
    }

    /** Locals at a point as a frame lists them, without Loom's. */
    private static List<Object> pointLocals(SwitchPoint point) {
        return VerifierTypes.compact(point.locals().toArray());
    }

    private void applyJumps() {
        onJump.forEach((from, byTarget) -> {
            AbstractInsnNode jump = code.insn(from);
            byTarget.forEach((target, list) -> {
                if (jump.getOpcode() == Opcodes.GOTO) {
                    jumpStarts.put(jump, list.getFirst());
                    method.instructions.insertBefore(jump, list);
                    return;
                }
                LabelNode start = new LabelNode();
                LabelNode end = new LabelNode();
                tail.add(start);
                if (code.line(from) > 0) {
                    // a frame seen here stands where the jump stands
                    tail.add(new LineNumberNode(code.line(from), start));
                }
                FrameNode frame = copyOfFrameAt(target);
                boolean constructed = !frame.local.contains(Opcodes.UNINITIALIZED_THIS);
                Object[] precise = types == null ? null : types.localsBefore(from);
                boolean covered = precise != null && !hasLabel(precise);
                if (covered) {
                    // the target may know less of the locals than the handlers want
                    frame.local = withLoomLocals(VerifierTypes.compact(precise));
                }
                tail.add(frame);
                tail.add(list);
                tail.add(new JumpInsnNode(Opcodes.GOTO, target));
                tail.add(end);
                trampolines.add(new Trampoline(from, start, end, covered, constructed));
                retarget(jump, target, start);
            });
        });
    }

    private static boolean hasLabel(Object[] types) {
        for (Object each : types) {
            if (each instanceof Label) {
                return true;
            }
        }
        return false;
    }

    private FrameNode copyOfFrameAt(LabelNode target) {
        FrameNode frame = frameAt(target);
        if (frame == null) {
            throw new CannotWeave("method " + name() + " jumps to a place without a stack map frame");
        }
        return frame;
    }

    /** A copy of the frame of a place; null if it has none. */
    static @Nullable FrameNode frameAt(LabelNode target) {
        AbstractInsnNode at = target;
        while (at != null && !(at instanceof FrameNode) && at.getOpcode() < 0) {
            at = at.getNext();
        }
        return at instanceof FrameNode frame
                ? new FrameNode(
                        Opcodes.F_NEW, frame.local.size(), frame.local.toArray(), frame.stack == null ? 0 : frame.stack.size(),
                        frame.stack == null ? new Object[0] : frame.stack.toArray())
                : null;
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

    private void applyInserts() {
        for (int i = 0; i < code.size(); i++) {
            AbstractInsnNode insn = code.insn(i);
            AbstractInsnNode anchor = anchor(insn);
            for (Map<AbstractInsnNode, InsnList> lists : List.of(exitsBefore, guardBefore, entersBefore, returnsBefore)) {
                InsnList list = lists.get(insn);
                if (list != null) {
                    if (lists == guardBefore) {
                        extendFrame(list);
                    }
                    // a jump that carries a list of its own comes last: "before" means before that too
                    method.instructions.insertBefore(firstOfJump(insn, anchor), list);
                }
            }
            InsnList behind = after.get(insn);
            if (behind != null) {
                method.instructions.insert(insn, behind);
            }
        }
    }

    private final Map<AbstractInsnNode, AbstractInsnNode> jumpStarts = new IdentityHashMap<>();

    private AbstractInsnNode firstOfJump(AbstractInsnNode insn, AbstractInsnNode anchor) {
        return jumpStarts.getOrDefault(insn, anchor);
    }

    private void extendFrame(InsnList list) {
        for (AbstractInsnNode insn = list.getFirst(); insn != null; insn = insn.getNext()) {
            if (insn instanceof FrameNode frame) {
                frame.local = withLoomLocals(frame.local);
            }
        }
    }

    private int firstLine() {
        for (int i = 0; i < code.size(); i++) {
            if (code.line(i) >= 0) {
                return code.line(i);
            }
        }
        return -1;
    }

    private InsnList entry() {
        InsnList list = new InsnList();
        if (extraLocals() == 0) {
            return list;
        }
        if (firstLine() > 0) {
            LabelNode start = new LabelNode();
            list.add(start);
            list.add(new LineNumberNode(firstLine(), start));
        }
        if (hasFlag()) {
            LabelNode normal = new LabelNode();
            list.add(call(names.transfer(), "isPending", "()Z"));
            list.add(new JumpInsnNode(Opcodes.IFEQ, normal));
            list.add(new LdcInsnNode(Type.getObjectType(type.name)));
            list.add(new LdcInsnNode(method.name + method.desc));
            list.add(new LdcInsnNode(bodyHash));
            list.add(call(
                    names.transfer(), "take",
                    "(Ljava/lang/Class;Ljava/lang/String;Ljava/lang/String;)L" + names.frame() + ";"));
            list.add(new VarInsnNode(Opcodes.ASTORE, savedSlot()));
            list.add(new VarInsnNode(Opcodes.ALOAD, savedSlot()));
            list.add(new JumpInsnNode(Opcodes.IFNULL, normal));
            list.add(new VarInsnNode(Opcodes.ALOAD, savedSlot()));
            list.add(call(names.transfer(), "point", "(L" + names.frame() + ";)I"));
            LabelNode[] restores = new LabelNode[points.points().size()];
            for (int p = 0; p < restores.length; p++) {
                restores[p] = restore(points.points().get(p));
            }
            list.add(new TableSwitchInsnNode(0, restores.length - 1, restores[restores.length - 1], restores));
            list.add(normal);
            list.add(frame(entryLocals));
            list.add(new InsnNode(Opcodes.ICONST_0));
            list.add(new VarInsnNode(Opcodes.ISTORE, flagSlot()));
        }
        for (int r = 0; r < regions.size(); r++) {
            list.add(new InsnNode(Opcodes.ACONST_NULL));
            list.add(new VarInsnNode(Opcodes.ASTORE, holdSlot(r)));
            list.add(new InsnNode(Opcodes.ICONST_0));
            list.add(new VarInsnNode(Opcodes.ISTORE, depthSlot(r)));
        }
        return list;
    }

    private InsnList methodEntries() {
        InsnList list = new InsnList();
        for (int r = 0; r < regions.size(); r++) {
            if (regions.get(r).plan().isWholeMethod()) {
                list.add(enter(r, 0));
            }
        }
        return list;
    }

    /** Whether a frame that resumes at a point is inside a region, whatever way it came. */
    private boolean isInside(SwitchPoint point, int r) {
        RegionInterior interior = interiors.get(r);
        if (regions.get(r).plan().isWholeMethod()) {
            return true;
        }
        int at = code.real(point.resume());
        return interior.interior().get(at) && !interior.entries().contains(at);
    }

    private LabelNode restore(SwitchPoint point) {
        LabelNode start = new LabelNode();
        InsnList list = new InsnList();
        list.add(start);
        list.add(new LineNumberNode(RESTORE_LINE, start));
        List<Object> locals = new ArrayList<>(entryLocals);
        int size = 0;
        for (Object local : locals) {
            size += sizeOf(local);
        }
        for (; size < savedSlot(); size++) {
            locals.add(Opcodes.TOP);
        }
        locals.add(names.frame());
        list.add(frame(locals));
        list.add(new InsnNode(Opcodes.ICONST_1));
        list.add(new VarInsnNode(Opcodes.ISTORE, flagSlot()));
        for (int r = 0; r < regions.size(); r++) {
            list.add(new InsnNode(Opcodes.ACONST_NULL));
            list.add(new VarInsnNode(Opcodes.ASTORE, holdSlot(r)));
            list.add(new InsnNode(Opcodes.ICONST_0));
            list.add(new VarInsnNode(Opcodes.ISTORE, depthSlot(r)));
        }
        LabelNode guarded = new LabelNode();
        list.add(guarded);
        int index = 0;
        for (int slot = 0; slot < point.locals().size(); slot++) {
            Object local = point.locals().get(slot);
            if (local == Opcodes.TOP) {
                continue;
            }
            if (local == Opcodes.NULL) {
                list.add(new InsnNode(Opcodes.ACONST_NULL));
                list.add(new VarInsnNode(Opcodes.ASTORE, slot));
                continue;
            }
            if (slot == 0 && !isStatic) {
                index++;
                continue; // the receiver is the same object
            }
            list.add(new VarInsnNode(Opcodes.ALOAD, savedSlot()));
            list.add(push(index++));
            if (local == Opcodes.INTEGER) {
                list.add(call(names.transfer(), "intValue", "(L" + names.frame() + ";I)I"));
                list.add(new VarInsnNode(Opcodes.ISTORE, slot));
            } else if (local == Opcodes.LONG) {
                list.add(call(names.transfer(), "longValue", "(L" + names.frame() + ";I)J"));
                list.add(new VarInsnNode(Opcodes.LSTORE, slot++));
            } else if (local == Opcodes.FLOAT) {
                list.add(call(names.transfer(), "floatValue", "(L" + names.frame() + ";I)F"));
                list.add(new VarInsnNode(Opcodes.FSTORE, slot));
            } else if (local == Opcodes.DOUBLE) {
                list.add(call(names.transfer(), "doubleValue", "(L" + names.frame() + ";I)D"));
                list.add(new VarInsnNode(Opcodes.DSTORE, slot++));
            } else {
                list.add(call(names.transfer(), "value", "(L" + names.frame() + ";I)Ljava/lang/Object;"));
                if (!local.equals("java/lang/Object")) {
                    list.add(new TypeInsnNode(Opcodes.CHECKCAST, (String) local));
                }
                list.add(new VarInsnNode(Opcodes.ASTORE, slot));
            }
        }
        for (int r = 0; r < regions.size(); r++) {
            list.add(new VarInsnNode(Opcodes.ALOAD, savedSlot()));
            list.add(new LdcInsnNode(regions.get(r).token()));
            list.add(push(isInside(point, r) ? 1 : 0));
            list.add(new LdcInsnNode(regions.get(r).hookId()));
            list.add(call(names.transfer(), "hold", "(L" + names.frame() + ";Ljava/lang/String;ZI)L" + names.hold() + ";"));
            list.add(new VarInsnNode(Opcodes.ASTORE, holdSlot(r)));
            list.add(new VarInsnNode(Opcodes.ALOAD, savedSlot()));
            list.add(new LdcInsnNode(regions.get(r).token()));
            list.add(call(names.transfer(), "depth", "(L" + names.frame() + ";Ljava/lang/String;)I"));
            list.add(new VarInsnNode(Opcodes.ISTORE, depthSlot(r)));
        }
        list.add(new VarInsnNode(Opcodes.ALOAD, savedSlot()));
        list.add(call(names.transfer(), "finish", "(L" + names.frame() + ";)V"));
        list.add(guardCall(point));
        list.add(new JumpInsnNode(Opcodes.IFNE, stubs.get(point.number())));
        if (!regions.isEmpty()) {
            LabelNode end = new LabelNode();
            list.add(end);
            method.tryCatchBlocks.add(new TryCatchBlockNode(guarded, end, restoreFailed, null));
        }
        list.add(new JumpInsnNode(Opcodes.GOTO, resumes.get(point.number())));
        tail.add(list);
        return start;
    }

    private static AbstractInsnNode push(int value) {
        if (value >= -1 && value <= 5) {
            return new InsnNode(Opcodes.ICONST_0 + value);
        }
        if (value >= Byte.MIN_VALUE && value <= Byte.MAX_VALUE) {
            return new IntInsnNode(Opcodes.BIPUSH, value);
        }
        return value >= Short.MIN_VALUE && value <= Short.MAX_VALUE
                ? new IntInsnNode(Opcodes.SIPUSH, value)
                : new LdcInsnNode(value);
    }

    private void reinvoke() {
        LabelNode again = new LabelNode();
        for (SwitchPoint point : points.points()) {
            stub(point, again);
        }
        List<Object> locals = shellLocals();
        InsnList list = new InsnList();
        LabelNode from = new LabelNode();
        list.add(again);
        list.add(new LineNumberNode(SHELL_LINE, again));
        list.add(frame(locals));
        list.add(from);
        Type returned = Type.getReturnType(method.desc);
        LabelNode back = new LabelNode();
        if (hasFlag()) {
            list.add(new VarInsnNode(Opcodes.ILOAD, flagSlot()));
            list.add(new JumpInsnNode(Opcodes.IFNE, back));
        }
        int slot = 0;
        int pushed = 0;
        if (!isStatic) {
            list.add(new VarInsnNode(Opcodes.ALOAD, slot++));
            pushed++;
        }
        Type[] arguments = Type.getArgumentTypes(method.desc);
        for (Type argument : arguments) {
            list.add(new VarInsnNode(argument.getOpcode(Opcodes.ILOAD), slot));
            if (argument.getSort() >= Type.ARRAY) {
                // the shell may live long: it must not keep what the method had let go
                list.add(new InsnNode(Opcodes.ACONST_NULL));
                list.add(new VarInsnNode(Opcodes.ASTORE, slot));
            }
            slot += argument.getSize();
            pushed += argument.getSize();
        }
        maxPush = Math.max(maxPush, pushed + 4);
        LabelNode to = new LabelNode();
        LabelNode failed = new LabelNode();
        LabelNode done = new LabelNode();
        boolean isInterface = (type.access & Opcodes.ACC_INTERFACE) != 0;
        list.add(new MethodInsnNode(
                isStatic ? Opcodes.INVOKESTATIC : selfCall(), type.name, method.name, method.desc, isInterface));
        list.add(to);
        list.add(call(names.transfer(), "again", "()Z"));
        list.add(new JumpInsnNode(Opcodes.IFEQ, done));
        if (returned.getSize() > 0) {
            list.add(new InsnNode(returned.getSize() == 2 ? Opcodes.POP2 : Opcodes.POP));
        }
        list.add(new JumpInsnNode(Opcodes.GOTO, again));
        list.add(done);
        list.add(returned.getSort() == Type.VOID ? frame(locals) : frame(locals, frameType(returned)));
        list.add(new InsnNode(returned.getOpcode(Opcodes.IRETURN)));
        if (hasFlag()) {
            list.add(back);
            list.add(frame(locals));
            zero(list, returned);
            list.add(new InsnNode(returned.getOpcode(Opcodes.IRETURN)));
        }
        list.add(failed);
        list.add(frame(List.of(), "java/lang/Throwable"));
        list.add(call(names.transfer(), "abandon", "()V"));
        list.add(new InsnNode(Opcodes.ATHROW));
        method.instructions.add(list);
        method.tryCatchBlocks.add(new TryCatchBlockNode(from, to, failed, null));
    }

    /**
     * How a method of an object calls itself and nothing that overrides it. A method that cannot be overridden is called by
     * {@code invokevirtual}, as javac calls it: HotSpot before 22 resolves both calls of one constant in one place, and a redefinition of
     * the class mends only the virtual half there, so that {@code invokespecial} would go on in code that is gone.
     */
    private int selfCall() {
        if ((type.access & Opcodes.ACC_INTERFACE) != 0) {
            return Opcodes.INVOKESPECIAL; // has a place of its own
        }
        boolean isPrivate = (method.access & Opcodes.ACC_PRIVATE) != 0;
        boolean callsPrivateVirtually = (type.version & 0xFFFF) >= Opcodes.V11;
        boolean isFinal = ((method.access | type.access) & Opcodes.ACC_FINAL) != 0;
        return isPrivate ? callsPrivateVirtually ? Opcodes.INVOKEVIRTUAL : Opcodes.INVOKESPECIAL
                : isFinal ? Opcodes.INVOKEVIRTUAL : Opcodes.INVOKESPECIAL;
    }

    private static void zero(InsnList list, Type type) {
        switch (type.getSort()) {
            case Type.VOID -> { }
            case Type.LONG -> list.add(new InsnNode(Opcodes.LCONST_0));
            case Type.FLOAT -> list.add(new InsnNode(Opcodes.FCONST_0));
            case Type.DOUBLE -> list.add(new InsnNode(Opcodes.DCONST_0));
            case Type.ARRAY, Type.OBJECT -> list.add(new InsnNode(Opcodes.ACONST_NULL));
            default -> list.add(new InsnNode(Opcodes.ICONST_0));
        }
    }

    /** What a shell keeps: receiver, parameters as declared, and the moved-in flag. */
    private List<Object> shellLocals() {
        List<Object> locals = new ArrayList<>(entryLocals);
        if (hasFlag()) {
            int size = 0;
            for (Object local : locals) {
                size += sizeOf(local);
            }
            for (; size < base; size++) {
                locals.add(Opcodes.TOP);
            }
            locals.add(Opcodes.INTEGER);
        }
        return locals;
    }

    private void stub(SwitchPoint point, LabelNode again) {
        InsnList list = new InsnList();
        LabelNode start = stubs.get(point.number());
        list.add(start);
        list.add(new LineNumberNode(SHELL_LINE, start));
        list.add(frame(withLoomLocals(pointLocals(point))));
        LabelNode from = new LabelNode();
        LabelNode to = new LabelNode();
        LabelNode failed = new LabelNode();
        list.add(from);
        list.add(call(names.transfer(), "hasRoom", "()Z"));
        list.add(new JumpInsnNode(Opcodes.IFEQ, resumes.get(point.number())));
        StringBuilder desc = new StringBuilder("(");
        StringBuilder types = new StringBuilder();
        List<Integer> references = new ArrayList<>();
        int pushed = 0;
        for (int slot = 0; slot < point.locals().size(); slot++) {
            Object local = point.locals().get(slot);
            if (local == Opcodes.TOP || local == Opcodes.NULL) {
                continue;
            }
            if (local == Opcodes.INTEGER) {
                list.add(new VarInsnNode(Opcodes.ILOAD, slot));
                desc.append('I');
            } else if (local == Opcodes.LONG) {
                list.add(new VarInsnNode(Opcodes.LLOAD, slot++));
                desc.append('J');
                pushed++;
            } else if (local == Opcodes.FLOAT) {
                list.add(new VarInsnNode(Opcodes.FLOAD, slot));
                desc.append('F');
            } else if (local == Opcodes.DOUBLE) {
                list.add(new VarInsnNode(Opcodes.DLOAD, slot++));
                desc.append('D');
                pushed++;
            } else {
                list.add(new VarInsnNode(Opcodes.ALOAD, slot));
                desc.append("Ljava/lang/Object;");
                types.append(local);
                references.add(slot);
            }
            types.append('\n');
            pushed++;
        }
        StringBuilder tokens = new StringBuilder();
        for (int r = 0; r < regions.size(); r++) {
            list.add(new VarInsnNode(Opcodes.ALOAD, holdSlot(r)));
            list.add(new VarInsnNode(Opcodes.ILOAD, depthSlot(r)));
            desc.append('L').append(names.hold()).append(";I");
            tokens.append(regions.get(r).token()).append('\n');
            pushed += 2;
        }
        if (pushed > MAX_SAVED_SLOTS) {
            throw new CannotWeave("method " + name() + " has too many regions and variables for its frames to be moved");
        }
        maxPush = Math.max(maxPush, pushed + 4);
        list.add(new InvokeDynamicInsnNode(
                "save",
                desc.append(")Z").toString(),
                new Handle(
                        Opcodes.H_INVOKESTATIC,
                        names.transfer(),
                        "save",
                        "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;Ljava/lang/invoke/MethodType;Ljava/lang/String;"
                                + "Ljava/lang/String;IILjava/lang/String;Ljava/lang/String;I)Ljava/lang/invoke/CallSite;",
                        false),
                method.name + method.desc,
                bodyHash,
                version,
                point.number(),
                types.toString(),
                tokens.toString(),
                base + extraLocals() + method.maxStack + pushed));
        list.add(to);
        list.add(new JumpInsnNode(Opcodes.IFEQ, resumes.get(point.number())));
        clear(list, point, references);
        list.add(new JumpInsnNode(Opcodes.GOTO, again));
        // no stack even for the first call: what it throws is nothing that the application did, and its handlers are not here
        list.add(failed);
        list.add(frame(withLoomLocals(pointLocals(point)), "java/lang/Throwable"));
        list.add(new InsnNode(Opcodes.POP));
        list.add(new JumpInsnNode(Opcodes.GOTO, resumes.get(point.number())));
        method.instructions.add(list);
        method.tryCatchBlocks.add(new TryCatchBlockNode(from, to, failed, null));
    }

    /** Lets go of what the frame held, and gives each parameter's variable a value of its declared type. */
    private void clear(InsnList list, SwitchPoint point, List<Integer> references) {
        Map<Integer, Type> parameters = new HashMap<>();
        int slot = isStatic ? 0 : 1;
        for (Type argument : Type.getArgumentTypes(method.desc)) {
            parameters.put(slot, argument);
            Object now = slot < point.locals().size() ? point.locals().get(slot) : Opcodes.TOP;
            if (!frameType(argument).equals(now)) {
                zero(list, argument);
                list.add(new VarInsnNode(argument.getOpcode(Opcodes.ISTORE), slot));
            }
            slot += argument.getSize();
        }
        for (int reference : references) {
            boolean receiver = reference == 0 && !isStatic;
            if (!receiver && !parameters.containsKey(reference) && !isSecondHalf(reference, parameters)) {
                list.add(new InsnNode(Opcodes.ACONST_NULL));
                list.add(new VarInsnNode(Opcodes.ASTORE, reference));
            }
        }
        for (int r = 0; r < regions.size(); r++) {
            list.add(new InsnNode(Opcodes.ACONST_NULL));
            list.add(new VarInsnNode(Opcodes.ASTORE, holdSlot(r)));
        }
    }

    private static boolean isSecondHalf(int slot, Map<Integer, Type> parameters) {
        Type before = parameters.get(slot - 1);
        return before != null && before.getSize() == 2;
    }
}
