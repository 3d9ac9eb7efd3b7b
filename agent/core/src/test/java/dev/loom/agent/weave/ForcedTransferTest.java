package dev.loom.agent.weave;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Frames that move at every update point compute what they would have computed. */
public class ForcedTransferTest {

    private static Map<String, byte[]> classesOf(Class<?> type) throws IOException {
        Map<String, byte[]> classes = new HashMap<>();
        classes.put(type.getName(), bytes(type));
        for (Class<?> inner : type.getDeclaredClasses()) {
            classes.put(inner.getName(), bytes(inner));
        }
        return classes;
    }

    private static byte[] bytes(Class<?> type) throws IOException {
        try (InputStream in = type.getResourceAsStream("/" + type.getName().replace('.', '/') + ".class")) {
            return in.readAllBytes();
        }
    }

    @Test
    void a_frame_that_moves_at_every_update_point_computes_the_same() throws Exception {
        String expected = TransferTarget.all();
        // child first for the target
        Map<String, byte[]> renamed = new HashMap<>();
        for (Map.Entry<String, byte[]> entry : classesOf(TransferTarget.class).entrySet()) {
            renamed.put(entry.getKey(), entry.getValue());
        }
        ClassLoader loader = new ChildFirst(renamed);
        long before = ForcedGuards.FORCED.get();
        Object actual = loader.loadClass(TransferTarget.class.getName()).getMethod("all").invoke(null);
        assertEquals(expected, actual);
        assertTrue(ForcedGuards.FORCED.get() - before > 300, "only " + (ForcedGuards.FORCED.get() - before) + " guards were on: nothing was tested");
    }

    /** What somebody else's entry advice would see. */
    private static final List<String> SEEN = new ArrayList<>();

    public static void entered(int times, String text) {
        SEEN.add(times + " " + text);
    }

    public static final class Advised {
        private Advised() {}

        public static int sum(int times, String text) {
            int sum = 0;
            for (int i = 0; i < times; i++) {
                sum += text.length();
            }
            return sum;
        }
    }

    @Test
    void a_method_that_is_called_anew_shows_entry_advice_its_own_parameters() throws Exception {
        byte[] woven = WeavingLoader.neutral(WeavingLoader.FORCED, bytes(Advised.class), n -> Optional.empty());
        ClassWriter writer = new ClassWriter(0);
        new ClassReader(woven).accept(new ClassVisitor(Opcodes.ASM9, writer) {
            @Override
            public MethodVisitor visitMethod(int access, String name, String desc, String signature, String[] exceptions) {
                MethodVisitor body = super.visitMethod(access, name, desc, signature, exceptions);
                return !name.equals("sum") ? body : new MethodVisitor(Opcodes.ASM9, body) {
                    @Override
                    public void visitCode() {
                        super.visitCode();
                        visitVarInsn(Opcodes.ILOAD, 0);
                        visitVarInsn(Opcodes.ALOAD, 1);
                        visitMethodInsn(Opcodes.INVOKESTATIC, "dev/loom/agent/weave/ForcedTransferTest", "entered",
                                "(ILjava/lang/String;)V", false);
                    }
                };
            }
        }, 0);
        Class<?> type = new ClassLoader(ForcedTransferTest.class.getClassLoader()) {
            Class<?> define() {
                byte[] bytes = writer.toByteArray();
                return defineClass(Advised.class.getName(), bytes, 0, bytes.length);
            }
        }.define();
        assertEquals(30, type.getMethod("sum", int.class, String.class).invoke(null, 10, "abc"));
        assertTrue(SEEN.size() > 2, SEEN::toString);
        assertEquals(List.of("10 abc", "10 abc"), SEEN.subList(0, 2), "the call, and the first move");
        // a shell lets go what it has passed on, so that it keeps nothing alive: later moves show null for references
        SEEN.subList(2, SEEN.size()).forEach(seen -> assertTrue(seen.startsWith("10 "), seen));
    }

    private static final class ChildFirst extends ClassLoader {
        private final Map<String, byte[]> classes;

        ChildFirst(Map<String, byte[]> classes) {
            super(ForcedTransferTest.class.getClassLoader());
            this.classes = classes;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            byte[] bytes = classes.get(name);
            if (bytes == null) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null) {
                return loaded;
            }
            byte[] woven = WeavingLoader.neutral(WeavingLoader.FORCED, bytes, n -> Optional.empty());
            return defineClass(name, woven, 0, woven.length);
        }
    }
}
