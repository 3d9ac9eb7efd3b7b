package dev.loom.benchmarks;

import java.io.IOException;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * An agent behind Loom's that only looks: whatever the JVM takes for a class is what it saw last. It asks for nothing after the
 * first time, so a class that Loom forgot to give back has still the bytes that it forgot.
 */
public final class ClassBytes implements ClassFileTransformer {

    private static Instrumentation instrumentation;
    private static final ClassBytes BYTES = new ClassBytes();

    private final Map<String, byte[]> last = new ConcurrentHashMap<>();
    private final Set<String> changed = ConcurrentHashMap.newKeySet();
    private volatile Map<String, byte[]> before = Map.of();

    private ClassBytes() {}

    public static void premain(String argument, Instrumentation given) {
        instrumentation = given;
    }

    /** Writes the agent as a jar whose classes are those of the class path. */
    static Path jar(Path directory) throws IOException {
        Path jar = directory.resolve("class-bytes.jar");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", ClassBytes.class.getName());
        manifest.getMainAttributes().putValue("Can-Retransform-Classes", "true");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            return jar;
        }
    }

    /** Takes down the bytes of all classes of some packages that are loaded; from then on each change is seen. */
    static ClassBytes of(List<String> packages) throws UnmodifiableClassException {
        instrumentation.addTransformer(BYTES, true);
        List<Class<?>> types = new ArrayList<>();
        for (Class<?> type : instrumentation.getAllLoadedClasses()) {
            if (instrumentation.isModifiableClass(type) && !type.isArray() && !type.isHidden() && packages.stream().anyMatch(type.getName()::startsWith)) {
                types.add(type);
            }
        }
        // what the JVM gives a transformer is the class file at first, and from the second time on what it makes of the class: without some attributes
        instrumentation.retransformClasses(types.toArray(Class<?>[]::new));
        instrumentation.retransformClasses(types.toArray(Class<?>[]::new));
        Map<String, byte[]> before = new HashMap<>();
        types.forEach(type -> before.computeIfAbsent(type.getName().replace('.', '/'), BYTES.last::get));
        BYTES.before = before;
        return BYTES;
    }

    @Override
    public byte[] transform(Module module, ClassLoader loader, String name, Class<?> type, ProtectionDomain domain, byte[] classFile) {
        if (name != null) {
            byte[] digest = digest(classFile);
            byte[] known = before.get(name);
            if (known != null && !Arrays.equals(known, digest)) {
                changed.add(name);
            }
            last.put(name, digest);
        }
        return null;
    }

    private static byte[] digest(byte[] classFile) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(classFile);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Classes that are known. */
    int count() {
        return before.size();
    }

    /** How many of them had other bytes at any time since. */
    int everChanged() {
        return changed.size();
    }

    /** Those that have other bytes than in the beginning. */
    Set<String> differing() {
        Set<String> differing = new HashSet<>();
        before.forEach((name, digest) -> {
            if (!Arrays.equals(digest, last.get(name))) {
                differing.add(name);
            }
        });
        return differing;
    }
}
