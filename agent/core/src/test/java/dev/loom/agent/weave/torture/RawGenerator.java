package dev.loom.agent.weave.torture;

import static org.objectweb.asm.Opcodes.*;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Type;

/**
 * Makes one class file of shapes that no compiler makes: loops entered in the middle and with several headers, backward switches,
 * handlers before and inside what they guard, variables of changing types, values on the stack across jumps, loops at offset 0.
 */
final class RawGenerator {

    private static final String T_NAME = "dev/loom/agent/weave/torture/T";

    /** How a method is blown up. */
    enum Size { NORMAL, NEAR_JIT_LIMIT, HUGE, MANY_LOCALS }

    private final Random random;
    private final String name;
    private MethodVisitor mv;
    private int blocks;
    private Label[] starts;
    private int[] kind;
    private boolean isStatic;
    private int ints;
    private int refs;
    private int wides;
    private int scratch;
    private int counter;
    private String returns;

    RawGenerator(long seed, String name) {
        random = new Random(seed * 0x632BE59BD9B4E019L + 5);
        this.name = name;
    }

    byte[] generate(Size size) {
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_FRAMES);
        int version = pick(V1_7, V1_8, V11, V17);
        writer.visit(version, ACC_PUBLIC | ACC_SUPER, name, null, "java/lang/Object", null);
        writer.visitSource(name + ".java", null);
        MethodVisitor init = writer.visitMethod(ACC_PUBLIC, "<init>", "()V", null, null);
        init.visitVarInsn(ALOAD, 0);
        init.visitMethodInsn(INVOKESPECIAL, "java/lang/Object", "<init>", "()V", false);
        init.visitInsn(RETURN);
        init.visitMaxs(0, 0);
        isStatic = random.nextBoolean();
        returns = pick("V", "I", "J", "D", "F", "Ljava/lang/Object;");
        String desc = pick("(ILjava/lang/Object;J)", "(ILjava/lang/Object;J)", "(JILjava/lang/Object;)") + returns;
        mv = writer.visitMethod(ACC_PUBLIC | (isStatic ? ACC_STATIC : 0), "m", desc, null, null);
        body(desc, size);
        MethodVisitor run = writer.visitMethod(ACC_PUBLIC | ACC_STATIC, "run", "(I)Ljava/lang/Object;", null, null);
        run.visitCode();
        if (!isStatic) {
            run.visitTypeInsn(NEW, name);
            run.visitInsn(DUP);
            run.visitMethodInsn(INVOKESPECIAL, name, "<init>", "()V", false);
        }
        for (Type argument : Type.getArgumentTypes(desc)) {
            switch (argument.getSort()) {
                case Type.INT -> run.visitVarInsn(ILOAD, 0);
                case Type.LONG -> run.visitLdcInsn(77L);
                default -> run.visitLdcInsn("object");
            }
        }
        run.visitMethodInsn(isStatic ? INVOKESTATIC : INVOKEVIRTUAL, name, "m", desc, false);
        switch (returns) {
            case "V" -> run.visitInsn(ACONST_NULL);
            case "I" -> run.visitMethodInsn(INVOKESTATIC, "java/lang/Integer", "valueOf", "(I)Ljava/lang/Integer;", false);
            case "J" -> run.visitMethodInsn(INVOKESTATIC, "java/lang/Long", "valueOf", "(J)Ljava/lang/Long;", false);
            case "D" -> run.visitMethodInsn(INVOKESTATIC, "java/lang/Double", "valueOf", "(D)Ljava/lang/Double;", false);
            case "F" -> run.visitMethodInsn(INVOKESTATIC, "java/lang/Float", "valueOf", "(F)Ljava/lang/Float;", false);
            default -> { }
        }
        run.visitInsn(ARETURN);
        run.visitMaxs(0, 0);
        writer.visitEnd();
        return writer.toByteArray();
    }

    /** Variables: parameters, then ints, references and wide ones of fixed kind, then scratch slots of any. */
    private void body(String desc, Size size) {
        int first = (isStatic ? 0 : 1) + 4;
        boolean headerAtZero = random.nextInt(4) == 0;
        ints = first;
        refs = ints + 3;
        wides = refs + 3;
        scratch = wides + 4;
        if (size == Size.MANY_LOCALS) {
            scratch += 150 + random.nextInt(160);
        }
        counter = scratch + 7;
        blocks = 3 + random.nextInt(12);
        starts = new Label[blocks];
        kind = new int[blocks];
        for (int b = 0; b < blocks; b++) {
            starts[b] = new Label();
            kind[b] = b == 0 ? 0 : random.nextInt(6) == 0 ? 1 : 0;
        }
        int handlers = random.nextInt(4);
        List<int[]> tries = new ArrayList<>();
        for (int h = 0; h < handlers; h++) {
            int from = 1 + random.nextInt(blocks - 1);
            int to = from + 1 + random.nextInt(3);
            int target = 1 + random.nextInt(blocks - 1);
            if (kind[target] == 0 && to <= blocks) {
                tries.add(new int[] {from, to, target, random.nextInt(3)});
                kind[target] = 2;
            }
        }
        boolean anyPlain = false;
        for (int b = 1; b < blocks; b++) {
            anyPlain |= kind[b] == 0;
        }
        if (!anyPlain) {
            for (int b = 1; b < blocks; b++) {
                kind[b] = 0;
            }
            tries.clear();
        }
        mv.visitCode();
        Label end = new Label();
        for (int[] t : tries) {
            mv.visitTryCatchBlock(
                    starts[t[0]], t[1] == blocks ? end : starts[t[1]], starts[t[2]],
                    // never what OutOfFuel is: such a program would not end
                    t[3] == 0 ? "java/lang/Exception" : t[3] == 1 ? T_NAME + "$Boom" : "java/lang/RuntimeException");
        }
        Label zero = null;
        if (headerAtZero) {
            // a loop over nothing but a parameter, whose header is the first instruction of all
            int parameter = isStatic ? intParameter(desc) : intParameter(desc) + 1;
            zero = new Label();
            mv.visitLabel(zero);
            mv.visitLineNumber(1, zero);
            mv.visitIincInsn(parameter, -1);
            mv.visitVarInsn(ILOAD, parameter);
            mv.visitJumpInsn(IFGT, zero);
        }
        for (int i = 0; i < 3; i++) {
            mv.visitInsn(ICONST_0 + i);
            mv.visitVarInsn(ISTORE, ints + i);
            if (random.nextInt(3) == 0) {
                mv.visitInsn(ACONST_NULL);
            } else {
                mv.visitLdcInsn("r" + i);
            }
            mv.visitVarInsn(ASTORE, refs + i);
        }
        mv.visitLdcInsn(5L);
        mv.visitVarInsn(LSTORE, wides);
        mv.visitLdcInsn(2.5);
        mv.visitVarInsn(DSTORE, wides + 2);
        if (size == Size.MANY_LOCALS) {
            for (int i = wides + 4; i < scratch; i++) {
                mv.visitInsn(ICONST_3);
                mv.visitVarInsn(ISTORE, i);
            }
        }
        for (int b = 0; b < blocks; b++) {
            block(b, size);
        }
        mv.visitLabel(end);
        mv.visitMaxs(0, 0);
        mv.visitEnd();
    }

    private static int intParameter(String desc) {
        return desc.startsWith("(I") ? 0 : 2;
    }

    private void block(int b, Size size) {
        mv.visitLabel(starts[b]);
        mv.visitLineNumber(10 + random.nextInt(blocks + 3), starts[b]);
        if (kind[b] == 1) {
            mv.visitMethodInsn(INVOKESTATIC, T_NAME, "log", "(I)V", false);
        } else if (kind[b] == 2) {
            if (random.nextBoolean()) {
                mv.visitInsn(POP);
            } else {
                mv.visitVarInsn(ASTORE, scratch);
            }
        }
        push(b);
        mv.visitMethodInsn(INVOKESTATIC, T_NAME, "log", "(I)V", false);
        int count = random.nextInt(5);
        if (size == Size.NEAR_JIT_LIMIT) {
            count += (7000 + random.nextInt(1500)) / blocks / 9;
        } else if (size == Size.HUGE) {
            count += (52_000 + random.nextInt(9_000)) / blocks / 9;
        }
        for (int i = 0; i < count; i++) {
            step();
        }
        if (random.nextInt(3) == 0) {
            push(random.nextInt(100));
            mv.visitMethodInsn(INVOKESTATIC, T_NAME, "take", "(I)I", false);
            mv.visitVarInsn(ISTORE, ints + 1);
        }
        if (random.nextInt(4) == 0) {
            // a loop of one block, that ends in a conditional jump
            Label again = new Label();
            push(random.nextInt(6));
            mv.visitVarInsn(ISTORE, counter);
            mv.visitLabel(again);
            step();
            mv.visitIincInsn(counter, -1);
            mv.visitVarInsn(ILOAD, counter);
            mv.visitJumpInsn(IFGT, again);
        }
        end(b);
    }

    private void step() {
        switch (random.nextInt(9)) {
            case 0 -> mv.visitIincInsn(ints + random.nextInt(3), random.nextInt(20) - 5);
            case 1 -> {
                mv.visitVarInsn(ILOAD, ints + random.nextInt(3));
                mv.visitVarInsn(ILOAD, ints + random.nextInt(3));
                mv.visitInsn(pick(IADD, ISUB, IMUL, IXOR));
                mv.visitVarInsn(ISTORE, ints + random.nextInt(3));
            }
            case 2 -> {
                switch (random.nextInt(5)) {
                    case 0 -> mv.visitInsn(ACONST_NULL);
                    case 1 -> mv.visitLdcInsn("s");
                    case 2 -> create("java/lang/StringBuilder");
                    case 3 -> create("java/lang/StringBuffer");
                    default -> create("java/util/ArrayList");
                }
                mv.visitVarInsn(ASTORE, refs + random.nextInt(3));
            }
            case 3 -> {
                mv.visitVarInsn(ALOAD, refs + random.nextInt(3));
                mv.visitMethodInsn(INVOKESTATIC, T_NAME, "mix", "(Ljava/lang/Object;)V", false);
            }
            case 4 -> {
                mv.visitVarInsn(LLOAD, wides);
                mv.visitVarInsn(ILOAD, ints);
                mv.visitInsn(I2L);
                mv.visitInsn(LADD);
                mv.visitVarInsn(LSTORE, wides);
            }
            case 5 -> {
                // a scratch slot of a new type
                switch (random.nextInt(4)) {
                    case 0 -> {
                        push(3);
                        mv.visitVarInsn(ISTORE, scratch + random.nextInt(5));
                    }
                    case 1 -> {
                        mv.visitVarInsn(DLOAD, wides + 2);
                        mv.visitVarInsn(DSTORE, scratch + random.nextInt(5));
                    }
                    case 2 -> {
                        mv.visitInsn(FCONST_2);
                        mv.visitVarInsn(FSTORE, scratch + random.nextInt(5));
                    }
                    default -> {
                        mv.visitInsn(ACONST_NULL);
                        mv.visitVarInsn(ASTORE, scratch + random.nextInt(5));
                    }
                }
            }
            case 6 -> {
                push(60);
                mv.visitVarInsn(ILOAD, ints + random.nextInt(3));
                mv.visitInsn(ICONST_1);
                mv.visitInsn(IOR);
                mv.visitInsn(IDIV);
                mv.visitVarInsn(ISTORE, ints);
            }
            case 7 -> {
                // a parameter becomes something else
                int slot = isStatic ? 0 : 1;
                mv.visitInsn(ICONST_4);
                mv.visitVarInsn(ISTORE, slot + random.nextInt(4));
            }
            default -> {
                // may throw
                Label fine = new Label();
                mv.visitVarInsn(ILOAD, ints + random.nextInt(3));
                mv.visitIntInsn(BIPUSH, 7);
                mv.visitInsn(IAND);
                mv.visitJumpInsn(IFNE, fine);
                mv.visitTypeInsn(NEW, T_NAME + "$Boom");
                mv.visitInsn(DUP);
                mv.visitLdcInsn("boom");
                mv.visitMethodInsn(INVOKESPECIAL, T_NAME + "$Boom", "<init>", "(Ljava/lang/String;)V", false);
                mv.visitInsn(ATHROW);
                mv.visitLabel(fine);
            }
        }
    }

    private void create(String type) {
        mv.visitTypeInsn(NEW, type);
        mv.visitInsn(DUP);
        mv.visitMethodInsn(INVOKESPECIAL, type, "<init>", "()V", false);
    }

    private int target(int wanted) {
        for (int tries = 0; tries < 40; tries++) {
            int b = 1 + random.nextInt(blocks - 1);
            if (kind[b] == wanted) {
                return b;
            }
        }
        for (int b = 1; b < blocks; b++) {
            if (kind[b] == wanted) {
                return b;
            }
        }
        return -1;
    }

    private void end(int b) {
        int next = b + 1;
        int form = random.nextInt(9);
        boolean falls = next < blocks && kind[next] == 0;
        int stacked = random.nextInt(4) == 0 ? target(1) : -1;
        if (stacked > 0) {
            // two ways to blocks that want a value on the stack
            push(b + 500);
            mv.visitVarInsn(ILOAD, ints + random.nextInt(3));
            int other = target(1);
            mv.visitJumpInsn(pick(IFLT, IFEQ), starts[other]);
            mv.visitJumpInsn(GOTO, starts[stacked]);
            return;
        }
        if (form < 3 && falls) {
            mv.visitVarInsn(ILOAD, ints + random.nextInt(3));
            mv.visitVarInsn(ILOAD, ints + random.nextInt(3));
            mv.visitJumpInsn(pick(IF_ICMPLT, IF_ICMPGE, IF_ICMPNE), starts[target(0)]);
            return;
        }
        if (form < 5) {
            mv.visitJumpInsn(GOTO, starts[target(0)]);
            return;
        }
        if (form == 5) {
            mv.visitVarInsn(ILOAD, ints + random.nextInt(3));
            mv.visitTableSwitchInsn(0, 2, starts[target(0)], starts[target(0)], starts[target(0)], starts[target(0)]);
            return;
        }
        if (form == 6) {
            mv.visitVarInsn(ILOAD, ints + random.nextInt(3));
            mv.visitLookupSwitchInsn(starts[target(0)], new int[] {-5, 3, 900}, new Label[] {
                starts[target(0)], starts[target(0)], starts[target(0)]
            });
            return;
        }
        if (falls && form == 7) {
            mv.visitVarInsn(ALOAD, refs + random.nextInt(3));
            mv.visitJumpInsn(pick(IFNULL, IFNONNULL), starts[target(0)]);
            return;
        }
        switch (returns) {
            case "V" -> mv.visitInsn(RETURN);
            case "I" -> {
                mv.visitVarInsn(ILOAD, ints);
                mv.visitInsn(IRETURN);
            }
            case "J" -> {
                mv.visitVarInsn(LLOAD, wides);
                mv.visitInsn(LRETURN);
            }
            case "D" -> {
                mv.visitVarInsn(DLOAD, wides + 2);
                mv.visitInsn(DRETURN);
            }
            case "F" -> {
                mv.visitInsn(FCONST_1);
                mv.visitInsn(FRETURN);
            }
            default -> {
                mv.visitVarInsn(ALOAD, refs);
                mv.visitInsn(ARETURN);
            }
        }
    }

    private void push(int value) {
        if (value < 128) {
            mv.visitIntInsn(BIPUSH, value);
        } else {
            mv.visitIntInsn(SIPUSH, value);
        }
    }

    private int pick(int... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private String pick(String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
