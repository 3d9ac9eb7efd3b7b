package dev.loom.filter.analysis;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/** A target class and the marks in the comments at the ends of its source's lines. */
final class Marks {

    final ClassNode type = new ClassNode();
    private final Map<Integer, String> comments = new TreeMap<>();

    Marks(Class<?> target) throws IOException {
        String name = target.getName().replace('.', '/');
        try (InputStream in = target.getResourceAsStream("/" + name + ".class")) {
            new ClassReader(in.readAllBytes()).accept(type, ClassReader.EXPAND_FRAMES);
        }
        List<String> lines = Files.readAllLines(Path.of("src/test/java", name + ".java"));
        for (int i = 0; i < lines.size(); i++) {
            int comment = lines.get(i).indexOf("// ");
            if (comment > 0) {
                comments.put(i + 1, lines.get(i).substring(comment + 3));
            }
        }
    }

    MethodNode method(String name) {
        return type.methods.stream().filter(m -> m.name.equals(name)).findFirst().orElseThrow();
    }

    /** Methods written in the source that have a body. */
    List<MethodNode> methods() {
        List<MethodNode> result = new ArrayList<>();
        for (MethodNode method : type.methods) {
            if (!method.name.startsWith("<") && method.instructions.size() > 0) {
                result.add(method);
            }
        }
        return result;
    }

    /** Lines of a body that carry a mark. */
    TreeSet<Integer> lines(ControlFlow code, String mark) {
        TreeSet<Integer> result = new TreeSet<>();
        for (int i = 0; i < code.size(); i++) {
            if (code.isReal(i) && words(code.line(i)).contains(mark)) {
                result.add(code.line(i));
            }
        }
        return result;
    }

    /** The number in {@code mark(n)}; -1 if the line has no such mark. */
    int number(int line, String mark) {
        for (String word : words(line)) {
            if (word.startsWith(mark + "(")) {
                return Integer.parseInt(word.substring(mark.length() + 1, word.length() - 1));
            }
        }
        return -1;
    }

    List<String> words(int line) {
        return List.of(comments.getOrDefault(line, "").split(" "));
    }
}
