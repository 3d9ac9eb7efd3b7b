package dev.loom.filter;

import dev.loom.filter.classes.ClassSource;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Compiles Java sources in memory, for tests. A line that ends in {@code // @name} can be asked for by that name. */
public final class Sources implements ClassSource {

    private final TreeMap<String, byte[]> classes = new TreeMap<>();
    private final List<String> text = new ArrayList<>();
    private boolean growing;

    private Sources() {}

    /** Compiles one file, with lines and variables. */
    public static Sources compile(String fileName, String source) {
        return compile(List.of("-g"), fileName, source);
    }

    /** Compiles one file with options of javac. */
    public static Sources compile(List<String> options, String fileName, String source) {
        Sources sources = new Sources();
        return sources.add(options, fileName, source);
    }

    /** Compiles one more file, against those before it. */
    public Sources add(List<String> options, String fileName, String source) {
        text.addAll(source.lines().toList());
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        StandardJavaFileManager standard = javac.getStandardFileManager(problems, null, null);
        JavaFileManager files = new InMemory(standard);
        JavaFileObject unit = new SimpleJavaFileObject(URI.create("string:///" + fileName), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
        if (!javac.getTask(null, files, problems, options, null, List.of(unit)).call()) {
            for (Diagnostic<?> problem : problems.getDiagnostics()) {
                System.err.println(problem);
            }
            throw new IllegalArgumentException("does not compile: " + problems.getDiagnostics());
        }
        return this;
    }

    /** The line that ends in {@code // @name}. */
    public int line(String name) {
        for (int i = 0; i < text.size(); i++) {
            if (text.get(i).endsWith("// @" + name)) {
                return i + 1;
            }
        }
        throw new IllegalArgumentException("no line is marked // @" + name);
    }

    /** Replaces each {@code @name} in a filter by the line of that name. */
    public String lines(String filter) {
        return java.util.regex.Pattern.compile("@([a-z][A-Za-z0-9]*)").matcher(filter)
                .replaceAll(m -> String.valueOf(line(m.group(1))));
    }

    /** Takes a class away, as if it was not loaded yet, and makes {@link #mayGrow} true. */
    public Sources without(String internalName) {
        Sources other = new Sources();
        other.text.addAll(text);
        other.classes.putAll(classes);
        other.classes.remove(internalName);
        other.growing = true;
        return other;
    }

    /** Replaces a class file. */
    public Sources with(String internalName, byte[] bytes) {
        Sources other = new Sources();
        other.text.addAll(text);
        other.classes.putAll(classes);
        other.classes.put(internalName, bytes);
        return other;
    }

    @Override
    public Optional<byte[]> find(String internalName) {
        return Optional.ofNullable(classes.get(internalName));
    }

    @Override
    public Set<String> names() {
        return new TreeSet<>(classes.keySet());
    }

    @Override
    public boolean mayGrow() {
        return growing;
    }

    private final class InMemory extends ForwardingJavaFileManager<StandardJavaFileManager> {

        InMemory(StandardJavaFileManager standard) {
            super(standard);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("mem:///" + name.replace('.', '/') + ".class"), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return new ByteArrayOutputStream() {
                        @Override
                        public void close() {
                            classes.put(name.replace('.', '/'), toByteArray());
                        }
                    };
                }
            };
        }
    }
}
