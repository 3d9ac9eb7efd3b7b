package dev.loom.filter.weave.body;

import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.commons.InstructionAdapter;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;

/** Writes a stretch of code that is put into a body later. */
public final class Emitter extends InstructionAdapter {

    public static final Type OBJECT = InstructionAdapter.OBJECT_TYPE;

    private final InsnList code;

    public Emitter() {
        this(new MethodNode(Opcodes.ASM9));
    }

    private Emitter(MethodNode sink) {
        super(Opcodes.ASM9, sink);
        code = sink.instructions;
    }

    /** What has been written; it goes where it is put, and is then no longer here. */
    public InsnList code() {
        return code;
    }

    public void mark(LabelNode label) {
        code.add(label);
    }

    /** Marks the beginning of a line. */
    public void mark(LabelNode label, int line) {
        code.add(label);
        code.add(new LineNumberNode(line, label));
    }

    public void jump(int opcode, LabelNode target) {
        code.add(new JumpInsnNode(opcode, target));
    }

    /** Jumps by the number on the stack, from 0; one that is out of range goes to the last target. */
    public void tableSwitch(LabelNode... targets) {
        code.add(new TableSwitchInsnNode(0, targets.length - 1, targets[targets.length - 1], targets));
    }

    public void goTo(LabelNode target) {
        jump(Opcodes.GOTO, target);
    }

    public void frame(List<Object> locals, Object... stack) {
        code.add(Frames.of(locals, stack));
    }

    /** Pushes a constant from the constant pool, as it is. */
    public void ldc(Object constant) {
        code.add(new LdcInsnNode(constant));
    }

    public void call(HookAbi.Call call) {
        invokestatic(call.owner(), call.name(), call.desc(), false);
    }

    public void add(InsnList more) {
        code.add(more);
    }

    public void load(int slot) {
        load(slot, OBJECT);
    }

    public void store(int slot) {
        store(slot, OBJECT);
    }

    /** Puts null into a variable. */
    public void clear(int slot) {
        aconst(null);
        store(slot);
    }

    /** Puts a number that fits into one instruction into a variable. */
    public void set(int slot, int value) {
        iconst(value);
        store(slot, Type.INT_TYPE);
    }

    /** Pushes the value that a field of a type has before anybody sets it; nothing for void. */
    public void zero(Type type) {
        switch (type.getSort()) {
            case Type.VOID -> { }
            case Type.LONG -> lconst(0);
            case Type.FLOAT -> fconst(0);
            case Type.DOUBLE -> dconst(0);
            case Type.ARRAY, Type.OBJECT -> aconst(null);
            default -> iconst(0);
        }
    }
}
