package dev.loom.filter.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.filter.CompileResult;
import dev.loom.filter.FilterCompiler;
import dev.loom.filter.Sources;
import dev.loom.filter.diagnostic.Diagnostic;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Class files that no compiler makes: each is answered with a remark, soon and in bounded memory, and never with an exception. */
class HostileClassTest {

    /** Mutated class files that are tried; more with {@code -Dloom.fuzz.rounds}. */
    private static final int ROUNDS = Integer.getInteger("loom.fuzz.rounds", 1_500);

    private static final String FILTER = "atomic com.acme.Bank#m";

    private final byte[] good;

    HostileClassTest() throws IOException {
        good = Sources.compile("Bank.java", Files.readString(Path.of("src", "test", "resources", "docs", "Bank.java")))
                .find(CheckerFuzz.TYPE).orElseThrow();
    }

    @Test
    void aClassFileThatIsCutOffAnywhereIsRefused() {
        for (int length = 0; length < good.length; length += 7) {
            assertUnreadable(Arrays.copyOf(good, length), CheckerFuzz.FILTERS.get(length % 4));
        }
    }

    @Test
    void bytesThatWereChangedAtRandomAreAnswered() {
        Random random = new Random(2010);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = good.clone();
            for (int i = random.nextInt(6); i >= 0; i--) {
                int at = random.nextInt(bytes.length);
                switch (random.nextInt(4)) {
                    case 0 -> bytes[at] = (byte) random.nextInt();
                    case 1 -> bytes[at] = (byte) (random.nextBoolean() ? 0xFF : 0);
                    case 2 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                    default -> System.arraycopy(good, random.nextInt(bytes.length - 8), bytes, Math.min(at, bytes.length - 8), 8);
                }
            }
            soon(CheckerFuzz.FILTERS.get(round % CheckerFuzz.FILTERS.size()), bytes);
        }
    }

    @Test
    void aSwitchWithMoreCasesThanTheFileHasBytesIsRefused() {
        // low and high of a tableswitch; whoever believes them reserves memory for four thousand million labels
        byte[] bytes = type(m -> {
            Label end = new Label();
            m.visitInsn(Opcodes.ICONST_0);
            m.visitTableSwitchInsn(0x01020304, 0x01020304, end, end);
            m.visitLabel(end);
            m.visitInsn(Opcodes.RETURN);
        });
        int low = indexOf(bytes, new byte[] {1, 2, 3, 4, 1, 2, 3, 4});
        System.arraycopy(new byte[] {(byte) 0x80, 0, 0, 0, 0x7F, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF}, 0, bytes, low, 8);

        assertUnreadable(bytes, FILTER);
    }

    @Test
    void lengthsThatPointBehindTheEndAreRefused() {
        byte[] bytes = type(m -> m.visitInsn(Opcodes.RETURN));
        // the length of the attribute Code, then that of the code itself
        int code = indexOf(bytes, new byte[] {0, 0, 0, 1, (byte) Opcodes.RETURN});
        for (int place : new int[] {code - 8, code}) {
            for (int length : new int[] {Integer.MAX_VALUE, -1, Integer.MIN_VALUE, bytes.length}) {
                byte[] changed = bytes.clone();
                for (int i = 0; i < 4; i++) {
                    changed[place + i] = (byte) (length >>> 24 - 8 * i);
                }
                assertUnreadable(changed, FILTER);
            }
        }
    }

    @Test
    void handlersWithoutMeasureAreRefused() {
        assertUnreadable(type(m -> {
            Label start = new Label();
            Label end = new Label();
            m.visitLabel(start);
            for (int i = 0; i < 60_000; i++) {
                m.visitInsn(Opcodes.NOP);
            }
            m.visitInsn(Opcodes.RETURN);
            m.visitLabel(end);
            for (int i = 0; i < 60_000; i++) {
                m.visitTryCatchBlock(start, end, start, "java/lang/Error");
            }
        }), FILTER);
    }

    @Test
    void subroutinesThatDoubleAtEachFloorAreRefused() {
        assertUnreadable(type(Opcodes.V1_4, m -> {
            Label[] floors = new Label[40];
            Arrays.setAll(floors, i -> new Label());
            m.visitJumpInsn(Opcodes.JSR, floors[0]);
            m.visitInsn(Opcodes.RETURN);
            for (int i = 0; i < floors.length; i++) {
                m.visitLabel(floors[i]);
                m.visitVarInsn(Opcodes.ASTORE, i + 1);
                if (i + 1 < floors.length) {
                    m.visitJumpInsn(Opcodes.JSR, floors[i + 1]);
                    m.visitJumpInsn(Opcodes.JSR, floors[i + 1]);
                }
                m.visitVarInsn(Opcodes.RET, i + 1);
            }
        }), FILTER);
    }

    @Test
    void dynamicConstantsThatDoubleAtEachFloorAreRefused() {
        Handle bootstrap = new Handle(Opcodes.H_INVOKESTATIC, "com/acme/Bank", "b", "()V", false);
        // ASM compares towers of constants by their hash codes, which doubles too: so only as high as it can write
        ConstantDynamic low = new ConstantDynamic("c", "I", bootstrap, 1);
        for (int i = 0; i < 18; i++) {
            low = new ConstantDynamic("c" + i, "I", bootstrap, low, low);
        }
        ConstantDynamic written = low;

        assertUnreadable(type(m -> {
            m.visitLdcInsn(written);
            m.visitInsn(Opcodes.POP);
            m.visitInsn(Opcodes.RETURN);
        }), FILTER);
    }

    @Test
    void variablesWithoutMeasureAreAnswered() {
        answered(type(m -> {
            for (int i = 0; i < 9_000; i++) {
                m.visitInsn(Opcodes.ACONST_NULL);
                m.visitVarInsn(Opcodes.ASTORE, 65_000);
            }
            m.visitInsn(Opcodes.RETURN);
        }), FILTER);
    }

    @Test
    void jumpsBackWithoutMeasureAreAnswered() {
        answered(type(m -> {
            Label start = new Label();
            m.visitLabel(start);
            m.visitLineNumber(1, start);
            for (int i = 0; i < 8_000; i++) {
                m.visitInsn(Opcodes.ICONST_0);
                m.visitJumpInsn(Opcodes.IFEQ, start);
            }
            m.visitInsn(Opcodes.RETURN);
        }), FILTER);
    }

    @Test
    void aClassThatIsItsOwnSuperclassAndNestsItselfIsAnswered() {
        ClassWriter writer = new ClassWriter(0);
        writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, CheckerFuzz.TYPE, null, CheckerFuzz.TYPE, new String[] {CheckerFuzz.TYPE});
        writer.visitInnerClass(CheckerFuzz.TYPE, CheckerFuzz.TYPE, "Bank", 0);
        writer.visitNestMember(CheckerFuzz.TYPE);
        method(writer, m -> m.visitInsn(Opcodes.RETURN));
        writer.visitEnd();

        answered(writer.toByteArray(), FILTER + " by this.nowhere.city");
        answered(writer.toByteArray(), "atomic com.acme.Bank#nowhere");
    }

    @Test
    void annotationsInAnnotationsWithoutEndAreRefused() {
        ClassWriter writer = new ClassWriter(0);
        writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, CheckerFuzz.TYPE, null, "java/lang/Object", null);
        AnnotationVisitor outer = writer.visitAnnotation("Lx;", true);
        AnnotationVisitor at = outer;
        List<AnnotationVisitor> all = new java.util.ArrayList<>(List.of(outer));
        for (int i = 0; i < 500; i++) {
            at = at.visitAnnotation("a", "Lx;");
            all.add(at);
        }
        for (int i = all.size() - 1; i >= 0; i--) {
            all.get(i).visitEnd();
        }
        method(writer, m -> m.visitInsn(Opcodes.RETURN));
        writer.visitEnd();

        assertUnreadable(writer.toByteArray(), FILTER);
    }

    @Test
    void aGiantConstantPoolIsAnsweredOrRefusedByItsSize() throws IOException {
        answered(withTexts(65_000, 100), FILTER);
        assertUnreadable(withTexts(65_000, 200), FILTER);
    }

    @Test
    void aMethodThatIsAllLongTextsIsAnswered() {
        String text = "x".repeat(65_000);
        answered(type(m -> {
            for (int i = 0; i < 13_000; i++) {
                m.visitLdcInsn(text);
                m.visitInsn(Opcodes.POP);
            }
            m.visitInsn(Opcodes.RETURN);
        }), FILTER);
    }

    @Test
    void namesThatWouldHarmATerminalAreShownWithoutHarm() {
        ClassWriter writer = new ClassWriter(0);
        writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, CheckerFuzz.TYPE, null, "java/lang/Object", null);
        writer.visitSource("\u001b[2J.java", null);
        for (String name : List.of("\u001b]0;x\u0007", "\u202Em", "m\n\r\t", "x".repeat(60_000))) {
            MethodVisitor method = writer.visitMethod(Opcodes.ACC_STATIC, name, "()V", null, null);
            method.visitCode();
            method.visitInsn(Opcodes.RETURN);
            method.visitMaxs(0, 0);
            method.visitEnd();
        }
        writer.visitEnd();

        soon("atomic com.acme.Bank#n", writer.toByteArray());
    }

    /** That it is answered within a second of CPU; CheckerFuzz looks at what is said. */
    private static void soon(String filter, byte[] classFile) {
        Effort.soon(() -> CheckerFuzz.check(filter, classFile));
    }

    /** That it is answered. */
    private static void answered(byte[] classFile, String filter) {
        soon(filter, classFile);
    }

    private static void assertUnreadable(byte[] classFile, String filter) {
        soon(filter, classFile);
        CompileResult result = FilterCompiler.compile("f.loom", filter, "f", new CheckerFuzz.One(classFile));
        assertTrue(result.diagnostics().stream().map(Diagnostic::code).anyMatch(c -> c.equals("LOOM-028")),
                () -> result.diagnostics().toString());
    }

    private static byte[] type(Consumer<MethodVisitor> code) {
        return type(Opcodes.V1_6, code);
    }

    private static byte[] type(int version, Consumer<MethodVisitor> code) {
        ClassWriter writer = new ClassWriter(0);
        writer.visit(version < Opcodes.V1_6 ? version : Opcodes.V17, Opcodes.ACC_PUBLIC, CheckerFuzz.TYPE, null, "java/lang/Object", null);
        method(writer, code);
        writer.visitEnd();
        return writer.toByteArray();
    }

    private static void method(ClassWriter writer, Consumer<MethodVisitor> code) {
        MethodVisitor method = writer.visitMethod(Opcodes.ACC_PUBLIC, "m", "()V", null, null);
        method.visitCode();
        code.accept(method);
        method.visitMaxs(4, 65_535);
        method.visitEnd();
    }

    private static byte[] withTexts(int count, int length) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(0xCAFEBABE);
        out.writeInt(Opcodes.V17);
        out.writeShort(count + 5);
        for (String name : List.of(CheckerFuzz.TYPE, "java/lang/Object")) {
            out.writeByte(1);
            out.writeUTF(name);
        }
        for (int index : new int[] {1, 2}) {
            out.writeByte(7);
            out.writeShort(index);
        }
        byte[] text = new byte[length];
        Arrays.fill(text, (byte) 'x');
        for (int i = 0; i < count; i++) {
            out.writeByte(1);
            out.writeShort(length);
            out.write(text);
        }
        out.writeShort(Opcodes.ACC_PUBLIC);
        out.writeShort(3);
        out.writeShort(4);
        for (int i = 0; i < 4; i++) {
            out.writeShort(0); // interfaces, fields, methods, attributes
        }
        return bytes.toByteArray();
    }

    private static int indexOf(byte[] bytes, byte[] part) {
        for (int i = 0; i + part.length <= bytes.length; i++) {
            if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        throw new AssertionError("not there");
    }

    @Test
    void theClassThatIsMutatedIsAcceptedAsItIs() {
        CompileResult result = FilterCompiler.compile("f.loom", CheckerFuzz.FILTERS.get(1), "f", new CheckerFuzz.One(good));
        assertEquals(List.of(), result.diagnostics().stream().map(Diagnostic::code).filter("LOOM-028"::equals).toList());
    }
}
