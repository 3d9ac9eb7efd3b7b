package dev.loom.agent.weave.mass;

import dev.loom.filter.analysis.UpdatePoints;
import dev.loom.filter.weave.ClassWeaver;
import dev.loom.filter.weave.ClassWeaving;
import dev.loom.filter.weave.MethodWeaving;
import dev.loom.filter.weave.WovenClass;
import dev.loom.filter.weave.body.CannotWeave;
import dev.loom.filter.weave.body.HookAbi;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Weaves every class of some jars, the static part alone, as neutral code and with polls and watch points, and has the JVM verify all of them: {@code MassWeaving
 * JAR…}. A class whose plain form the JVM refuses (because what it needs is not there) does not count. Prints a line for each jar and
 * each refusal; ends with status 1 if there was one.
 */
public final class MassWeaving {

    /** What became of the classes of one jar. */
    static final class Result {
        int classes;
        int changed;
        int methods;
        int points;
        int verified;
        int unverifiable;
        int polled;
        int unwatched;
        long nanos;
        final Map<UpdatePoints.Reason, Integer> skipped = new EnumMap<>(UpdatePoints.Reason.class);
        final List<String> problems = new ArrayList<>();
        /** Methods that were to get polls and could not. */
        final List<String> unpolled = new ArrayList<>();
        /** Left as they are, with a reason: old classes that refer to classes that are not there. */
        final List<String> refused = new ArrayList<>();

        @Override
        public String toString() {
            return classes + " classes (" + unverifiable + " that cannot be verified plain), " + changed + " changed, " + methods
                    + " methods, " + points + " update points, " + verified + " verified, " + polled + " verified with polls and watch points (without polls: "
                    + unpolled + ", " + unwatched + " methods without watch points), skipped " + skipped + ", "
                    + (classes == 0 ? 0 : nanos / classes / 1000) + " us CPU a class, " + refused.size() + " left as they are, " + problems.size() + " problems";
        }
    }

    private MassWeaving() {}

    public static void main(String[] args) throws IOException {
        boolean failed = false;
        for (String jar : args) {
            Result result = weave(Path.of(jar));
            System.out.println(Path.of(jar).getFileName() + ": " + result);
            result.problems.stream().limit(10).forEach(p -> System.out.println("    " + p.substring(0, Math.min(p.length(), 700))));
            failed |= !result.problems.isEmpty();
        }
        System.exit(failed ? 1 : 0);
    }

    static Result weave(Path jar) throws IOException {
        Map<String, byte[]> classes = new LinkedHashMap<>();
        try (JarFile file = new JarFile(jar.toFile())) {
            for (Enumeration<JarEntry> entries = file.entries(); entries.hasMoreElements(); ) {
                JarEntry entry = entries.nextElement();
                String name = entry.getName();
                if (name.endsWith(".class") && !name.startsWith("META-INF/") && !name.endsWith("-info.class")) {
                    try (InputStream in = file.getInputStream(entry)) {
                        classes.put(name.substring(0, name.length() - 6).replace('/', '.'), in.readAllBytes());
                    }
                }
            }
        }
        Result result = new Result();
        Map<String, byte[]> woven = new HashMap<>();
        Map<String, byte[]> neutral = new HashMap<>();
        Map<String, byte[]> polled = new HashMap<>();
        ClassLoader outside = MassWeaving.class.getClassLoader();
        ClassWeaver weaver = new ClassWeaver(HookAbi.BOOTSTRAP);
        for (Map.Entry<String, byte[]> entry : classes.entrySet()) {
            byte[] bytes = entry.getValue();
            if (ClassFile.major(bytes) > Runtime.version().feature() + 44) {
                continue; // for a newer JVM
            }
            result.classes++;
            try {
                Function<String, Optional<byte[]>> finder = name -> find(name, classes, outside);
                long start = cpu();
                WovenClass prepared = weaver.weave(bytes, ClassWeaving.STATIC, finder);
                result.nanos += cpu() - start;
                prepared.skipped().forEach((reason, count) -> result.skipped.merge(reason, count, Integer::sum));
                result.methods += prepared.methods();
                WovenClass stopping = weaver.weave(bytes, new ClassWeaving(true, Map.of(), 1, false, point -> 1), finder);
                if (stopping.bytes() != null) {
                    polled.put(entry.getKey(), stopping.bytes());
                }
                result.unwatched += stopping.unwatched().size();
                stopping.unpolled().forEach(method -> result.unpolled.add(entry.getKey() + "#" + method));
                if (prepared.bytes() != null) {
                    result.changed++;
                    result.points += ClassFile.guards(prepared.bytes());
                    woven.put(entry.getKey(), prepared.bytes());
                    Map<String, MethodWeaving> all = new HashMap<>();
                    ClassFile.bodies(bytes).forEach(method -> all.put(method, new MethodWeaving(1, List.of())));
                    WovenClass moved = weaver.weave(bytes, new ClassWeaving(true, all), finder);
                    neutral.put(entry.getKey(), moved.bytes());
                }
            } catch (CannotWeave e) {
                result.refused.add(entry.getKey() + ": " + e.getMessage());
            } catch (RuntimeException e) {
                result.problems.add(entry.getKey() + ": " + e);
            }
        }
        verify(classes, woven, neutral, result);
        verifyPolled(classes, polled, result);
        return result;
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static Optional<byte[]> find(String name, Map<String, byte[]> classes, ClassLoader outside) {
        byte[] own = classes.get(name.replace('/', '.'));
        if (own != null) {
            return Optional.of(own);
        }
        try (InputStream in = outside.getResourceAsStream(name + ".class")) {
            return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static void verify(
            Map<String, byte[]> plain, Map<String, byte[]> woven, Map<String, byte[]> neutral, Result result) {
        Loader plainLoader = new Loader(plain, Map.of());
        Loader wovenLoader = new Loader(plain, woven);
        Loader neutralLoader = new Loader(plain, neutral);
        for (String name : woven.keySet()) {
            if (problem(name, plainLoader) != null) {
                result.unverifiable++;
                continue;
            }
            for (Loader loader : List.of(wovenLoader, neutralLoader)) {
                String problem = problem(name, loader);
                if (problem == null) {
                    result.verified++;
                } else {
                    result.problems.add(name + (loader == wovenLoader ? " static: " : " neutral: ") + problem);
                }
            }
        }
    }

    private static void verifyPolled(Map<String, byte[]> plain, Map<String, byte[]> polled, Result result) {
        Loader plainLoader = new Loader(plain, Map.of());
        Loader polledLoader = new Loader(plain, polled);
        for (String name : polled.keySet()) {
            if (problem(name, plainLoader) != null) {
                continue;
            }
            String problem = problem(name, polledLoader);
            if (problem == null) {
                result.polled++;
            } else {
                result.problems.add(name + " with polls and watch points: " + problem);
            }
        }
    }

    /** Links a class, which verifies it, and does not initialize it. */
    private static String problem(String name, Loader loader) {
        try {
            // HotSpot links a class before it answers this
            Class.forName(name, false, loader).getDeclaredConstructors();
            return null;
        } catch (Throwable t) {
            return t.toString();
        }
    }

    private static final class Loader extends ClassLoader {
        private final Map<String, byte[]> plain;
        private final Map<String, byte[]> changed;

        Loader(Map<String, byte[]> plain, Map<String, byte[]> changed) {
            super(MassWeaving.class.getClassLoader());
            this.plain = plain;
            this.changed = changed;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                byte[] bytes = changed.getOrDefault(name, plain.get(name));
                if (bytes == null || name.startsWith("java.")) {
                    return super.loadClass(name, resolve);
                }
                Class<?> loaded = findLoadedClass(name);
                return loaded != null ? loaded : defineClass(name, bytes, 0, bytes.length);
            }
        }
    }

    /** What the test reads from class files. */
    private static final class ClassFile {
        static int major(byte[] bytes) {
            return ((bytes[6] & 0xff) << 8) | (bytes[7] & 0xff);
        }

        static List<String> bodies(byte[] bytes) {
            List<String> result = new ArrayList<>();
            new ClassReader(bytes).accept(new ClassVisitor(Opcodes.ASM9) {
                @Override
                public MethodVisitor visitMethod(int access, String name, String desc, String signature, String[] exceptions) {
                    if ((access & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE)) == 0 && !name.startsWith("<")) {
                        result.add(name + desc);
                    }
                    return null;
                }
            }, ClassReader.SKIP_CODE);
            return result;
        }

        static int guards(byte[] bytes) {
            int[] count = new int[1];
            new ClassReader(bytes).accept(new ClassVisitor(Opcodes.ASM9) {
                @Override
                public MethodVisitor visitMethod(int access, String name, String desc, String signature, String[] exceptions) {
                    return new MethodVisitor(Opcodes.ASM9) {
                        @Override
                        public void visitInvokeDynamicInsn(String called, String type, Handle handle, Object... arguments) {
                            if (handle.getOwner().startsWith("dev/loom/") && called.equals("guard")) {
                                count[0]++;
                            }
                        }
                    };
                }
            }, ClassReader.SKIP_FRAMES | ClassReader.SKIP_DEBUG);
            return count[0];
        }
    }
}
