package dev.loom.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.it.harness.AgentClient;
import dev.loom.it.harness.BenchClient;
import dev.loom.it.harness.Jdk;
import dev.loom.it.harness.Jvm;
import dev.loom.it.harness.Marks;
import dev.loom.it.targets.Compiled;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.codehaus.groovy.control.CompilationUnit;
import org.codehaus.groovy.control.CompilerConfiguration;
import org.eclipse.jdt.core.compiler.batch.BatchCompiler;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Loops that never end, from compilers other than javac, and in class files of the last decades. */
@DisplayName("Bodies compiled by ecj, kotlinc and groovyc; class files from 1.3 on")
class CompilersTest {

    private static final String PACKAGE = "dev.loom.it.compiled.";
    private static final Path SOURCES = Path.of("src/test/compiled/dev/loom/it/compiled");
    /** Class file versions that ecj makes, by the name of the class. */
    private static final Map<String, String> OLD = new LinkedHashMap<>(Map.of(
            "Old13", "1.3", "Old14", "1.4", "Old15", "1.5", "Old16", "1.6", "Old18", "1.8", "Old17", "17"));

    static Stream<Jdk> jdks() {
        return Jdk.all().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("frames move into new code and back, and no region overlaps once its filter is ACTIVE")
    void moved(Jdk jdk, @TempDir Path scratch) throws IOException {
        Map<String, String> filters = new LinkedHashMap<>();
        for (Map.Entry<String, String> old : OLD.entrySet()) {
            Path source = scratch.resolve(old.getKey() + ".java");
            Files.writeString(source, Files.readString(SOURCES.resolve("Old.java")).replaceAll("\\bOld\\b", old.getKey()));
            ecj(source, scratch, old.getValue());
            filters.put(old.getKey(), filter(source, old.getKey(), "old-in", "old-out", "old-handler"));
        }
        Path groovy = SOURCES.resolve("Groovy.groovy");
        groovyc(groovy, scratch);
        // its handlers start in the last line of their try block
        filters.put("Groovy", filter(groovy, "Groovy", "groovy-in", "groovy-finally"));
        Path kotlin = Path.of("src/test/kotlin/dev/loom/it/compiled/Kotlin.kt");
        filters.put("KotlinLoop", filter(kotlin, "KotlinLoop", "kotlin-in", "kotlin-out", "kotlin-handler"));
        filters.put("KotlinCoroutine", filter(kotlin, "KotlinCoroutine", "coroutine-in", "coroutine-out"));

        List<Path> classPath = new ArrayList<>(List.of(Jvm.testClasses(), scratch));
        Stream.of(System.getProperty("java.class.path").split(java.io.File.pathSeparator)).map(Path::of)
                .filter(entry -> entry.getFileName().toString().matches("(kotlin|groovy|annotations).*\\.jar")).forEach(classPath::add);
        try (Jvm jvm = Jvm.of(jdk, Compiled.class).withAgent().classPath(classPath.toArray(new Path[0]))
                .options("-Xverify:all").arguments(filters.keySet().stream().map(PACKAGE::concat).toArray(String[]::new)).start()) {
            jvm.awaitOutput("ready");
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            bench.awaitTurns(20);
            for (int round = 0; round < 2; round++) {
                filters.forEach((name, filter) -> {
                    assertTrue(bench.overlaps().get(name) > 0, () -> "the race shows without a filter: " + name + bench.overlaps());
                    agent.installed(name, filter);
                    long atActive = bench.overlaps().get(name);
                    bench.awaitTurns(5);
                    assertEquals(atActive, bench.overlaps().get(name), name);
                    assertTrue((Long) agent.hooks(name).get(0).get("hits") > 0, name);
                    agent.removed(name);
                    bench.assertUnharmed();
                });
            }
            bench.awaitTurns(5);
            bench.assertUnharmed();
            assertEquals(0, agent.faults(), jvm::output);
        }
    }

    private static String filter(Path source, String type, String entry, String... exits) {
        String marked = Stream.of(exits).map(exit -> PACKAGE + type + ":@" + exit).collect(Collectors.joining(", "));
        return Marks.fill(source, "atomic { " + PACKAGE + type + ":@" + entry + " ; " + marked + " }");
    }

    private static void ecj(Path source, Path to, String version) {
        boolean compiled = BatchCompiler.compile(
                new String[] {"-source", version, "-target", version, "-g", "-nowarn", "-classpath", Jvm.testClasses().toString(),
                    "-d", to.toString(), source.toString()},
                new PrintWriter(System.out), new PrintWriter(System.err), null);
        assertTrue(compiled, () -> "ecj " + version);
    }

    private static void groovyc(Path source, Path to) {
        CompilerConfiguration configuration = new CompilerConfiguration();
        configuration.setTargetDirectory(to.toFile());
        configuration.setClasspath(Jvm.testClasses().toString());
        CompilationUnit unit = new CompilationUnit(configuration);
        unit.addSource(source.toFile());
        unit.compile();
    }
}
