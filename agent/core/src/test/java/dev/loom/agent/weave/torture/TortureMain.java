package dev.loom.agent.weave.torture;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.lang.instrument.Instrumentation;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Generates and runs programs in this JVM: {@code TortureMain SEED JAVA_PROGRAMS RAW_PROGRAMS}. Also an agent, for the right to
 * redefine classes. Ends with status 1 if anything differed.
 *
 * <p>{@code TortureMain stack} moves frames at the end of the stack; {@code TortureMain show SEED RELEASE} prints one program, {@code one SEED RELEASE} runs it, {@code raw SEED} a raw one.
 */
public final class TortureMain {

    private static Instrumentation instrumentation;

    private TortureMain() {}

    public static void premain(String arguments, Instrumentation given) {
        instrumentation = given;
    }

    public static void main(String[] args) throws Exception {
        Torture torture = new Torture(instrumentation);
        switch (args[0]) {
            case "show" -> {
                long seed = Long.parseLong(args[1]);
                int line = 0;
                for (String text : new JavaGenerator(seed, Integer.parseInt(args[2])).generate("G" + seed).split("\n")) {
                    System.out.println(++line + "\t" + text);
                }
                return;
            }
            case "stack" -> torture.failures().addAll(StackEnd.problems());
            case "one" -> java(torture, Long.parseLong(args[1]), 1, Integer.parseInt(args[2]));
            case "raw" -> raw(torture, Long.parseLong(args[1]), 1);
            default -> all(torture, Long.parseLong(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2]));
        }
        if (args[0].equals("stack")) {
            torture.failures().forEach(System.out::println);
        }
        System.out.println(torture.summary());
        System.exit(torture.failures().isEmpty() ? 0 : 1);
    }

    /** The release levels that this JDK's compiler still knows, of those that make different code. */
    static List<Integer> releases() {
        List<Integer> releases = new ArrayList<>(List.of(8, 11, 17));
        if (Runtime.version().feature() >= 21) {
            releases.add(21);
        }
        if (Runtime.version().feature() > 21) {
            releases.add(Runtime.version().feature());
        }
        return releases;
    }

    static void all(Torture torture, long seed, int programs, int raw) throws IOException {
        List<Integer> releases = releases();
        int each = Math.max(1, programs / releases.size());
        for (int release : releases) {
            for (int done = 0; done < each; done += 40) {
                java(torture, seed + done, Math.min(40, each - done), release);
            }
        }
        raw(torture, seed, raw);
    }

    static void raw(Torture torture, long seed, int count) {
        for (int i = 0; i < count; i++) {
            long one = seed + i;
            RawGenerator.Size size = one % 40 == 7 ? RawGenerator.Size.NEAR_JIT_LIMIT
                    : one % 97 == 11 ? RawGenerator.Size.HUGE
                    : one % 20 == 3 ? RawGenerator.Size.MANY_LOCALS : RawGenerator.Size.NORMAL;
            String name = "raw/R" + one;
            byte[] bytes;
            try {
                bytes = new RawGenerator(one, name).generate(size);
            } catch (org.objectweb.asm.MethodTooLargeException e) {
                continue;
            }
            torture.run(Program.of("raw " + one + " " + size, name.replace('/', '.'), Map.of(name.replace('/', '.'), bytes)), one);
        }
    }

    static void java(Torture torture, long seed, int count, int release) throws IOException {
        Map<String, String> sources = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            sources.put("G" + (seed + i), new JavaGenerator(seed + i, release).generate("G" + (seed + i)));
        }
        String debug = List.of("-g", "-g:lines", "-g:source,lines", "-g:none").get((int) Math.floorMod(seed / 40, 4L));
        Map<String, byte[]> classes = compile(sources, List.of("--release", String.valueOf(release), debug, "-nowarn", "-Xlint:none"));
        for (int i = 0; i < count; i++) {
            String main = "gen.G" + (seed + i);
            Map<String, byte[]> own = new TreeMap<>();
            classes.forEach((name, bytes) -> {
                if (name.equals(main) || name.startsWith(main + "$") || name.equals(main + "I")) {
                    own.put(name, bytes);
                }
            });
            torture.run(Program.of("java " + (seed + i) + " " + release, main, own), seed + i);
        }
    }

    static Map<String, byte[]> compile(Map<String, String> sources, List<String> options) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Map<String, ByteArrayOutputStream> outputs = new HashMap<>();
        StringWriter messages = new StringWriter();
        List<JavaFileObject> units = new ArrayList<>();
        sources.forEach((name, text) -> units.add(new SimpleJavaFileObject(URI.create("string:///gen/" + name + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignore) {
                return text;
            }
        }));
        try (JavaFileManager manager = new ForwardingJavaFileManager<JavaFileManager>(
                compiler.getStandardFileManager(null, Locale.ROOT, null)) {
            @Override
            public JavaFileObject getJavaFileForOutput(Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
                return new SimpleJavaFileObject(URI.create("mem:///" + name + ".class"), kind) {
                    @Override
                    public OutputStream openOutputStream() {
                        ByteArrayOutputStream out = new ByteArrayOutputStream();
                        outputs.put(name, out);
                        return out;
                    }
                };
            }
        }) {
            List<String> all = new ArrayList<>(options);
            all.addAll(List.of("-proc:none", "-cp", System.getProperty("java.class.path")));
            if (!compiler.getTask(messages, manager, null, all, null, units).call()) {
                throw new IllegalStateException("generated source does not compile: " + messages);
            }
        }
        Map<String, byte[]> classes = new TreeMap<>();
        outputs.forEach((name, out) -> classes.put(name, out.toByteArray()));
        return classes;
    }
}
