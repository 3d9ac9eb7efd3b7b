package dev.loom.filter.prepare;

import dev.loom.filter.classes.PreparedForm;
import dev.loom.filter.weave.body.HookAbi;
import java.util.Map;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.MethodNode;

/**
 * Has the guards of a class that was woven be linked by a method of the class itself, which asks {@code dev.loom.bootstrap.PreparedGuards},
 * wherever that comes from, and does without where there is none:
 *
 * <pre>
 *   private static Object loom$guard(Lookup caller, String name, MethodType type, Object guard) {
 *       try {
 *           return PreparedGuards.guard(caller, guard);
 *       } catch (LinkageError e) {
 *           try {
 *               System.setProperty("dev.loom.unlinked", "true");
 *           } catch (SecurityException mayNot) {
 *           }
 *           return new ConstantCallSite(MethodHandles.constant(boolean.class, false));
 *       }
 *   }
 * </pre>
 */
final class GuardLinks {

    private static final String GUARDS = "dev/loom/bootstrap/PreparedGuards";
    private static final String GUARDS_DESC =
            "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/Object;)Ljava/lang/invoke/CallSite;";

    /** System property that tells an agent which comes later that some guards were linked without anybody who can turn them on. */
    private static final String UNLINKED = "dev.loom.unlinked";

    private final Map<String, MethodNode> unwoven;

    /** @param unwoven the bodies from which the class was woven, by name and descriptor */
    GuardLinks(Map<String, MethodNode> unwoven) {
        this.unwoven = unwoven;
    }

    byte[] give(byte[] woven) {
        ClassReader reader = new ClassReader(woven);
        boolean isInterface = (reader.getAccess() & Opcodes.ACC_INTERFACE) != 0;
        Handle own = new Handle(
                Opcodes.H_INVOKESTATIC, reader.getClassName(), PreparedForm.GUARD, PreparedForm.GUARD_DESC, isInterface);
        ClassWriter writer = new ClassWriter(0);
        reader.accept(new ClassVisitor(Opcodes.ASM9, writer) {
            @Override
            public MethodVisitor visitMethod(int access, String name, String desc, String signature, String[] exceptions) {
                return new Relinked(super.visitMethod(access, name, desc, signature, exceptions), own, unwoven.get(name + desc));
            }

            @Override
            public void visitEnd() {
                writeLink(this);
                super.visitEnd();
            }
        }, 0);
        return writer.toByteArray();
    }

    /** Links guards by the class's own method. */
    private static final class Relinked extends MethodVisitor {

        private final Handle own;
        private final MethodNode unwoven;

        Relinked(MethodVisitor next, Handle own, MethodNode unwoven) {
            super(Opcodes.ASM9, next);
            this.own = own;
            this.unwoven = unwoven;
        }

        @Override
        public void visitInvokeDynamicInsn(String name, String desc, Handle link, Object... arguments) {
            if (link.equals(HookAbi.BOOTSTRAP.guard())) {
                // the version between method and point is 0
                super.visitInvokeDynamicInsn(name, desc, own, PreparedForm.text(
                        (Integer) arguments[2], Preparer.instructions(unwoven), unwoven.maxStack, (String) arguments[0]));
            } else {
                super.visitInvokeDynamicInsn(name, desc, link, arguments);
            }
        }
    }

    private static void writeLink(ClassVisitor type) {
        MethodVisitor code = type.visitMethod(
                Opcodes.ACC_PRIVATE | Opcodes.ACC_STATIC | Opcodes.ACC_SYNTHETIC, PreparedForm.GUARD, PreparedForm.GUARD_DESC, null, null);
        Label from = new Label();
        Label to = new Label();
        Label failed = new Label();
        Label telling = new Label();
        Label told = new Label();
        Label mayNot = new Label();
        Label done = new Label();
        code.visitCode();
        code.visitTryCatchBlock(from, to, failed, "java/lang/LinkageError");
        code.visitTryCatchBlock(telling, told, mayNot, "java/lang/SecurityException");
        code.visitLabel(from);
        code.visitVarInsn(Opcodes.ALOAD, 0);
        code.visitVarInsn(Opcodes.ALOAD, 3);
        code.visitMethodInsn(Opcodes.INVOKESTATIC, GUARDS, "guard", GUARDS_DESC, false);
        code.visitLabel(to);
        code.visitInsn(Opcodes.ARETURN);
        code.visitLabel(failed);
        code.visitFrame(Opcodes.F_SAME1, 0, null, 1, new Object[] {"java/lang/LinkageError"});
        code.visitInsn(Opcodes.POP);
        code.visitLabel(telling);
        code.visitLdcInsn(UNLINKED);
        code.visitLdcInsn("true");
        code.visitMethodInsn(
                Opcodes.INVOKESTATIC, "java/lang/System", "setProperty", "(Ljava/lang/String;Ljava/lang/String;)Ljava/lang/String;", false);
        code.visitInsn(Opcodes.POP);
        code.visitLabel(told);
        code.visitJumpInsn(Opcodes.GOTO, done);
        code.visitLabel(mayNot);
        code.visitFrame(Opcodes.F_SAME1, 0, null, 1, new Object[] {"java/lang/SecurityException"});
        code.visitInsn(Opcodes.POP);
        code.visitLabel(done);
        code.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
        code.visitTypeInsn(Opcodes.NEW, "java/lang/invoke/ConstantCallSite");
        code.visitInsn(Opcodes.DUP);
        code.visitFieldInsn(Opcodes.GETSTATIC, "java/lang/Boolean", "TYPE", "Ljava/lang/Class;");
        code.visitFieldInsn(Opcodes.GETSTATIC, "java/lang/Boolean", "FALSE", "Ljava/lang/Boolean;");
        code.visitMethodInsn(Opcodes.INVOKESTATIC, "java/lang/invoke/MethodHandles", "constant",
                "(Ljava/lang/Class;Ljava/lang/Object;)Ljava/lang/invoke/MethodHandle;", false);
        code.visitMethodInsn(
                Opcodes.INVOKESPECIAL, "java/lang/invoke/ConstantCallSite", "<init>", "(Ljava/lang/invoke/MethodHandle;)V", false);
        code.visitInsn(Opcodes.ARETURN);
        code.visitMaxs(4, 4);
        code.visitEnd();
    }
}
