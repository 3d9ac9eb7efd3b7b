package dev.loom.filter.weave.pass;

import dev.loom.filter.weave.body.Emitter;
import dev.loom.filter.weave.body.Frames;
import dev.loom.filter.weave.body.HookAbi;
import dev.loom.filter.weave.body.WovenBody;
import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodNode;

/** The common part of all stubs: calls the method again, in which the saved frame moves in, and returns what that returns. */
final class Shell {

    private Shell() {}

    static void add(WovenBody body, LabelNode again) {
        HookAbi abi = body.abi();
        Type returned = Type.getReturnType(body.method().desc);
        List<Object> locals = body.layout().shell();
        LabelNode from = new LabelNode();
        LabelNode to = new LabelNode();
        LabelNode back = new LabelNode();
        LabelNode done = new LabelNode();
        LabelNode failed = new LabelNode();
        Emitter code = new Emitter();
        code.mark(again, HookAbi.SHELL_LINE);
        code.frame(locals);
        code.mark(from);
        if (body.layout().hasFlag()) {
            code.load(body.layout().flagSlot(), Type.INT_TYPE);
            code.jump(Opcodes.IFNE, back);
        }
        callAgain(code, body);
        code.mark(to);
        code.call(abi.again());
        code.jump(Opcodes.IFEQ, done);
        if (returned.getSize() == 2) {
            code.pop2();
        } else if (returned.getSize() == 1) {
            code.pop();
        }
        code.goTo(again);
        code.mark(done);
        code.frame(locals, returned.getSort() == Type.VOID ? new Object[0] : new Object[] {Frames.type(returned)});
        code.areturn(returned);
        if (body.layout().hasFlag()) {
            // this frame has moved in itself: it goes back to its own shell, which calls again
            code.mark(back);
            code.frame(locals);
            code.zero(returned);
            code.areturn(returned);
        }
        code.mark(failed);
        code.frame(List.of(), "java/lang/Throwable");
        code.call(abi.abandon());
        code.athrow();
        body.method().instructions.add(code.code());
        body.cover(from, to, failed);
    }

    private static void callAgain(Emitter code, WovenBody body) {
        MethodNode method = body.method();
        int slot = 0;
        if (!body.isStatic()) {
            code.load(slot++);
        }
        for (Type argument : Type.getArgumentTypes(method.desc)) {
            code.load(slot, argument);
            if (argument.getSort() >= Type.ARRAY) {
                // the shell may live long: it must not keep what the method had let go
                code.clear(slot);
            }
            slot += argument.getSize();
        }
        body.needsStack(slot + 4);
        boolean isInterface = (body.type().access & Opcodes.ACC_INTERFACE) != 0;
        code.visitMethodInsn(
                body.isStatic() ? Opcodes.INVOKESTATIC : selfCall(body.type(), method), body.type().name, method.name, method.desc,
                isInterface);
    }

    /**
     * How a method of an object calls itself and nothing that overrides it. A method that cannot be overridden is called by
     * {@code invokevirtual}, as javac calls it: HotSpot before 22 resolves both calls of one constant in one place, and a redefinition of
     * the class mends only the virtual half there, so that {@code invokespecial} would go on in code that is gone.
     */
    private static int selfCall(ClassNode type, MethodNode method) {
        if ((type.access & Opcodes.ACC_INTERFACE) != 0) {
            return Opcodes.INVOKESPECIAL; // has a place of its own
        }
        boolean isPrivate = (method.access & Opcodes.ACC_PRIVATE) != 0;
        boolean callsPrivateVirtually = (type.version & 0xFFFF) >= Opcodes.V11;
        boolean isFinal = ((method.access | type.access) & Opcodes.ACC_FINAL) != 0;
        return isPrivate ? callsPrivateVirtually ? Opcodes.INVOKEVIRTUAL : Opcodes.INVOKESPECIAL
                : isFinal ? Opcodes.INVOKEVIRTUAL : Opcodes.INVOKESPECIAL;
    }
}
