package dev.loom.agent.weave.polls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.bootstrap.ConstraintLocks;
import dev.loom.bootstrap.Hold;
import dev.loom.bootstrap.HookRegistry;
import dev.loom.bootstrap.Hooks;
import dev.loom.bootstrap.hook.ConstraintLock;
import dev.loom.bootstrap.hook.LockWait;
import dev.loom.bootstrap.hook.RegionHook;
import dev.loom.bootstrap.standstill.Standstill;
import dev.loom.filter.plan.EventPlan;
import dev.loom.filter.plan.RegionPlan;
import dev.loom.filter.weave.ClassWeaver;
import dev.loom.filter.weave.ClassWeaving;
import dev.loom.filter.weave.MethodWeaving;
import dev.loom.filter.weave.body.HookAbi;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.VarInsnNode;

/** Polls stand wherever a thread comes back into a method or goes round in it, and nowhere while nobody wants them. */
class PollWeavingTest {

    private static final int BIT = 4;
    private static final String HOOKS = HookAbi.BOOTSTRAP.hooks();

    @Test
    void a_poll_follows_each_entry_call_and_hook_and_comes_before_each_jump_backwards() throws Exception {
        ClassNode woven = new ClassNode();
        new ClassReader(weave(plain(), regions(event(), region()), BIT)).accept(woven, 0);
        int calls = 0;
        int hooks = 0;
        for (MethodNode method : woven.methods) {
            assertTrue(pollsBeforeAnythingElse(method), method.name + " has no poll at its entry");
            for (AbstractInsnNode insn : method.instructions) {
                if (isOwnCall(insn, woven.name, method)) {
                    assertTrue(isPoll(insn.getNext()), method.name + ": no poll behind a call");
                    calls++;
                } else if (insn instanceof InvokeDynamicInsnNode hook && hook.name.equals("enter")) {
                    // an event keeps its hold, a region its level too
                    AbstractInsnNode store = real(hook.getNext());
                    while (!(store instanceof VarInsnNode) || store.getOpcode() == Opcodes.ILOAD
                            || store.getOpcode() == Opcodes.ASTORE && !isPoll(store.getNext())) {
                        store = real(store.getNext());
                    }
                    assertTrue(isPoll(store.getNext()), method.name + ": no poll behind a hook");
                    hooks++;
                }
            }
        }
        assertEquals(12, calls, "valueOf twice, List.of, size, this; parseInt; call, getMessage and the four concatenations");
        assertEquals(2, hooks);
        MethodNode loops = woven.methods.stream().filter(m -> m.name.equals("loops")).findFirst().orElseThrow();
        long polls = 0;
        for (AbstractInsnNode insn : loops.instructions) {
            polls += isPollCall(insn) ? 1 : 0;
        }
        assertEquals(1 + 1 + 2, polls, "entry, call and two jumps backwards");
    }

    @Test
    void without_polls_the_bytes_are_those_of_a_weaver_that_knows_none() throws Exception {
        byte[] plain = plain();
        Map<String, MethodWeaving> methods = regions(event(), region());
        byte[] woven = weave(plain, methods, 0);
        assertArrayEquals(
                new ClassWeaver(HookAbi.BOOTSTRAP).weave(plain, new ClassWeaving(true, methods), n -> Optional.empty()).bytes(), woven);
        ClassNode type = new ClassNode();
        new ClassReader(woven).accept(type, 0);
        for (MethodNode method : type.methods) {
            for (AbstractInsnNode insn : method.instructions) {
                assertFalse(isPollCall(insn), method.name);
            }
        }
    }

    @Test
    void the_same_class_becomes_the_same_bytes_each_time() throws Exception {
        byte[] manyHandlers;
        try (InputStream in = ClassLoader.getSystemResourceAsStream("java/util/concurrent/ThreadPoolExecutor.class")) {
            manyHandlers = in.readAllBytes();
        }
        byte[] first = weave(manyHandlers, Map.of(), BIT);
        for (int i = 0; i < 20; i++) {
            assertArrayEquals(first, weave(manyHandlers, Map.of(), BIT), "woven twice, a class has other bytes: something is taken in the order of a hash");
        }
    }

    @Test
    void a_handler_that_guards_itself_to_the_end_of_the_code_is_still_accepted_by_the_verifier() throws Exception {
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_FRAMES);
        writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, "SelfGuarding", null, "java/lang/Object", null);
        MethodVisitor code = writer.visitMethod(Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC, "run", "(Ljava/lang/Runnable;)V", null, null);
        Label start = new Label();
        Label handler = new Label();
        Label end = new Label();
        code.visitCode();
        code.visitTryCatchBlock(start, end, handler, null);
        code.visitLabel(start);
        code.visitVarInsn(Opcodes.ALOAD, 0);
        code.visitMethodInsn(Opcodes.INVOKEINTERFACE, "java/lang/Runnable", "run", "()V", true);
        code.visitInsn(Opcodes.RETURN);
        code.visitLabel(handler);
        code.visitVarInsn(Opcodes.ASTORE, 0);
        code.visitInsn(Opcodes.RETURN);
        code.visitLabel(end);
        code.visitMaxs(0, 0);
        code.visitEnd();
        writer.visitEnd();
        byte[] woven = weave(writer.toByteArray(), Map.of(), BIT);
        Class<?> type = new ClassLoader(getClass().getClassLoader()) {
            Class<?> define() {
                return defineClass("SelfGuarding", woven, 0, woven.length);
            }
        }.define();
        Runnable fails = () -> {
            throw new IllegalStateException();
        };
        type.getMethod("run", Runnable.class).invoke(null, fails);
    }

    @Test
    void a_thread_that_waited_for_an_event_stops_before_the_line_while_another_is_alone() throws Exception {
        ConstraintLock order = ConstraintLocks.order("test", false, 2, false, Long.MAX_VALUE);
        RegionHook first = HookRegistry.createEvent(order, 0, 1, RegionHook.Mode.ENFORCE);
        RegionHook second = HookRegistry.createEvent(order, 1, 1, RegionHook.Mode.ENFORCE);
        stopsBehindItsWait("late", regions(second, region()), () -> Hooks.completed(enter(first)));
    }

    @Test
    void a_thread_that_waited_for_a_region_stops_before_the_line_while_another_is_alone() throws Exception {
        ConstraintLock lock = ConstraintLocks.of("test", false, false);
        RegionHook hook = HookRegistry.create(lock, 0, false, RegionHook.Mode.ENFORCE);
        Hold hold = enter(hook);
        stopsBehindItsWait("guarded", regions(event(), hook), () -> Hooks.exit(hold, 1));
    }

    private static void stopsBehindItsWait(String name, Map<String, MethodWeaving> methods, Runnable letGo) throws Exception {
        byte[] woven = weave(plain(), methods, BIT);
        ClassLoader loader = new ClassLoader(PollTarget.class.getClassLoader()) {
            @Override
            protected Class<?> loadClass(String className, boolean resolve) throws ClassNotFoundException {
                if (className.equals(PollTarget.class.getName())) {
                    Class<?> known = findLoadedClass(className);
                    return known != null ? known : defineClass(className, woven, 0, woven.length);
                }
                return super.loadClass(className, resolve);
            }
        };
        Class<?> type = loader.loadClass(PollTarget.class.getName());
        Method method = type.getMethod(name);
        var steps = type.getDeclaredField("steps");
        steps.setAccessible(true);
        ConstraintLock alone = ConstraintLocks.unilateral("alone");
        Standstill.bit(alone, BIT);
        RegionHook hook = HookRegistry.create(alone, 0, false, RegionHook.Mode.ENFORCE);
        Throwable[] thrown = new Throwable[1];
        Thread thread = new Thread(() -> {
            try {
                method.invoke(null);
            } catch (ReflectiveOperationException e) {
                thrown[0] = e;
            }
        });
        thread.setDaemon(true);
        thread.start();
        until(() -> waits(thread, false));
        Hold hold = enter(hook);
        assertNotNull(hold);
        letGo.run();
        until(() -> waits(thread, true));
        assertEquals(0, steps.getInt(null), "it went on while another was alone");
        Hooks.exit(hold, 1);
        thread.join();
        assertEquals(null, thrown[0]);
        assertEquals(1, steps.getInt(null));
        assertEquals(0, hook.counts().bypasses());
        Standstill.bit(alone, 0);
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + 60_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, "it never came");
            Thread.sleep(1);
        }
    }

    private static boolean waits(Thread thread, boolean atPoll) {
        for (LockWait wait : LockWait.longerThan(0)) {
            if (wait.thread() == thread && wait.isAtPoll() == atPoll) {
                return true;
            }
        }
        return false;
    }

    private static Hold enter(RegionHook hook) {
        try {
            Hold none = null;
            return (Hold) Hooks.enter(MethodHandles.lookup(), "enter", MethodType.methodType(Hold.class, Hold.class), hook.id(), "")
                    .getTarget()
                    .invokeExact(none);
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    private static RegionHook event() {
        return HookRegistry.createEvent(ConstraintLocks.order("event", false, 2, false, 1), 0, 1, RegionHook.Mode.ENFORCE);
    }

    private static RegionHook region() {
        return HookRegistry.create(ConstraintLocks.of("region", false, false), 0, false, RegionHook.Mode.ENFORCE);
    }

    private static Map<String, MethodWeaving> regions(RegionHook event, RegionHook region) throws IOException {
        int late = line("late");
        TreeSet<Integer> guarded = new TreeSet<>(List.of(line("guarded")));
        Map<String, MethodWeaving> methods = new HashMap<>();
        methods.put("late()V", new MethodWeaving(1, List.of(
                MethodWeaving.Region.of(new EventPlan(0, 0, late, 1, null, "late"), event.id(), "event", "order"))));
        methods.put("guarded()V", new MethodWeaving(1, List.of(new MethodWeaving.Region(
                new RegionPlan(0, 0, 0, false, guarded, guarded, null, "guarded"), region.id(), "region", "lock"))));
        return methods;
    }

    private static byte[] weave(byte[] plain, Map<String, MethodWeaving> methods, int polls) {
        return new ClassWeaver(HookAbi.BOOTSTRAP)
                .weave(plain, new ClassWeaving(true, methods, polls), n -> Optional.empty()).bytes();
    }

    private static boolean pollsBeforeAnythingElse(MethodNode method) {
        for (AbstractInsnNode insn : method.instructions) {
            if (isPollCall(insn)) {
                return true;
            }
            if (insn instanceof MethodInsnNode call && !call.owner.startsWith("dev/loom/bootstrap/")) {
                return false;
            }
        }
        return false;
    }

    private static boolean isOwnCall(AbstractInsnNode insn, String type, MethodNode method) {
        if (insn instanceof InvokeDynamicInsnNode dynamic) {
            return !dynamic.bsm.getOwner().startsWith("dev/loom/bootstrap/");
        }
        if (!(insn instanceof MethodInsnNode call)) {
            return false;
        }
        // by which a frame that moves goes on in its method
        boolean isShell = call.owner.equals(type) && call.name.equals(method.name) && call.desc.equals(method.desc);
        boolean isObject = call.name.equals("<init>") && call.owner.equals("java/lang/Object");
        return !isShell && !isObject && !call.owner.startsWith("dev/loom/bootstrap/");
    }

    private static boolean isPoll(AbstractInsnNode from) {
        AbstractInsnNode push = real(from);
        return push != null && push.getOpcode() == Opcodes.ICONST_4 && isPollCall(real(push.getNext()));
    }

    private static boolean isPollCall(AbstractInsnNode insn) {
        return insn instanceof MethodInsnNode call && call.owner.equals(HOOKS) && call.name.equals("poll");
    }

    private static AbstractInsnNode real(AbstractInsnNode from) {
        AbstractInsnNode insn = from;
        while (insn != null && insn.getOpcode() < 0) {
            insn = insn.getNext();
        }
        return insn;
    }

    private static byte[] plain() throws IOException {
        try (InputStream in = PollTarget.class.getResourceAsStream("PollTarget.class")) {
            return in.readAllBytes();
        }
    }

    private static int line(String mark) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("src/test/java/dev/loom/agent/weave/polls/PollTarget.java"));
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).endsWith("// @" + mark)) {
                return i + 1;
            }
        }
        throw new IllegalArgumentException(mark);
    }
}
