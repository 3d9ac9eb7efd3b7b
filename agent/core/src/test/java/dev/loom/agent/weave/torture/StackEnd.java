package dev.loom.agent.weave.torture;

import dev.loom.filter.weave.ClassWeaver;
import dev.loom.filter.weave.ClassWeaving;
import dev.loom.filter.weave.MethodWeaving;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
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

    private StackEnd() {}

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
        int deep = 0;
        for (byte[] woven : List.of(forced, hooked)) {
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
        if (deep < 5) {
            problems.add("the stack never ended");
        }
        regions.close();
        return problems;
    }
}
