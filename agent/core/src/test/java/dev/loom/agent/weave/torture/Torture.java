package dev.loom.agent.weave.torture;

import dev.loom.bootstrap.Faults;
import dev.loom.bootstrap.UpdatePointSites;
import dev.loom.filter.weave.ClassWeaver;
import dev.loom.filter.weave.ClassWeaving;
import dev.loom.filter.weave.MethodWeaving;
import dev.loom.filter.weave.body.HookAbi;
import java.lang.instrument.ClassDefinition;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntConsumer;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Runs generated programs plain and woven, and compares result, exception and trace.
 *
 * <p>The ways of weaving: the static part alone; neutral code whose frames move at every update point; regions (at each site the lock
 * must be held exactly if the site is inside); regions and moving; polls and watch points, alone and with all that; and, where the JVM lets classes be
 * redefined, code that is rewoven with other regions, and at last as before, in the middle of its run. In the end no lock is held.
 */
public final class Torture {

    static final HookAbi FORCED = new HookAbi(
            "dev/loom/bootstrap/Hooks", "dev/loom/bootstrap/Hold", "dev/loom/agent/weave/ForcedGuards",
            "dev/loom/bootstrap/Transfer", "dev/loom/bootstrap/SavedFrame");
    private static final int FUEL = 300;
    /** Bits of polls; nobody raises them. */
    private static final int POLLS = 1 << 20;

    private final Instrumentation instrumentation;
    private final List<String> failures = new ArrayList<>();
    /** Of other tests in this JVM. */
    private final long faultsBefore = Faults.total();
    private int programs;
    private int methods;
    private long redefinitions;
    private long moved;
    private long notMoved;
    private long hits;
    private int regions;
    private int completed;

    Torture(Instrumentation instrumentation) {
        this.instrumentation = instrumentation;
    }

    List<String> failures() {
        return failures;
    }

    int methods() {
        return methods;
    }

    long moved() {
        return moved;
    }

    /** What was done, in one line. */
    String summary() {
        return "JDK " + Runtime.version().feature() + ": " + programs + " programs, " + methods + " methods, " + completed
                + " ended by themselves, " + regions + " regions entered " + hits + " times, "
                + dev.loom.agent.weave.ForcedGuards.FORCED.get() + " forced moves, " + redefinitions + " redefinitions under way with "
                + moved + " moves (" + notMoved + " refused), " + failures.size() + " failures";
    }

    void run(Program program, long seed) {
        programs++;
        Random random = new Random(seed);
        Map<String, ClassNode> trees = new HashMap<>();
        program.classes().forEach((name, bytes) -> trees.put(name, Program.tree(bytes)));
        trees.values().forEach(tree -> methods += Program.bodies(tree).size());
        String expected = outcome(program, "plain", program.classes(), null);
        if (!expected.contains("OutOfFuel")) {
            completed++;
        }
        Map<String, Map<String, MethodWeaving>> neutral = new HashMap<>();
        trees.forEach((name, tree) -> neutral.put(name, neutral(tree, 1)));
        compare(program, "static", expected, () -> outcome(program, "static", woven(program, HookAbi.BOOTSTRAP, Map.of()), null));
        compare(program, "moving", expected, () -> outcome(program, "moving", woven(program, FORCED, neutral), null));
        compare(program, "polls", expected, () -> outcome(program, "polls", woven(program, HookAbi.BOOTSTRAP, Map.of(), POLLS), null));
        Map<String, Regions> made = new HashMap<>();
        trees.forEach((name, tree) -> made.put(name, new Regions(tree, random)));
        made.values().forEach(m -> regions += m.count());
        try {
            Map<String, Map<String, MethodWeaving>> hooked = new HashMap<>();
            made.forEach((name, m) -> hooked.put(name, m.weaving(1, null)));
            String[] wrong = new String[1];
            IntConsumer probe = site -> made.values().forEach(m -> {
                String problem = m.wrongAt(site);
                if (problem != null && wrong[0] == null) {
                    wrong[0] = problem;
                }
            });
            for (HookAbi names : List.of(HookAbi.BOOTSTRAP, FORCED)) {
                String way = names == FORCED ? "regions, moving" : "regions";
                wrong[0] = null;
                compare(program, way, expected, () -> outcome(program, way, woven(program, names, hooked), probe));
                if (wrong[0] != null) {
                    fail(program, way, wrong[0]);
                }
                made.values().forEach(m -> leftOver(program, way, m));
            }
            compare(program, "polls, regions, moving", expected,
                    () -> outcome(program, "polls, regions, moving", woven(program, FORCED, hooked, POLLS), probe));
            made.values().forEach(m -> leftOver(program, "polls, regions, moving", m));
            if (instrumentation != null) {
                for (int round = 0; round < 2; round++) {
                    long roundSeed = random.nextLong();
                    compare(program, "rewoven", expected, () -> rewoven(program, made, new Random(roundSeed)));
                    made.values().forEach(m -> leftOver(program, "rewoven", m));
                }
            }
        } finally {
            made.values().forEach(m -> {
                hits += m.hits();
                m.close();
            });
        }
    }

    private interface Outcome {
        String get() throws Exception;
    }

    private void compare(Program program, String way, String expected, Outcome outcome) {
        String actual;
        try {
            actual = outcome.get();
        } catch (Exception | LinkageError e) {
            java.io.StringWriter text = new java.io.StringWriter();
            e.printStackTrace(new java.io.PrintWriter(text));
            actual = "weaving failed: " + text;
        }
        if (!actual.equals(expected)) {
            fail(program, way, "expected " + expected + " but was " + actual);
        }
        long faults = Faults.total() - faultsBefore;
        if (faults != 0) {
            fail(program, way, "Loom itself had " + faults + " faults: " + Faults.recent());
        }
    }

    private void leftOver(Program program, String way, Regions made) {
        String left = made.leftOver();
        if (left != null) {
            fail(program, way, left);
        }
    }

    private void fail(Program program, String way, String what) {
        String failure = program.label() + " [" + way + "]: " + what;
        failures.add(failure);
        if (failures.size() <= 40) {
            System.out.println(failure.length() > 1500 ? failure.substring(0, 1500) : failure);
        }
    }

    private static Map<String, MethodWeaving> neutral(ClassNode tree, int version) {
        Map<String, MethodWeaving> methods = new HashMap<>();
        for (MethodNode method : Program.bodies(tree)) {
            methods.put(method.name + method.desc, new MethodWeaving(version, List.of()));
        }
        return methods;
    }

    private static Map<String, byte[]> woven(
            Program program, HookAbi names, Map<String, Map<String, MethodWeaving>> weavings) {
        return woven(program, names, weavings, 0);
    }

    private static Map<String, byte[]> woven(
            Program program, HookAbi names, Map<String, Map<String, MethodWeaving>> weavings, int polls) {
        Map<String, byte[]> result = new LinkedHashMap<>();
        program.classes().forEach((name, bytes) -> result.put(
                name, weave(program, names, bytes, new ClassWeaving(
                        true, weavings.getOrDefault(name, Map.of()), polls, false, polls == 0 ? null : point -> 1))));
        return result;
    }

    private static byte[] weave(Program program, HookAbi names, byte[] bytes, ClassWeaving weaving) {
        byte[] woven = new ClassWeaver(names)
                .weave(bytes, weaving, n -> Optional.ofNullable(program.classes().get(n.replace('/', '.'))))
                .bytes();
        return woven == null ? bytes : woven;
    }

    private static final class Loader extends ClassLoader {
        private final Map<String, byte[]> classes;

        Loader(Map<String, byte[]> classes) {
            super(Torture.class.getClassLoader());
            this.classes = classes;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] bytes = classes.get(name);
            if (bytes == null) {
                throw new ClassNotFoundException(name);
            }
            return defineClass(name, bytes, 0, bytes.length);
        }
    }

    private static String outcome(Program program, String way, Map<String, byte[]> classes, IntConsumer probe) {
        return outcome(program, new Loader(classes), probe);
    }

    private static String outcome(Program program, ClassLoader loader, IntConsumer probe) {
        T.start(FUEL, probe);
        String result;
        try {
            Object value = Class.forName(program.main(), true, loader).getMethod("run", int.class).invoke(null, 13);
            result = "returned " + T.hashOf(value);
        } catch (InvocationTargetException e) {
            Throwable thrown = e.getCause();
            result = "threw " + thrown.getClass().getName()
                    + (thrown instanceof LinkageError ? ": " + thrown.getMessage() : thrown instanceof T.Boom ? thrown.getMessage() : "");
        } catch (ReflectiveOperationException | LinkageError e) {
            result = "did not run: " + e;
        } finally {
            String trace = T.trace();
            T.start(0, null);
            traces[0] = trace;
        }
        return result + " trace " + traces[0];
    }

    private static final String[] traces = new String[1];

    /** One run during which the classes are woven anew, several times, under the running frames. */
    private String rewoven(Program program, Map<String, Regions> made, Random random) throws Exception {
        Map<String, byte[]> prepared = woven(program, HookAbi.BOOTSTRAP, Map.of());
        Loader loader = new Loader(prepared);
        List<Class<?>> types = new ArrayList<>();
        Map<Class<?>, Regions> regionsOf = new HashMap<>();
        for (String name : program.classes().keySet()) {
            Class<?> type = Class.forName(name, false, loader);
            types.add(type);
            regionsOf.put(type, made.get(name));
        }
        int[] version = new int[1];
        int[] left = {2 + random.nextInt(4)};
        int[] wait = {random.nextInt(12)};
        String[] problem = new String[1];
        IntConsumer probe = site -> {
            if (left[0] > 0 && --wait[0] < 0) {
                left[0]--;
                wait[0] = random.nextInt(1 + random.nextInt(60));
                try {
                    version[0]++;
                    List<ClassDefinition> definitions = new ArrayList<>();
                    Map<Class<?>, Map<String, MethodWeaving>> changes = new HashMap<>();
                    boolean neutral = left[0] == 0 && random.nextBoolean();
                    for (Class<?> type : types) {
                        byte[] plain = program.classes().get(type.getName());
                        Map<String, MethodWeaving> weaving = neutral
                                ? neutral(Program.tree(plain), version[0])
                                : regionsOf.get(type).weaving(version[0], random);
                        changes.put(type, weaving);
                        definitions.add(new ClassDefinition(
                                type, weave(program, HookAbi.BOOTSTRAP, plain, new ClassWeaving(true, weaving))));
                    }
                    instrumentation.redefineClasses(definitions.toArray(new ClassDefinition[0]));
                    redefinitions++;
                    changes.forEach((type, weavings) ->
                            weavings.forEach((method, w) -> UpdatePointSites.setLive(type, method, w.version())));
                } catch (Throwable t) {
                    problem[0] = "redefinition failed: " + t;
                    left[0] = 0;
                }
            }
        };
        String first = outcome(program, loader, probe);
        if (problem[0] != null) {
            return problem[0];
        }
        String under = "";
        for (Class<?> type : types) {
            for (MethodNode method : Program.bodies(Program.tree(program.classes().get(type.getName())))) {
                String key = method.name + method.desc;
                if (UpdatePointSites.underWay(type, key) != 0) {
                    under += " " + key + " has frames under way";
                }
                moved += UpdatePointSites.moved(type, key);
                notMoved += UpdatePointSites.failed(type, key);
                UpdatePointSites.setLive(type, key, 0);
            }
        }
        List<ClassDefinition> back = new ArrayList<>();
        for (Class<?> type : types) {
            back.add(new ClassDefinition(type, prepared.get(type.getName())));
        }
        instrumentation.redefineClasses(back.toArray(new ClassDefinition[0]));
        return first + under;
    }
}
