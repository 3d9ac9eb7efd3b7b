package dev.loom.filter.classes;

import java.util.HashMap;
import java.util.Map;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Class files that were prepared before they were deployed, and what they were made from. The JVM hands out, and jars hold, the prepared
 * bytes; whoever compiles, weaves or pins asks for the original ones, which follow from these: {@link PreparedBody} takes the update
 * points out again. Thread-safe.
 */
public final class PreparedForm {

    /** The method of a prepared class that links its guards: private, static, synthetic. */
    public static final String GUARD = "loom$guard";

    /**
     * After what every bootstrap method gets, one text: number of the point, instructions of the unwoven body and its operand stack, and the
     * method's name and descriptor. Nothing but objects, so that the JVM calls it without adapting each class's own method first.
     */
    public static final String GUARD_DESC =
            "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;Ljava/lang/invoke/MethodType;Ljava/lang/Object;)Ljava/lang/Object;";

    private PreparedForm() {}

    /**
     * A class file without the update points that it was given.
     *
     * @param classFile still with the method {@link #GUARD}, since a loaded class must keep its methods
     * @param bodies what names the unwoven body of each prepared method in its prepared code, by name and descriptor
     * @param points how many points each had
     */
    public record Original(byte[] classFile, Map<String, String> bodies, Map<String, Integer> points) {}

    /** The class file as it was before it was prepared; the same one if it was not. Throws like {@link #takeBack}. */
    public static byte[] original(byte[] classFile) {
        return PreparedMark.of(classFile) == null ? classFile : takeBack(classFile).classFile();
    }

    /**
     * Takes the update points out of a prepared class.
     *
     * @throws IllegalArgumentException if another version of Loom prepared it, or somebody has changed it since; the message names it
     */
    public static Original takeBack(byte[] classFile) {
        ClassFiles.check(classFile);
        ClassReader reader = new ClassReader(classFile);
        String name = reader.getClassName().replace('/', '.');
        PreparedMark mark = PreparedMark.of(classFile);
        if (mark == null || !mark.isKnown()) {
            throw new IllegalArgumentException("class " + name + " was prepared by another version of Loom (form "
                    + (mark == null ? 0 : mark.version()) + "; this one knows " + PreparedMark.VERSION + "): prepare the jar anew, from the original");
        }
        Map<String, String> bodies = new HashMap<>();
        Map<String, Integer> points = new HashMap<>();
        ClassWriter writer = new ClassWriter(reader, 0);
        try {
            reader.accept(new ClassVisitor(Opcodes.ASM9, writer) {
                @Override
                public MethodVisitor visitMethod(int access, String key, String desc, String signature, String[] exceptions) {
                    return new MethodNode(Opcodes.ASM9, access, key, desc, signature, exceptions) {
                        @Override
                        public void visitEnd() {
                            InvokeDynamicInsnNode guard = PreparedBody.firstGuard(this);
                            if (guard != null) {
                                PreparedBody body = new PreparedBody(this, guard);
                                body.takeBack();
                                bodies.put(key + desc, body.hash());
                                points.put(key + desc, body.points());
                            }
                            accept(writer);
                        }
                    };
                }
            }, ClassReader.EXPAND_FRAMES);
        } catch (RuntimeException e) {
            // ASM answers what it does not understand with whatever its reading runs into
            throw changed(name, e);
        }
        if (points.size() != mark.methods()) {
            throw changed(name, null);
        }
        return new Original(writer.toByteArray(), Map.copyOf(bodies), Map.copyOf(points));
    }

    private static IllegalArgumentException changed(String name, Exception cause) {
        return new IllegalArgumentException("class " + name + " was changed by something else after it was prepared (another agent?), so that"
                + " Loom cannot tell what it was; let that come before", cause);
    }

    /** Whether an instruction's bootstrap method is that of a prepared guard. */
    static boolean isGuard(InvokeDynamicInsnNode insn) {
        return insn.bsm.getName().equals(GUARD) && insn.bsm.getDesc().equals(GUARD_DESC);
    }

    /** The text of a guard. */
    public static String text(int point, int instructions, int stack, String method) {
        return point + " " + instructions + " " + stack + " " + method;
    }

    /** One of the numbers of a guard: 0 the point, 1 instructions, 2 operand stack. */
    static int number(InvokeDynamicInsnNode guard, int index) {
        return Integer.parseInt(((String) guard.bsmArgs[0]).split(" ", 4)[index]);
    }
}
