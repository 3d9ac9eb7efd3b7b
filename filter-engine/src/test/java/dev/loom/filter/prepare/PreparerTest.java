package dev.loom.filter.prepare;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.filter.Sources;
import dev.loom.filter.classes.PreparedForm;
import dev.loom.filter.classes.PreparedMark;
import dev.loom.filter.weave.ClassWeaver;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("Classes that are prepared before they are deployed")
class PreparerTest {

    private static final String LOOPS =
            """
            public class Loops {
                public static int sum(int[] numbers) {
                    int sum = 0;
                    for (int i = 0; i < numbers.length; i++) {
                        if (numbers[i] < 0) {
                            continue;
                        }
                        sum += numbers[i];
                    }
                    return sum;
                }
                public static int down(int from) {
                    int turns = 0;
                    do {
                        try {
                            switch (from % 3) {
                                case 0: continue;
                                case 1: turns += 2;
                                default: turns++;
                            }
                        } catch (RuntimeException e) {
                            turns--;
                        }
                    } while (--from > 0);
                    return turns;
                }
                public static int plain(int a) {
                    return a + 1;
                }
            }
            """;

    private static final String PLAIN = "public class Plain { int a(int b) { return b; } }";

    private static final String MIXED =
            """
            public class Mixed {
                private volatile boolean stopped;
                public int brief(int[] numbers) {
                    int sum = 0;
                    for (int number : numbers) {
                        sum += number;
                    }
                    return sum;
                }
                public void serve(java.util.concurrent.BlockingQueue<Runnable> jobs) throws InterruptedException {
                    while (!stopped) {
                        jobs.take().run();
                    }
                }
            }
            """;

    private final Preparer preparer = new Preparer(name -> Optional.empty(), true);

    private static byte[] compiled(String file, String source) {
        return Sources.compile(file + ".java", source).find(file).orElseThrow();
    }

    private Prepared.Done prepared(byte[] classFile) {
        return assertInstanceOf(Prepared.Done.class, preparer.prepare(classFile));
    }

    @Test
    @DisplayName("run the same without anything of Loom's")
    void runWithoutLoom() throws ReflectiveOperationException {
        Prepared.Done done = prepared(compiled("Loops", LOOPS));
        assertEquals(2, done.methods());
        Class<?> type = new Definer(Map.of("Loops", done.classFile())).loadClass("Loops");
        assertEquals(7, type.getMethod("sum", int[].class).invoke(null, (Object) new int[] {3, -5, 4}));
        Class<?> original = new Definer(Map.of("Loops", compiled("Loops", LOOPS))).loadClass("Loops");
        for (int from : new int[] {1, 2, 30}) {
            assertEquals(original.getMethod("down", int.class).invoke(null, from), type.getMethod("down", int.class).invoke(null, from));
        }
        for (Method method : type.getDeclaredMethods()) {
            assertTrue(method.isSynthetic() || !method.getName().contains("loom"), () -> method + " is shown to people");
        }
    }

    @Test
    @DisplayName("carry a mark that says how many methods have update points")
    void areMarked() {
        byte[] original = compiled("Loops", LOOPS);
        assertNull(PreparedMark.of(original));
        assertEquals(new PreparedMark(PreparedMark.VERSION, 2, Set.of()), PreparedMark.of(prepared(original).classFile()));
        assertSame(original, PreparedForm.original(original));
    }

    @Test
    @DisplayName("leave methods whose frames are gone soon without update points, and name them in the mark")
    void leaveBriefMethods() {
        Preparer urgent = new Preparer(name -> Optional.empty(), false);
        byte[] original = compiled("Mixed", MIXED);
        Prepared.Done done = assertInstanceOf(Prepared.Done.class, urgent.prepare(original));
        assertEquals(new PreparedMark(PreparedMark.VERSION, 1, Set.of("brief([I)I")), PreparedMark.of(done.classFile()));
        assertEquals(Set.of("serve(Ljava/util/concurrent/BlockingQueue;)V"), PreparedForm.takeBack(done.classFile()).points().keySet());
        assertInstanceOf(Prepared.NotNeeded.class, urgent.prepare(compiled("Loops", LOOPS)), "both of its loops end by themselves");
        assertEquals(new PreparedMark(PreparedMark.VERSION, 2, Set.of()), PreparedMark.of(prepared(original).classFile()));
    }

    @Test
    @DisplayName("have marks that hold every name that a method can have, and none that is too long for a constant")
    void marks() {
        byte[] original = compiled("Mixed", MIXED);
        PreparedMark odd = new PreparedMark(PreparedMark.VERSION, 7, Set.of("a:b c,\u00e9\ud83d\ude00(Lx y;)V", "m()V"));
        assertEquals(odd, PreparedMark.of(odd.addTo(original)));
        assertNull(new PreparedMark(PreparedMark.VERSION, 7, Set.of("m".repeat(70_000) + "()V")).addTo(original));
        assertEquals(new PreparedMark(1, 12, Set.of()), PreparedMark.parse("dev.loom:prepared:1:12"), "the form before this one");
        assertNull(PreparedMark.parse("dev.loom:prepared:one:12"));
        assertNull(PreparedMark.parse("dev.loom:prepared:1"));
    }

    @Test
    @DisplayName("are recognised and not prepared again")
    void areNotPreparedTwice() {
        assertInstanceOf(Prepared.Already.class, preparer.prepare(prepared(compiled("Loops", LOOPS)).classFile()));
    }

    @Test
    @DisplayName("of another form are told from those of this one")
    void ofAnotherForm() {
        byte[] newer = new PreparedMark(PreparedMark.VERSION + 1, 2, Set.of()).addTo(compiled("Loops", LOOPS));
        assertEquals(new Prepared.OtherVersion(PreparedMark.VERSION + 1), preparer.prepare(newer));
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> PreparedForm.original(newer));
        assertTrue(refused.getMessage().contains("another version of Loom"), refused.getMessage());
    }

    @Test
    @DisplayName("that somebody changed afterwards are not taken for what they were")
    void changedAfterwards() {
        byte[] more = new PreparedMark(PreparedMark.VERSION, 3, Set.of()).addTo(compiled("Loops", LOOPS));
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> PreparedForm.original(more));
        assertTrue(refused.getMessage().contains("changed by something else"), refused.getMessage());
    }

    @Test
    @DisplayName("need nothing where there is no place for an update point")
    void nothingToDo() {
        assertInstanceOf(Prepared.NotNeeded.class, preparer.prepare(compiled("Plain", PLAIN)));
    }

    @Test
    @DisplayName("and damaged ones stay as they are, with the reason")
    void damaged() {
        byte[] cut = compiled("Loops", LOOPS);
        assertInstanceOf(Prepared.Left.class, preparer.prepare(java.util.Arrays.copyOf(cut, cut.length / 2)));
        assertInstanceOf(Prepared.Left.class, preparer.prepare(new byte[] {1, 2, 3}));
    }

    static Stream<Arguments> libraries() {
        return Stream.<Class<?>>of(
                org.objectweb.asm.ClassReader.class, org.objectweb.asm.tree.analysis.Analyzer.class,
                org.apache.commons.pool.impl.GenericObjectPool.class, ch.qos.logback.core.AsyncAppenderBase.class,
                org.junit.jupiter.api.Test.class, kotlin.Unit.class,
                kotlinx.coroutines.BuildersKt.class).flatMap(type -> Stream.of(Arguments.of(type, true), Arguments.of(type, false)));
    }

    @ParameterizedTest(name = "{0}, all methods: {1}")
    @MethodSource("libraries")
    @DisplayName("of real libraries give back what they were, and the JVM takes them")
    void realLibraries(Class<?> some, boolean all) throws Exception {
        Map<String, byte[]> files = read(Path.of(some.getProtectionDomain().getCodeSource().getLocation().toURI()));
        Preparer of = new Preparer(name -> Optional.ofNullable(files.get(name.replace('/', '.'))), all);
        Map<String, byte[]> results = new HashMap<>(files);
        List<String> left = new ArrayList<>();
        int done = 0;
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Prepared outcome = of.prepare(file.getValue());
            if (outcome instanceof Prepared.Done one) {
                done++;
                results.put(file.getKey(), one.classFile());
                assertArrayEquals(one.classFile(), assertInstanceOf(Prepared.Done.class, of.prepare(file.getValue())).classFile(),
                        () -> "other bytes at the second time: " + file.getKey());
            } else if (outcome instanceof Prepared.Left one && !ClassWeaver.dependsOnOthers(file.getValue())) {
                // in an old class file a subroutine, or a library that is not here, may stand in the way
                left.add(file.getKey() + ": " + one.why());
            }
        }
        assertTrue(done > 0, "nothing was prepared");
        assertEquals(List.of(), left);
        Definer loader = new Definer(results);
        for (String name : files.keySet()) {
            try {
                Class.forName(name, true, loader);
            } catch (VerifyError | ClassFormatError e) {
                throw new AssertionError("the JVM refuses " + name, e);
            } catch (LinkageError e) {
                assertTrue(e instanceof NoClassDefFoundError || e instanceof ExceptionInInitializerError, e::toString);
            }
        }
    }

    private static Map<String, byte[]> read(Path jar) throws IOException {
        Map<String, byte[]> files = new HashMap<>();
        try (JarFile file = new JarFile(jar.toFile())) {
            for (JarEntry entry : (Iterable<JarEntry>) file.stream()::iterator) {
                if (entry.getName().endsWith(".class") && !entry.getName().startsWith("META-INF/") && !entry.getName().contains("module-info")) {
                    try (InputStream in = file.getInputStream(entry)) {
                        files.put(entry.getName().replace(".class", "").replace('/', '.'), in.readAllBytes());
                    }
                }
            }
        }
        return files;
    }

    /** Sees the JDK, and what it is given. */
    private static final class Definer extends ClassLoader {

        private final Map<String, byte[]> files;

        Definer(Map<String, byte[]> files) {
            super(ClassLoader.getPlatformClassLoader());
            this.files = files;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] file = files.get(name);
            if (file == null) {
                throw new ClassNotFoundException(name);
            }
            return defineClass(name, file, 0, file.length);
        }
    }
}
