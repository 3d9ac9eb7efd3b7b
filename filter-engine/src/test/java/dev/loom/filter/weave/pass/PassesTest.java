package dev.loom.filter.weave.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.loom.filter.analysis.ControlFlow;
import dev.loom.filter.analysis.RegionInterior;
import dev.loom.filter.analysis.UpdatePoint;
import dev.loom.filter.analysis.VerifierTypes;
import dev.loom.filter.plan.RegionPlan;
import dev.loom.filter.weave.body.HookAbi;
import dev.loom.filter.weave.body.WovenBody;
import dev.loom.filter.weave.body.WovenRegion;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.Label;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.util.Textifier;
import org.objectweb.asm.util.TraceMethodVisitor;

/** What passes make of a small body, as a listing; of source lines, only those with a meaning are listed. */
class PassesTest {

    private static final HookAbi ABI = new HookAbi("Hooks", "Hold", "Guards", "Transfer", "Frame");

    @Test
    void aRegionIsEnteredBeforeItsFirstInstructionAndLeftBehindItsLast() {
        assertListing(
                """
                L0
                INVOKESTATIC A.before ()V
                L1
                ALOAD 0
                INVOKEDYNAMIC enter(LHold;)LHold; 7
                DUP
                ASTORE 0
                ILOAD 1
                INVOKESTATIC Transfer.level (LHold;I)I
                ISTORE 1
                INVOKESTATIC A.inside ()V
                L2
                ALOAD 0
                ILOAD 1
                ACONST_NULL
                ASTORE 0
                ICONST_0
                ISTORE 1
                INVOKESTATIC Hooks.exit (LHold;I)V
                INVOKESTATIC A.after ()V
                RETURN
                """,
                straight(),
                new RegionExits(), new RegionEntries(), new Placement());
    }

    @Test
    void whatIsThrownGivesEveryTokenBack() {
        assertListing(
                """
                TRYCATCHBLOCK L0 L1 L2 null
                L3
                ACONST_NULL
                ASTORE 0
                ICONST_0
                ISTORE 1
                L0
                L4
                INVOKESTATIC A.before ()V
                L5
                INVOKESTATIC A.inside ()V
                L6
                INVOKESTATIC A.after ()V
                RETURN
                L1
                L2
                FRAME FULL [Hold I] [java/lang/Throwable]
                ALOAD 0
                ILOAD 1
                INVOKESTATIC Hooks.exit (LHold;I)V
                ATHROW
                """,
                straight(),
                new Prologue(), new Unwinding());
    }

    @Test
    void aGuardStandsInFrontOfTheJumpBackAndLeadsToAStubThatSavesTheFrame() {
        assertListing(
                """
                TRYCATCHBLOCK L0 L1 L2 null
                TRYCATCHBLOCK L3 L4 L5 null
                L6
                FRAME FULL [I I] []
                ILOAD 0
                INVOKESTATIC A.step (I)V
                INVOKEDYNAMIC guard()Z "run(I)V"
                IFNE L7
                GOTO L6
                L7
                LINENUMBER 65535 L7
                FRAME FULL [I I] []
                L0
                INVOKESTATIC Transfer.hasRoom ()Z
                IFEQ L6
                ILOAD 0
                INVOKEDYNAMIC save(I)Z "run(I)V"
                L1
                IFEQ L6
                GOTO L8
                L2
                FRAME FULL [I I] [java/lang/Throwable]
                POP
                GOTO L6
                L8
                LINENUMBER 65535 L8
                FRAME FULL [I I] []
                L3
                ILOAD 1
                IFNE L9
                ILOAD 0
                INVOKESTATIC A.run (I)V
                L4
                INVOKESTATIC Transfer.again ()Z
                IFEQ L10
                GOTO L8
                L10
                FRAME FULL [I I] []
                RETURN
                L9
                FRAME FULL [I I] []
                RETURN
                L5
                FRAME FULL [] [java/lang/Throwable]
                INVOKESTATIC Transfer.abandon ()V
                ATHROW
                """,
                loop(),
                new Guards(), new FrameLocals(), new Trampolines(), new Placement(), new Stubs());
    }

    @Test
    void aFrameThatMovesInTakesItsLocalsAndAsksTheGuardAgain() {
        assertListing(
                """
                L0
                FRAME FULL [I] []
                ILOAD 0
                INVOKESTATIC A.step (I)V
                GOTO L0
                L1
                LINENUMBER 65534 L1
                FRAME FULL [I T Frame] []
                ICONST_1
                ISTORE 1
                L2
                ALOAD 2
                ICONST_0
                INVOKESTATIC Transfer.intValue (LFrame;I)I
                ISTORE 0
                ALOAD 2
                INVOKESTATIC Transfer.finish (LFrame;)V
                INVOKEDYNAMIC guard()Z "run(I)V"
                IFNE L3
                GOTO L0
                """,
                loop(),
                new Restores(), new OutOfLine());
    }

    @Test
    void aPollStandsAtTheEntryBehindEachCallAndInFrontOfTheJumpBack() {
        WovenBody body = loop();
        new Polls(ABI, body.method(), 4).weave();
        assertEquals(
                """
                ICONST_4
                INVOKESTATIC Hooks.poll (I)V
                L0
                FRAME FULL [I] []
                ILOAD 0
                INVOKESTATIC A.step (I)V
                ICONST_4
                INVOKESTATIC Hooks.poll (I)V
                ICONST_4
                INVOKESTATIC Hooks.poll (I)V
                GOTO L0
                """,
                listing(body.method()));
    }

    @Test
    void aHandlerOfEverythingRunsEvenWhereItsPollFails() {
        MethodNode method = handled();
        new Polls(ABI, method, 4).weave();
        assertEquals(
                """
                TRYCATCHBLOCK L0 L1 L2 null
                TRYCATCHBLOCK L3 L4 L5 null
                ICONST_4
                INVOKESTATIC Hooks.poll (I)V
                L3
                ILOAD 0
                INVOKESTATIC A.step (I)V
                ICONST_4
                INVOKESTATIC Hooks.poll (I)V
                L4
                RETURN
                L5
                FRAME FULL [I] [java/lang/Throwable]
                L0
                ICONST_4
                INVOKESTATIC Hooks.poll (I)V
                L1
                L6
                FRAME FULL [I] [java/lang/Throwable]
                ATHROW
                L2
                FRAME FULL [I] [java/lang/Throwable]
                GOTO L6
                """,
                listing(method));
    }

    @Test
    void aTrampolineHasTheHandlersOfItsJump() {
        assertListing(
                """
                TRYCATCHBLOCK L0 L1 L2 java/lang/Error
                TRYCATCHBLOCK L3 L4 L2 java/lang/Error
                L0
                FRAME FULL [I I] []
                ILOAD 0
                INVOKESTATIC A.step (I)V
                INVOKESTATIC A.more ()Z
                IFNE L3
                RETURN
                L1
                L2
                FRAME FULL [I I] [java/lang/Error]
                ATHROW
                L3
                FRAME FULL [I I] []
                INVOKEDYNAMIC guard()Z "run(I)V"
                IFNE L5
                GOTO L0
                L4
                """,
                repeating(),
                new Guards(), new FrameLocals(), new Trampolines(), new Placement(), new TrampolineHandlers(), new OutOfLine());
    }

    /** {@code try { do { step(count); } while (more()); } catch (Error e) { }}, whose jump back is an update point. */
    private static WovenBody repeating() {
        MethodNode method = new MethodNode(Opcodes.ASM9, Opcodes.ACC_STATIC, "run", "(I)V", null, null);
        method.maxLocals = 1;
        method.maxStack = 1;
        Label header = new Label();
        Label end = new Label();
        Label handler = new Label();
        method.visitTryCatchBlock(header, end, handler, "java/lang/Error");
        method.visitLabel(header);
        method.visitFrame(Opcodes.F_NEW, 1, new Object[] {Opcodes.INTEGER}, 0, new Object[0]);
        method.visitVarInsn(Opcodes.ILOAD, 0);
        method.visitMethodInsn(Opcodes.INVOKESTATIC, "A", "step", "(I)V", false);
        method.visitMethodInsn(Opcodes.INVOKESTATIC, "A", "more", "()Z", false);
        method.visitJumpInsn(Opcodes.IFNE, header);
        method.visitInsn(Opcodes.RETURN);
        method.visitLabel(end);
        method.visitLabel(handler);
        method.visitFrame(Opcodes.F_NEW, 1, new Object[] {Opcodes.INTEGER}, 1, new Object[] {"java/lang/Error"});
        method.visitInsn(Opcodes.ATHROW);
        ControlFlow flow = ControlFlow.of(method);
        int jump = flow.size() - 6;
        UpdatePoint point = new UpdatePoint(0, UpdatePoint.Kind.BACK_EDGE, jump, 0, List.of(Opcodes.INTEGER));
        return new WovenBody(ABI, type(), method, flow, List.of(point), 1, List.of(), VerifierTypes.of("A", method));
    }

    /** {@code try { step(count); } finally { }}. */
    private static MethodNode handled() {
        MethodNode method = new MethodNode(Opcodes.ASM9, Opcodes.ACC_STATIC, "run", "(I)V", null, null);
        Label start = new Label();
        Label end = new Label();
        Label handler = new Label();
        method.visitTryCatchBlock(start, end, handler, null);
        method.visitLabel(start);
        method.visitVarInsn(Opcodes.ILOAD, 0);
        method.visitMethodInsn(Opcodes.INVOKESTATIC, "A", "step", "(I)V", false);
        method.visitLabel(end);
        method.visitInsn(Opcodes.RETURN);
        method.visitLabel(handler);
        method.visitFrame(Opcodes.F_NEW, 1, new Object[] {Opcodes.INTEGER}, 1, new Object[] {"java/lang/Throwable"});
        method.visitInsn(Opcodes.ATHROW);
        return method;
    }

    /** {@code before(); inside(); after();} on lines 10 to 12, with a region of line 11. */
    private static WovenBody straight() {
        MethodNode method = new MethodNode(Opcodes.ASM9, Opcodes.ACC_STATIC, "run", "()V", null, null);
        int line = 10;
        for (String called : List.of("before", "inside", "after")) {
            Label start = new Label();
            method.visitLabel(start);
            method.visitLineNumber(line++, start);
            method.visitMethodInsn(Opcodes.INVOKESTATIC, "A", called, "()V", false);
        }
        method.visitInsn(Opcodes.RETURN);
        ControlFlow flow = ControlFlow.of(method);
        SortedSet<Integer> lines = new TreeSet<>(Set.of(11));
        WovenRegion region = new WovenRegion(
                new RegionPlan(0, 0, 0, false, lines, lines, null, "A#run:11"), 7, "token", "lock", null,
                RegionInterior.of(flow, lines, lines), Set.of());
        return new WovenBody(ABI, type(), method, flow, List.of(), 1, List.of(region), null);
    }

    /** {@code for (;;) step(count)}, whose jump back is an update point. */
    private static WovenBody loop() {
        MethodNode method = new MethodNode(Opcodes.ASM9, Opcodes.ACC_STATIC, "run", "(I)V", null, null);
        method.maxLocals = 1;
        method.maxStack = 1;
        Label header = new Label();
        method.visitLabel(header);
        method.visitFrame(Opcodes.F_NEW, 1, new Object[] {Opcodes.INTEGER}, 0, new Object[0]);
        method.visitVarInsn(Opcodes.ILOAD, 0);
        method.visitMethodInsn(Opcodes.INVOKESTATIC, "A", "step", "(I)V", false);
        method.visitJumpInsn(Opcodes.GOTO, header);
        ControlFlow flow = ControlFlow.of(method);
        UpdatePoint point = new UpdatePoint(0, UpdatePoint.Kind.BACK_EDGE, flow.size() - 1, 0, List.of(Opcodes.INTEGER));
        return new WovenBody(ABI, type(), method, flow, List.of(point), 1, List.of(), null);
    }

    private static ClassNode type() {
        ClassNode type = new ClassNode();
        type.name = "A";
        type.version = Opcodes.V17;
        return type;
    }

    private static void assertListing(String expected, WovenBody body, Pass... passes) {
        for (Pass pass : passes) {
            pass.apply(body);
        }
        assertEquals(expected, listing(body.method()), "the code that " + passes[passes.length - 1].getClass().getSimpleName() + " leaves");
    }

    /** Instructions, one a line, with frames and the exception table. */
    private static String listing(MethodNode method) {
        Textifier text = new Textifier();
        method.accept(new TraceMethodVisitor(text));
        List<String> lines = new ArrayList<>();
        for (Object each : text.text) {
            String joined = String.valueOf(each);
            int arguments = joined.indexOf(" [");
            if (joined.contains("INVOKEDYNAMIC")) {
                // its name and type, and the first of its own arguments
                String number = joined.replaceAll("(?s).*// arguments:\\s*", "").replaceAll("(?s)[,\\n\\s].*", "");
                lines.add(joined.substring(0, arguments).strip() + " " + number);
            } else if (!joined.isBlank() && !joined.strip().startsWith("LINENUMBER 1") && !joined.strip().startsWith("MAX")) {
                lines.add(joined.strip());
            }
        }
        return String.join("\n", lines) + "\n";
    }
}
