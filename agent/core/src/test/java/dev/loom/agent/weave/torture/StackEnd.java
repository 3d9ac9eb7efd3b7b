package dev.loom.agent.weave.torture;

import dev.loom.bootstrap.ConstraintLocks;
import dev.loom.bootstrap.Hold;
import dev.loom.bootstrap.HookRegistry;
import dev.loom.bootstrap.Hooks;
import dev.loom.bootstrap.hook.ConstraintLock;
import dev.loom.bootstrap.hook.RegionHook;
import dev.loom.bootstrap.standstill.Standstill;
import dev.loom.filter.weave.ClassWeaver;
import dev.loom.filter.weave.ClassWeaving;
import dev.loom.filter.weave.MethodWeaving;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.objectweb.asm.tree.MethodNode;

/** Frames that are to move when there is hardly any stack left go on where they are, run their {@code finally}, and leave no lock. */
final class StackEnd {

    private static final String SOURCE = """
            package gen;
            public class Deep {
                static int ended, entered;
                static Object keep;
                static int loop(int depth) {
                    int sum = 0;
                    entered++;
                    try {
                        for (int i = 0; i < 3; i++) {
                            sum += i;
                        }
                        if (depth > 0) {
                            sum += loop(depth - 1);
                        }
                        while (sum > 100) {
                            sum -= 7;
                        }
                    } finally {
                        ended++;
                    }
                    return sum;
                }
                public static String run(int depth) {
                    entered = ended = 0;
                    int result;
                    try {
                        result = loop(depth);
                    } catch (StackOverflowError e) {
                        result = -1;
                    }
                    return result + " " + (entered - ended);
                }
            }
            """;

    private static final int BIT = 1;

    private StackEnd() {}

    /** A thread that goes in and out of a region {@code r <> *}. */
    private static final class Alone {
        private final ConstraintLock lock = ConstraintLocks.unilateral("alone");
        private final RegionHook hook = HookRegistry.create(lock, 0, false, RegionHook.Mode.ENFORCE);
        private final Thread thread = new Thread(this::turns, "alone");
        private volatile boolean over;

        Alone() {
            Standstill.bit(lock, BIT);
            thread.setDaemon(true);
            thread.start();
        }

        private void turns() {
            MethodHandle entry = Hooks.enter(
                    MethodHandles.lookup(), "enter", MethodType.methodType(Hold.class, Hold.class), hook.id(), "").getTarget();
            try {
                Hold none = null;
                while (!over) {
                    Hold hold = (Hold) entry.invokeExact(none);
                    Thread.yield();
                    Hooks.exit(hold, Hooks.depth(hold));
                    LockSupport.parkNanos(300_000);
                }
            } catch (Throwable t) {
                throw new IllegalStateException(t);
            }
        }

        List<String> end() throws InterruptedException {
            over = true;
            thread.join(60_000);
            List<String> problems = new ArrayList<>();
            if (thread.isAlive()) {
                problems.add("the thread that was alone does not end");
            }
            if (!Standstill.standing().isEmpty() || !lock.holders().isEmpty()) {
                problems.add("somebody stands still: " + Standstill.standing() + ", " + lock.holders());
            }
            if (hook.counts().contended() == 0) {
                problems.add("nobody ever stood still");
            }
            Standstill.bit(lock, 0);
            return problems;
        }
    }

    /** At every remaining depth of the stack the result is right, or the stack is at its end; returns what is not so. */
    static List<String> problems() throws Exception {
        List<String> problems = new ArrayList<>();
        Map<String, byte[]> classes = TortureMain.compile(Map.of("Deep", SOURCE), List.of("--release", "17", "-g"));
        byte[] plain = classes.get("gen.Deep");
        Map<String, MethodWeaving> neutral = new HashMap<>();
        for (MethodNode method : Program.bodies(Program.tree(plain))) {
            neutral.put(method.name + method.desc, new MethodWeaving(1, List.of()));
        }
        Regions regions = new Regions(Program.tree(plain), new Random(3));
        byte[] forced = new ClassWeaver(Torture.FORCED)
                .weave(plain, new ClassWeaving(true, neutral), n -> Optional.empty()).bytes();
        byte[] hooked = new ClassWeaver(Torture.FORCED)
                .weave(plain, new ClassWeaving(true, regions.weaving(1, null)), n -> Optional.empty()).bytes();
        // polls, while another thread is alone all the time, and again not
        byte[] polled = new ClassWeaver(Torture.FORCED)
                .weave(plain, new ClassWeaving(true, neutral, BIT), n -> Optional.empty()).bytes();
        byte[] polledAndHooked = new ClassWeaver(Torture.FORCED)
                .weave(plain, new ClassWeaving(true, regions.weaving(1, null), BIT), n -> Optional.empty()).bytes();
        Alone alone = new Alone();
        int deep = 0;
        for (byte[] woven : List.of(forced, hooked, polled, polledAndHooked)) {
            Class<?> type = new ClassLoader(StackEnd.class.getClassLoader()) {
                Class<?> define() {
                    return defineClass("gen.Deep", woven, 0, woven.length);
                }
            }.define();
            Class<?> reference = new ClassLoader(StackEnd.class.getClassLoader()) {
                Class<?> define() {
                    return defineClass("gen.Deep", plain, 0, plain.length);
                }
            }.define();
            for (int depth = 0; depth < 3_000; depth = depth < 40 ? depth + 1 : depth + 97) {
                String[] results = new String[2];
                Throwable[] thrown = new Throwable[1];
                int now = depth;
                Thread thread = new Thread(null, () -> {
                    try {
                        results[0] = (String) type.getMethod("run", int.class).invoke(null, now);
                    } catch (Throwable t) {
                        thrown[0] = t;
                    }
                }, "deep", 256 * 1024);
                thread.start();
                thread.join();
                results[1] = (String) reference.getMethod("run", int.class).invoke(null, now);
                if (thrown[0] != null) {
                    problems.add("depth " + depth + ": " + thrown[0].getCause());
                    continue;
                }
                if (results[0].startsWith("-1 ")) {
                    deep++;
                    // where the stack ends between the first instruction and the try, nothing is owed
                    int missing = Integer.parseInt(results[0].substring(3));
                    if (missing > 1) {
                        problems.add("depth " + depth + ": " + missing + " frames skipped their finally");
                    }
                } else if (!results[1].equals(results[0])) {
                    problems.add("depth " + depth + ": " + results[0] + " is not " + results[1]);
                }
                if (regions.leftOver() != null) {
                    problems.add("depth " + depth + ": " + regions.leftOver());
                }
            }
        }
        problems.addAll(alone.end());
        if (deep < 10) {
            problems.add("the stack never ended");
        }
        regions.close();
        return problems;
    }
}
