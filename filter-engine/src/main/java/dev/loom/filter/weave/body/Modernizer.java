package dev.loom.filter.weave.body;

import java.util.Optional;
import java.util.function.Function;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.JSRInlinerAdapter;

/**
 * Brings class files from before Java 7 to version 51: subroutines inlined, stack map frames computed. {@code invokedynamic} needs
 * that version (JVMS 4.10, 6.5), and from it on the verifier wants frames.
 */
public final class Modernizer {

    private Modernizer() {}

    public static boolean isNeeded(byte[] classFile) {
        return major(classFile) < Opcodes.V1_7;
    }

    static int major(byte[] classFile) {
        return ((classFile[6] & 0xff) << 8) | (classFile[7] & 0xff);
    }

    /**
     * A class file with complete frames: the same one, but for old ones.
     *
     * @param classes finds other classes by internal name; asked only for old class files
     * @throws CannotWeave if the frames cannot be computed
     */
    public static byte[] modern(byte[] classFile, Function<String, Optional<byte[]>> classes) {
        return isNeeded(classFile) ? modernize(classFile, classes) : classFile;
    }

    private static byte[] modernize(byte[] classFile, Function<String, Optional<byte[]>> classes) {
        ClassReader reader = new ClassReader(classFile);
        Hierarchy hierarchy = new Hierarchy(
                name -> name.equals(reader.getClassName()) ? Optional.of(classFile) : classes.apply(name));
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_FRAMES) {
            @Override
            protected String getCommonSuperClass(String one, String other) {
                return hierarchy.commonSuperclass(one, other);
            }
        };
        ClassVisitor inliner = new ClassVisitor(Opcodes.ASM9, writer) {
            @Override
            public void visit(int version, int access, String name, String signature, String superName, String[] interfaces) {
                super.visit(Opcodes.V1_7, access, name, signature, superName, interfaces);
            }

            @Override
            public MethodVisitor visitMethod(int access, String name, String desc, String signature, String[] exceptions) {
                MethodVisitor next = super.visitMethod(access, name, desc, signature, exceptions);
                return new JSRInlinerAdapter(Opcodes.ASM9, null, access, name, desc, signature, exceptions) {
                    @Override
                    public void visitEnd() {
                        super.visitEnd();
                        BodySize.checkWithLongJumps(reader.getClassName(), this);
                        accept(next);
                    }
                };
            }
        };
        try {
            reader.accept(inliner, ClassReader.SKIP_FRAMES);
            return writer.toByteArray();
        } catch (CannotWeave e) {
            throw e;
        } catch (RuntimeException e) {
            throw new CannotWeave("class " + reader.getClassName().replace('/', '.')
                    + " cannot be brought to class file version 51: " + e, e);
        }
    }
}
