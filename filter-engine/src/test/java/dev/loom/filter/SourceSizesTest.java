package dev.loom.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long the main sources of all modules may be; ArchUnit does not see lines. */
class SourceSizesTest {

    private static final int MAX_METHOD = 60;
    private static final int MAX_CLASS = 450;
    private static final int MAX_MEDIAN = 80;

    /** A module of fewer classes has no median that says anything. */
    private static final int FEW = 5;

    /** Behind it stands why a method is long. */
    private static final String REASON = "// long: ";

    @Test
    void theMainSourcesOfAllModulesKeepToTheSizes() throws IOException {
        Path top = Path.of("..");
        List<Path> sources = mainSources(top);
        assertTrue(sources.size() > 500, "only " + sources.size() + " main sources found below " + top.toRealPath() + ": is this where they are?");
        assertEquals(List.of(), tooLong(top, sources), "each of these is too long; it says what to do");
    }

    @Test
    void aClassIsTooLongFromOneLineMoreOn(@TempDir Path top) throws IOException {
        assertEquals(List.of(), tooLong(top, source(top, "Fits", "class Fits {\n" + "\n".repeat(MAX_CLASS - 2) + "}\n")));
        assertEquals(
                List.of("m/src/main/java/Long.java has 451 lines, 450 are the most: give one of its ideas a class of its own"),
                tooLong(top, source(top, "Long", "class Long {\n" + "\n".repeat(MAX_CLASS - 1) + "}\n")));
    }

    @Test
    void aMethodIsTooLongFromOneLineMoreOn(@TempDir Path top) throws IOException {
        assertEquals(List.of(), tooLong(top, source(top, "Fits", method("", MAX_METHOD))));
        assertEquals(
                List.of("m/src/main/java/Long.java:2 run has 61 lines, 60 are the most: split it, or say why not in a line '// long: …' in it"),
                tooLong(top, source(top, "Long", method("", MAX_METHOD + 1))));
    }

    @Test
    void aMethodThatSaysWhyItIsLongMayBe(@TempDir Path top) throws IOException {
        assertEquals(List.of(), tooLong(top, source(top, "Long", method("// long: one case for each instruction", MAX_METHOD + 1))));
    }

    @Test
    void aModuleOfLongClassesIsToldItsMedian(@TempDir Path top) throws IOException {
        List<Path> sources = new ArrayList<>();
        for (int i = 0; i < FEW; i++) {
            sources.addAll(source(top, "Type" + i, "class Type" + i + " {\n" + "\n".repeat(i == 0 ? 1 : MAX_MEDIAN - 1) + "}\n"));
        }
        assertEquals(
                List.of("m: half of its classes have 81 lines or more, 80 are the most: split its longest classes by idea"),
                tooLong(top, sources));
        assertEquals(List.of(), tooLong(top, sources.subList(1, FEW)), "four classes have no median that says anything");
    }

    private static String method(String first, int lines) {
        return "class Some {\n  void run() {" + first + "\n".repeat(lines - 1) + "  }\n}\n";
    }

    private static List<Path> source(Path top, String type, String text) throws IOException {
        Path file = Files.createDirectories(top.resolve("m/src/main/java")).resolve(type + ".java");
        Files.writeString(file, text);
        return List.of(file);
    }

    private static List<Path> mainSources(Path top) throws IOException {
        try (Stream<Path> files = Files.walk(top)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> {
                        String path = unixPath(top.relativize(file));
                        return path.contains("/src/main/java/") && !path.contains("/target/");
                    })
                    .sorted()
                    .toList();
        }
    }

    /** What is too long, and what to do about it; a line each. */
    private static List<String> tooLong(Path top, List<Path> sources) throws IOException {
        List<String> found = new ArrayList<>();
        Map<String, List<Integer>> modules = new TreeMap<>();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            JavacTask parser = (JavacTask) compiler.getTask(
                    null, files, problem -> {}, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(sources));
            SourcePositions positions = Trees.instance(parser).getSourcePositions();
            for (CompilationUnitTree unit : parser.parse()) {
                String path = unixPath(top.relativize(Path.of(unit.getSourceFile().getName())));
                String text = unit.getSourceFile().getCharContent(true).toString();
                int lines = (int) text.lines().count();
                if (!path.endsWith("-info.java")) {
                    modules.computeIfAbsent(path.substring(0, path.indexOf("/src/main/java/")), module -> new ArrayList<>()).add(lines);
                }
                if (lines > MAX_CLASS) {
                    found.add(path + " has " + lines + " lines, " + MAX_CLASS + " are the most: give one of its ideas a class of its own");
                }
                methods(unit, positions, path, text, found);
            }
        }
        modules.forEach((module, lines) -> {
            lines.sort(null);
            int median = lines.get((lines.size() - 1) / 2);
            if (lines.size() >= FEW && median > MAX_MEDIAN) {
                found.add(module + ": half of its classes have " + median + " lines or more, " + MAX_MEDIAN
                        + " are the most: split its longest classes by idea");
            }
        });
        return found;
    }

    private static void methods(CompilationUnitTree unit, SourcePositions positions, String path, String text, List<String> found) {
        LineMap lines = unit.getLineMap();
        new TreeScanner<Void, Void>() {
            @Override
            public Void visitMethod(MethodTree method, Void nothing) {
                int start = (int) positions.getStartPosition(unit, method);
                int end = (int) positions.getEndPosition(unit, method);
                // a constructor that a record does not write out has no end
                if (end > start) {
                    long length = lines.getLineNumber(end) - lines.getLineNumber(start) + 1;
                    if (length > MAX_METHOD && !text.substring(start, end).contains(REASON)) {
                        found.add(path + ":" + lines.getLineNumber(start) + " " + method.getName() + " has " + length + " lines, " + MAX_METHOD
                                + " are the most: split it, or say why not in a line '" + REASON + "…' in it");
                    }
                }
                return super.visitMethod(method, nothing);
            }
        }.scan(unit, null);
    }

    private static String unixPath(Path path) {
        return path.toString().replace('\\', '/');
    }
}
