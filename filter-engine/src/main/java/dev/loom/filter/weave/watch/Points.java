package dev.loom.filter.weave.watch;

import dev.loom.filter.analysis.ControlFlow;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Tells of the instructions of one class which are to be watched, and what they do. Not thread-safe. */
final class Points {

    /** The class whose objects static fields belong to. */
    private static final String CLASS = "java/lang/Class";

    /** What all handles use of which the field is not known. */
    private static final String ANY_HANDLE = "handle";

    private final String type;
    private final Fields fields;
    private final Handles handles;

    Points(ClassReader own, Function<String, Optional<byte[]>> classes) {
        this.type = own.getClassName();
        this.fields = new Fields(own, classes);
        this.handles = new Handles(own, classes);
    }

    /** Null if there is nothing to watch. */
    @Nullable WatchPoint of(MethodNode method, ControlFlow code, int index, boolean locked) {
        AbstractInsnNode insn = code.insn(index);
        WatchPoint point = null;
        if (insn instanceof FieldInsnNode access) {
            point = access(access);
        } else if (insn instanceof MethodInsnNode call && (insn.getOpcode() == Opcodes.INVOKEVIRTUAL || insn.getOpcode() == Opcodes.INVOKEINTERFACE)) {
            point = call(method, call);
        }
        return point == null ? null : new WatchPoint(
                type, method.name + method.desc, index, Math.max(0, code.line(index)), point.kind(), point.variable(), point.target(), point.use(),
                point.isStatic(), locked);
    }

    private @Nullable WatchPoint access(FieldInsnNode access) {
        boolean writes = access.getOpcode() == Opcodes.PUTFIELD || access.getOpcode() == Opcodes.PUTSTATIC;
        return isJdk(access.owner) ? null
                : field(fields.find(access.owner, access.name, access.desc), access.name, new WatchPoint.Use(!writes, writes, false, false));
    }

    private static @Nullable WatchPoint field(Fields.@Nullable Declaration field, String name, WatchPoint.Use use) {
        if (field == null || field.is(Opcodes.ACC_FINAL) || field.is(Opcodes.ACC_SYNTHETIC) || field.owner().equals(CLASS)) {
            return null;
        }
        WatchPoint.Kind kind = field.is(Opcodes.ACC_VOLATILE) ? WatchPoint.Kind.VOLATILE : WatchPoint.Kind.FIELD;
        String variable = field.owner() + "." + name;
        return what(kind, variable, variable.replace('/', '.'), use, field.is(Opcodes.ACC_STATIC));
    }

    private @Nullable WatchPoint call(MethodNode method, MethodInsnNode call) {
        boolean isUsed = isResultUsed(call);
        String target = call.owner.replace('/', '.') + "." + call.name;
        ObjectCalls.Effect effect = ObjectCalls.of(isJdk(call.owner) ? call.owner : fields.jdkAbove(call.owner), call.name, call.desc);
        if (effect != null) {
            WatchPoint.Use use = new WatchPoint.Use(!effect.changes() || isUsed, effect.changes(), effect.checks(), effect.isKeyed());
            return what(WatchPoint.Kind.CALL, effect.family(), target, use, false);
        }
        WatchPoint.Use use = Handles.use(call, isUsed);
        if (use == null) {
            return null;
        }
        Handles.Named named = handles.field(method, call);
        Fields.Declaration field = named == null ? null : fields.find(named.owner(), named.name());
        if (named == null || field == null || field.is(Opcodes.ACC_STATIC)) {
            return what(WatchPoint.Kind.HANDLE, ANY_HANDLE, target, use, false);
        }
        WatchPoint point = field(field, named.name(), use);
        // the handle makes the access an atomic one, whatever the field is
        return point == null ? null : what(WatchPoint.Kind.VOLATILE, point.variable(), point.target(), use, false);
    }

    private static WatchPoint what(WatchPoint.Kind kind, String variable, String target, WatchPoint.Use use, boolean isStatic) {
        return new WatchPoint("", "", 0, 0, kind, variable, target, use, isStatic, false);
    }

    private static boolean isResultUsed(MethodInsnNode call) {
        AbstractInsnNode next = call.getNext();
        while (next != null && next.getOpcode() < 0) {
            next = next.getNext();
        }
        boolean isDropped = next != null && (next.getOpcode() == Opcodes.POP || next.getOpcode() == Opcodes.POP2);
        return !isDropped && Type.getReturnType(call.desc) != Type.VOID_TYPE;
    }

    static boolean isJdk(String owner) {
        return owner.startsWith("java/") || owner.startsWith("javax/");
    }
}
