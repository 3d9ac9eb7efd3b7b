package dev.loom.filter.weave.watch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.Frame;
import org.objectweb.asm.tree.analysis.SourceInterpreter;
import org.objectweb.asm.tree.analysis.SourceValue;

/**
 * Which fields are used by updaters and by {@code VarHandle}s: told where a class makes the handle of a constant name and keeps it in a static field,
 * and the call takes it from there. Not thread-safe.
 */
final class Handles {

    private static final String ATOMIC = "java/util/concurrent/atomic/Atomic";
    private static final String UPDATER = "FieldUpdater";
    private static final String VAR_HANDLE = "java/lang/invoke/VarHandle";

    /** A field by its class and name. */
    record Named(String owner, String name) {}

    private final String own;
    private final ClassReader ownClass;
    private final Function<String, Optional<byte[]>> classes;
    /** By class: what its static fields are handles of. */
    private final Map<String, Map<String, Named>> known = new HashMap<>();
    private @Nullable MethodNode method;
    private Frame<SourceValue>[] frames = none();

    Handles(ClassReader own, Function<String, Optional<byte[]>> classes) {
        this.own = own.getClassName();
        this.ownClass = own;
        this.classes = classes;
    }

    @SuppressWarnings("unchecked")
    private static Frame<SourceValue>[] none() {
        return new Frame[0];
    }

    /** What a call of a handle does with the field of its first argument; null if it is no such call. */
    static WatchPoint.@Nullable Use use(MethodInsnNode call, boolean isResultUsed) {
        Type[] arguments = Type.getArgumentTypes(call.desc);
        if (!isHandle(call.owner) || arguments.length == 0 || arguments[0].getSort() != Type.OBJECT) {
            return null;
        }
        String name = call.name;
        if (name.startsWith("compareAnd") || name.startsWith("weakCompareAnd")) {
            return new WatchPoint.Use(isResultUsed, true, true, false);
        }
        if (name.startsWith("getAnd") || name.endsWith("AndGet")) {
            return new WatchPoint.Use(isResultUsed, true, false, false);
        }
        boolean writes = name.startsWith("set") || name.equals("lazySet");
        return writes || name.startsWith("get") ? new WatchPoint.Use(!writes, writes, false, false) : null;
    }

    private static boolean isHandle(String type) {
        return type.equals(VAR_HANDLE) || type.startsWith(ATOMIC) && type.endsWith(UPDATER);
    }

    /** The field that a call uses, which is an instruction of a method; null if that is not plain to see. */
    @Nullable Named field(MethodNode in, MethodInsnNode call) {
        if (in != method) {
            method = in;
            try {
                frames = new Analyzer<>(new SourceInterpreter()).analyze(own, in);
            } catch (AnalyzerException | RuntimeException e) {
                frames = none();
            }
        }
        int index = in.instructions.indexOf(call);
        Frame<SourceValue> frame = index < frames.length ? frames[index] : null;
        int below = Type.getArgumentTypes(call.desc).length + 1;
        if (frame == null || frame.getStackSize() < below) {
            return null;
        }
        SourceValue handle = frame.getStack(frame.getStackSize() - below);
        if (handle.insns.size() == 1 && handle.insns.iterator().next() instanceof FieldInsnNode from && from.getOpcode() == Opcodes.GETSTATIC) {
            return known.computeIfAbsent(from.owner, this::read).get(from.name);
        }
        return null;
    }

    private Map<String, Named> read(String type) {
        Map<String, Named> handles = new HashMap<>();
        ClassReader reader = type.equals(own) ? ownClass : classes.apply(type).map(ClassReader::new).orElse(null);
        if (reader == null) {
            return handles;
        }
        ClassNode node = new ClassNode();
        reader.accept(node, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        for (MethodNode initializer : node.methods) {
            if (initializer.name.equals("<clinit>")) {
                read(type, initializer, handles);
            }
        }
        return handles;
    }

    private static void read(String type, MethodNode initializer, Map<String, Named> handles) {
        List<AbstractInsnNode> code = new ArrayList<>();
        for (AbstractInsnNode insn : initializer.instructions) {
            if (insn.getOpcode() >= 0) {
                code.add(insn);
            }
        }
        for (int i = 0; i < code.size(); i++) {
            if (code.get(i) instanceof MethodInsnNode made && isHandle(Type.getReturnType(made.desc).getClassName().replace('.', '/'))) {
                int kept = i + 1 < code.size() && code.get(i + 1).getOpcode() == Opcodes.CHECKCAST ? i + 2 : i + 1;
                Named named = named(code, i, made);
                if (named != null && kept < code.size() && code.get(kept) instanceof FieldInsnNode field && field.getOpcode() == Opcodes.PUTSTATIC
                        && field.owner.equals(type)) {
                    handles.put(field.name, named);
                }
            }
        }
    }

    /** Of the arguments each is pushed by one instruction; a type that is not of interest may stand between the two, or behind them. */
    private static @Nullable Named named(List<AbstractInsnNode> code, int call, MethodInsnNode made) {
        Type[] arguments = Type.getArgumentTypes(made.desc);
        int name = -1;
        for (int i = 0; i < arguments.length; i++) {
            name = arguments[i].getClassName().equals(String.class.getName()) ? i : name;
        }
        int first = call - arguments.length;
        return name >= 0 && first >= 0 && constant(code.get(first)) instanceof Type owner && constant(code.get(first + name)) instanceof String field
                ? new Named(owner.getInternalName(), field) : null;
    }

    private static @Nullable Object constant(AbstractInsnNode insn) {
        return insn instanceof LdcInsnNode ldc ? ldc.cst : null;
    }
}
