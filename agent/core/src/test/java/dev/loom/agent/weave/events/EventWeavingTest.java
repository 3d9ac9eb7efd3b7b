package dev.loom.agent.weave.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.bootstrap.ConstraintLocks;
import dev.loom.bootstrap.Faults;
import dev.loom.bootstrap.Hold;
import dev.loom.bootstrap.HookRegistry;
import dev.loom.bootstrap.Hooks;
import dev.loom.bootstrap.hook.ConstraintLock;
import dev.loom.bootstrap.hook.RegionHook;
import dev.loom.filter.plan.EventPlan;
import dev.loom.filter.weave.ClassWeaver;
import dev.loom.filter.weave.ClassWeaving;
import dev.loom.filter.weave.MethodWeaving;
import dev.loom.filter.weave.body.HookAbi;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/** Each method of {@link EventTarget} with its marked line as an event: when it has come there, and when it has completed. */
class EventWeavingTest {

    private static final HookAbi FORCED = new HookAbi(
            "dev/loom/bootstrap/Hooks", "dev/loom/bootstrap/Hold", "dev/loom/agent/weave/ForcedGuards",
            "dev/loom/bootstrap/Transfer", "dev/loom/bootstrap/SavedFrame");

    /** Counts what an event has completed, by using it up. */
    private static final class Order {
        final RegionHook event;
        private final RegionHook user;
        private final MethodHandle arrive;
        private int completed;

        Order() {
            ConstraintLock order = ConstraintLocks.order("test", false, 2, true, Long.MAX_VALUE);
            event = HookRegistry.createEvent(order, 0, 1, RegionHook.Mode.ENFORCE);
            // one that must not wait: it comes when something is there, or it counts an overlap and pays it back
            user = HookRegistry.createEvent(order, 1, 1, RegionHook.Mode.OBSERVE);
            arrive = Hooks.enter(
                    MethodHandles.lookup(), "enter", MethodType.methodType(Hold.class, Hold.class), user.id(), "").getTarget();
        }

        int completed() {
            try {
                while (true) {
                    long before = user.counts().overlaps();
                    Hold none = null;
                    Hold ignored = (Hold) arrive.invokeExact(none);
                    if (user.counts().overlaps() > before) {
                        // gives back what it has just used up too much
                        MethodHandle come = Hooks.enter(
                                MethodHandles.lookup(), "enter", MethodType.methodType(Hold.class, Hold.class), event.id(), "").getTarget();
                        Hooks.completed((Hold) come.invokeExact(none));
                        return completed;
                    }
                    completed++;
                }
            } catch (Throwable t) {
                throw new AssertionError(t);
            }
        }
    }

    static Stream<Arguments> cases() {
        return Stream.of(
                Arguments.of("plain", 1, 1, "before0 on0 after1"),
                Arguments.of("thrown", 1, 0, "step0 caught0"),
                Arguments.of("returned", 1, 1, "step0"),
                Arguments.of("split", 1, 1, "argument0 another0 sum0 after1"),
                Arguments.of("splitObject", 1, 1, "argument0 other0 after1"),
                Arguments.of("argument", 1, 1, "on0 other1 sum1"),
                Arguments.of("counted", 1, 1, "round1 round1 round1 after1"),
                Arguments.of("body", 3, 3, "round0 round1 round2"),
                Arguments.of("endless", 4, 3, "step0 step1 step2 step3 threw3"),
                Arguments.of("oneLineLoop", 1, 1, "more0 more0 more0 more0 after1"),
                Arguments.of("leaves", 4, 4, "more0 goes on1 more1 goes on2 more2 goes on3 more3"),
                Arguments.of("jumps", 4, 4, "odd2 odd4"),
                Arguments.of("finallyNormal", 1, 1, "try0 finally0 after1"),
                Arguments.of("finallyThrown", 1, 1, "step0 finally0 threw1"),
                Arguments.of("caughtOnTheLine", 1, 1, "step0 caught0 after1"),
                Arguments.of("caughtNext", 1, 0, "step0 caught0"),
                Arguments.of("chosen", 1, 1, "zero1 after1"),
                Arguments.of("locked", 1, 1, "in1 after1"),
                Arguments.of("wide", 1, 1, "on0"),
                Arguments.of("unlucky", 3, 1, "step0 step1 caught1 step1 caught1"),
                Arguments.of("constructed", 1, 1, "constructed1 built1"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void an_event_begins_before_its_line_and_completes_behind_it_on_the_normal_way_only(
            String name, int arrivals, int completions, String log) throws Exception {
        for (HookAbi names : List.of(HookAbi.BOOTSTRAP, FORCED)) {
            Order order = new Order();
            int line = line(name);
            MethodWeaving.Region region = MethodWeaving.Region.of(
                    new EventPlan(0, 0, line, 1, null, name), order.event.id(), "token", "lock");
            long faults = Faults.total();
            long extra = order.event.counts().hits();
            List<String> seen = run(name, names, region, order);
            assertEquals(log, String.join(" ", seen), names.guards());
            int completed = order.completed();
            assertEquals(completions, completed, names.guards());
            // each question that found nothing paid one back
            long questions = seen.size() + 1;
            assertEquals(arrivals, order.event.counts().hits() - extra - questions, names.guards());
            assertEquals(0, order.event.unprotected().size());
            assertEquals(faults, Faults.total(), () -> String.valueOf(Faults.recent()));
        }
    }

    private static List<String> run(String name, HookAbi names, MethodWeaving.Region region, Order order) throws Exception {
        byte[] plain = classFile();
        ClassNode tree = new ClassNode();
        new ClassReader(plain).accept(tree, 0);
        Map<String, MethodWeaving> methods = new HashMap<>();
        for (MethodNode method : tree.methods) {
            if (method.name.equals(name) || name.equals("constructed") && method.desc.equals("(I)V")) {
                methods.put(method.name + method.desc, new MethodWeaving(1, List.of(region)));
            }
        }
        assertEquals(1, methods.size(), name);
        byte[] woven = new ClassWeaver(names).weave(plain, new ClassWeaving(true, methods), n -> Optional.empty()).bytes();
        ClassLoader loader = new ClassLoader(EventTarget.class.getClassLoader()) {
            @Override
            protected Class<?> loadClass(String className, boolean resolve) throws ClassNotFoundException {
                if (className.equals(EventTarget.class.getName())) {
                    Class<?> known = findLoadedClass(className);
                    return known != null ? known : defineClass(className, woven, 0, woven.length);
                }
                return super.loadClass(className, resolve);
            }
        };
        Class<?> type = loader.loadClass(EventTarget.class.getName());
        @SuppressWarnings("unchecked")
        List<String> seen = (List<String>) type.getField("LOG").get(null);
        Supplier<String> probe = () -> String.valueOf(order.completed());
        if (name.equals("constructed")) {
            type.getField("probe").set(null, probe);
            type.getConstructor().newInstance();
            return new ArrayList<>(seen);
        }
        Object target = type.getConstructor().newInstance();
        seen.clear();
        type.getField("probe").set(null, probe);
        try {
            type.getMethod(name).invoke(target);
        } catch (InvocationTargetException e) {
            seen.add("threw" + order.completed());
            assertTrue(e.getCause() instanceof IllegalStateException, () -> String.valueOf(e.getCause()));
        }
        return new ArrayList<>(seen);
    }

    private static byte[] classFile() throws IOException {
        try (InputStream in = EventTarget.class.getResourceAsStream("EventTarget.class")) {
            return in.readAllBytes();
        }
    }

    private static int line(String mark) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("src/test/java/dev/loom/agent/weave/events/EventTarget.java"));
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).endsWith("// @" + mark)) {
                return i + 1;
            }
        }
        throw new IllegalArgumentException(mark);
    }
}
