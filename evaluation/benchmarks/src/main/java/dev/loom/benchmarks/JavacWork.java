package dev.loom.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The JDK's compiler on a class of some hundred lines. */
final class JavacWork implements Workload {

    private final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    private final StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
    private final Path output;
    private final JavaFileObject source;

    JavacWork() throws IOException {
        output = Files.createTempDirectory("loom-javac");
        StringBuilder text = new StringBuilder("import java.util.*;\nclass Compiled {\n");
        for (int i = 0; i < 60; i++) {
            text.append("    static int m").append(i).append("(Map<String, List<Integer>> map) {\n        int sum = ").append(i)
                    .append(";\n        for (var entry : map.entrySet()) {\n            sum += entry.getValue().stream().mapToInt(x -> x + 1).sum()")
                    .append(" + entry.getKey().length();\n        }\n        return sum;\n    }\n");
        }
        String code = text.append("}\n").toString();
        source = new SimpleJavaFileObject(URI.create("string:///Compiled.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return code;
            }
        };
    }

    @Override
    public long once() {
        List<String> options = List.of("-d", output.toString(), "-proc:none");
        if (!compiler.getTask(null, files, null, options, null, List.of(source)).call()) {
            throw new IllegalStateException("it does not compile");
        }
        return 1;
    }
}
