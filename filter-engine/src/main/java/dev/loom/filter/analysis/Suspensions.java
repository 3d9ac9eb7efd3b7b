package dev.loom.filter.analysis;

import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Where a body may leave its method with the work unfinished, to be continued by a later call: the suspension points of a coroutine.
 *
 * <p>Kotlin compiles a suspend function to a method with a {@code Continuation} that returns an object, and the body of a suspend
 * lambda to {@code invokeSuspend} (until 1.2 {@code doResume}). Such a method suspends by returning {@code COROUTINE_SUSPENDED}: at
 * each comparison of a result with it, and where it passes on what another suspend function returned. Scala's {@code async} compiles
 * its block to a class {@code stateMachine$async$n}; it suspends where it asks a future to call it back.
 *
 * <p>Known by names that the compilers give. A body whose names an obfuscator has changed, or that was written to be continued by hand,
 * looks like any other.
 */
public final class Suspensions {

    private static final String RUNTIME = "kotlin/coroutines/";
    /** How the descriptor of a method ends that returns any object. */
    private static final String OBJECT = ")Ljava/lang/Object;";

    private Suspensions() {}

    /**
     * The suspension points of a body, by instruction; empty if it is no coroutine, or never suspends.
     *
     * @param owner its class
     */
    public static BitSet of(ClassNode owner, ControlFlow code) {
        BitSet points = new BitSet(code.size());
        MethodNode method = code.method();
        if (isAsync(owner)) {
            for (int i = 0; i < code.size(); i++) {
                if (code.insn(i) instanceof MethodInsnNode call && call.name.equals("onComplete")) {
                    points.set(i);
                }
            }
        } else if (isSuspending(method)) {
            Set<Integer> suspended = marks(code);
            Set<Integer> continuations = continuations(method);
            for (int i = 0; i < code.size(); i++) {
                if (code.isReal(i) && isPoint(code, i, suspended, continuations)) {
                    points.set(i);
                }
            }
        }
        return points;
    }

    /** Whether a body is one that may be left with its work unfinished, by its form. */
    private static boolean isSuspending(MethodNode method) {
        return method.desc.endsWith(OBJECT) && (isResumed(method.name, method.desc) || !continuations(method).isEmpty());
    }

    /** Whether a name is that of the method that runs, and goes on with, a suspend lambda. */
    private static boolean isResumed(String name, String desc) {
        return name.equals("invokeSuspend") && desc.equals("(Ljava/lang/Object;)Ljava/lang/Object;")
                || name.equals("doResume") && desc.equals("(Ljava/lang/Object;Ljava/lang/Throwable;)Ljava/lang/Object;");
    }

    private static boolean isAsync(ClassNode owner) {
        return owner.name.contains("stateMachine$async") || owner.superName != null && owner.superName.endsWith("/FutureStateMachine");
    }

    private static boolean isPoint(ControlFlow code, int index, Set<Integer> suspended, Set<Integer> continuations) {
        AbstractInsnNode insn = code.insn(index);
        int opcode = insn.getOpcode();
        if (opcode == Opcodes.IF_ACMPEQ || opcode == Opcodes.IF_ACMPNE) {
            AbstractInsnNode last = before(insn);
            return isMark(last, suspended) || last != null && isMark(before(last), suspended);
        }
        if (opcode == Opcodes.ARETURN) {
            return isMarkCall(before(insn));
        }
        if (!(insn instanceof MethodInsnNode call) || !call.desc.endsWith(OBJECT)) {
            return false;
        }
        boolean passed = before(insn) instanceof VarInsnNode load && load.getOpcode() == Opcodes.ALOAD && continuations.contains(load.var);
        return takesContinuation(call.desc)
                || isResumed(call.name, call.desc)
                || passed && call.owner.contains("kotlin/jvm/functions/Function") && call.name.equals("invoke")
                || call.owner.contains("Continuation") && (call.name.equals("getResult") || call.name.equals("getOrThrow"));
    }

    /** Slots of the parameters that are continuations. */
    private static Set<Integer> continuations(MethodNode method) {
        Set<Integer> slots = new HashSet<>();
        int slot = (method.access & Opcodes.ACC_STATIC) != 0 ? 0 : 1;
        for (Type type : Type.getArgumentTypes(method.desc)) {
            if (isContinuation(type)) {
                slots.add(slot);
            }
            slot += type.getSize();
        }
        return slots;
    }

    private static boolean takesContinuation(String desc) {
        for (Type type : Type.getArgumentTypes(desc)) {
            if (isContinuation(type)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a type is the continuation of any version of Kotlin, in its own package or one that it was moved to. */
    private static boolean isContinuation(Type type) {
        return type.getSort() == Type.OBJECT && type.getInternalName().contains(RUNTIME)
                && type.getInternalName().endsWith("/Continuation");
    }

    /** Variables that hold the mark of a suspension. */
    private static Set<Integer> marks(ControlFlow code) {
        Set<Integer> slots = new HashSet<>();
        for (int i = 0; i < code.size(); i++) {
            AbstractInsnNode insn = code.insn(i);
            if (insn.getOpcode() == Opcodes.ASTORE && isMarkCall(before(insn))) {
                slots.add(((VarInsnNode) insn).var);
            }
        }
        return slots;
    }

    private static boolean isMark(@Nullable AbstractInsnNode insn, Set<Integer> slots) {
        return isMarkCall(insn) || insn instanceof VarInsnNode load && load.getOpcode() == Opcodes.ALOAD && slots.contains(load.var);
    }

    private static boolean isMarkCall(@Nullable AbstractInsnNode insn) {
        return insn instanceof MethodInsnNode call && call.name.equals("getCOROUTINE_SUSPENDED");
    }

    /** The real instruction in front of another in the text of the body; null if there is none. */
    private static @Nullable AbstractInsnNode before(AbstractInsnNode insn) {
        AbstractInsnNode at = insn.getPrevious();
        while (at != null && at.getOpcode() < 0) {
            at = at.getPrevious();
        }
        return at;
    }
}
