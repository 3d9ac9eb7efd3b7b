package dev.loom.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.it.harness.AgentClient;
import dev.loom.it.harness.BenchClient;
import dev.loom.it.harness.Jdk;
import dev.loom.it.harness.Jvm;
import dev.loom.it.targets.Aged;
import dev.loom.it.targets.Sleeper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.SimpleRemapper;

@DisplayName("Prepared classes that are kept between runs")
class CacheTest {

    static Stream<Jdk> jdks() {
        return Jdk.all().stream();
    }

    private static Jvm start(Jdk jdk, Path cache) {
        return Jvm.of(jdk, Sleeper.class).withAgent("cache=" + cache, "log=stderr:info").start().awaitOutput("ready");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("the second run takes them from there, and its frames move and are held as in the first")
    void secondRun(Jdk jdk, @TempDir Path directory) {
        Path cache = directory.resolve("cache");
        int methods;
        try (Jvm jvm = start(jdk, cache)) {
            AgentClient agent = new AgentClient(jvm);
            methods = (Integer) agent.agentAttribute("InstrumentedMethods");
            agent.detach();
            jvm.awaitOutput("detached");
            assertTrue(jvm.output().contains("cache: " + cache), "nothing was kept:\n" + jvm.output());
        }
        try (Jvm jvm = start(jdk, cache)) {
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            assertEquals(methods, agent.agentAttribute("InstrumentedMethods"), "as many methods have update points");
            agent.installed("sleeper", JmxClientTest.sleeper());
            bench.bean().command("stay a");
            bench.awaitTurnsOf("a", 1);
            bench.bean().command("leave");
            agent.removed("sleeper");
            bench.assertUnharmed();
            agent.detach();
            jvm.awaitOutput("detached");
            assertFalse(jvm.output().contains("cache: " + cache), "classes were woven again that the first run had kept:\n" + jvm.output());
        }
    }

    /** The classes of a target as a compiler for Java 6 might have written them without frames. */
    private static Path old(Class<?> target, Path directory) throws IOException {
        Path there = directory.resolve("old").resolve(target.getPackageName().replace('.', '/'));
        Files.createDirectories(there);
        try (Stream<Path> files = Files.list(Jvm.testClasses().resolve(target.getPackageName().replace('.', '/')))) {
            for (Path file : files.filter(f -> f.getFileName().toString().startsWith(target.getSimpleName())).toList()) {
                ClassWriter writer = new ClassWriter(0);
                new ClassReader(Files.readAllBytes(file)).accept(new ClassVisitor(Opcodes.ASM9, writer) {
                    @Override
                    public void visit(int version, int access, String name, String signature, String superName, String[] interfaces) {
                        super.visit(Opcodes.V1_6, access, name, signature, superName, interfaces);
                    }
                }, ClassReader.SKIP_FRAMES);
                Files.write(there.resolve(file.getFileName()), writer.toByteArray());
            }
        }
        return directory.resolve("old");
    }

    private static Jvm startOld(Jdk jdk, Path classes, Path cache) {
        return Jvm.of(jdk, Aged.class).classPath(classes).withAgent("cache=" + cache, "log=stderr:info").start().awaitOutput("ready");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("class files from before Java 7 are among them, as long as the classes beside them stay what they were")
    void oldClassFiles(Jdk jdk, @TempDir Path directory) throws IOException {
        Path cache = directory.resolve("cache");
        Path classes = old(Aged.class, directory);
        assertTrue(writes(jdk, classes, cache), "the first run kept nothing");
        assertFalse(writes(jdk, classes, cache), "the second run wove again what the first had kept");

        // Small is no Shape by itself any more, but by way of a class in between
        Path small = classes.resolve("dev/loom/it/targets/Aged$Small.class");
        ClassWriter between = new ClassWriter(0);
        new ClassReader(Files.readAllBytes(small)).accept(
                new ClassRemapper(between, new SimpleRemapper(Opcodes.ASM9, Map.of("dev/loom/it/targets/Aged$Small", "dev/loom/it/targets/Between"))) {
                    @Override
                    public void visit(int version, int access, String name, String signature, String superName, String[] interfaces) {
                        super.visit(version, access & ~Opcodes.ACC_FINAL, name, signature, superName, interfaces);
                    }
                }, 0);
        Files.write(classes.resolve("dev/loom/it/targets/Between.class"), between.toByteArray());
        ClassWriter changed = new ClassWriter(0);
        new ClassReader(Files.readAllBytes(small)).accept(
                new ClassRemapper(changed, new SimpleRemapper(Opcodes.ASM9, Map.of("dev/loom/it/targets/Aged$Shape", "dev/loom/it/targets/Between"))), 0);
        Files.write(small, changed.toByteArray());
        assertTrue(writes(jdk, classes, cache), "a class whose neighbour has another superclass was taken from the cache");
        assertFalse(writes(jdk, classes, cache), "what was woven beside the new class was not kept");
    }

    /** Runs the old classes once; whether the run has written to the cache. */
    private static boolean writes(Jdk jdk, Path classes, Path cache) {
        try (Jvm jvm = startOld(jdk, classes, cache)) {
            AgentClient agent = new AgentClient(jvm);
            assertTrue((Integer) agent.agentAttribute("InstrumentedMethods") > 0, "the loop has no update points:\n" + jvm.output());
            agent.detach();
            jvm.awaitOutput("detached");
            return jvm.output().contains("cache: " + cache);
        }
    }
}
