package dev.loom.agent;

import dev.loom.agent.support.AgentLog;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarInputStream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Gives the JVM the classes that woven code calls ({@code dev.loom.bootstrap}), as classes of the bootstrap loader, which all others
 * see. No other class of the agent that uses them may be touched before. The JVM keeps them for ever, so it gets them once, whatever is
 * attached and detached.
 *
 * <p>They are defined one by one, by the JDK's internal {@code Unsafe}, rather than by appending a jar to the bootstrap class path:
 * as soon as that path is appended to, the JVM prints a warning and stops to share the application's classes (CDS). What that costs is
 * in {@code docs/decisions/0004}. A JVM that does not let us has the jar appended.
 */
final class Facade {

    /** System property with the check sum of the facade that is there. */
    private static final String STATE = "dev.loom.bootstrap";

    private static final String JAR = "/loom-bootstrap.jar";

    private Facade() {}

    /** @throws IllegalStateException if another version's facade is there */
    static void provide(Instrumentation instrumentation) throws IOException {
        byte[] jar = read();
        String sum = sum(jar);
        String present = System.getProperty(STATE);
        if (present == null) {
            String failure = define(jar, instrumentation);
            if (failure != null) {
                AgentLog.info("appending to the bootstrap class path: " + failure);
                append(jar, instrumentation);
            }
            open(instrumentation);
            System.setProperty(STATE, sum);
        } else if (!present.equals(sum)) {
            throw new IllegalStateException("another version of Loom was in this JVM before, and the classes that it left behind do not"
                    + " fit this one; restart the JVM, or attach that version again");
        }
    }

    /**
     * Lets the facade call what other agents cannot instrument, and {@code Thread.interrupt} past overrides. Without it the JDK's public
     * methods do the same.
     */
    private static void open(Instrumentation instrumentation) {
        try {
            Set<Module> facade = Set.of(Class.forName("dev.loom.bootstrap.Hold", false, null).getModule());
            instrumentation.redefineModule(Object.class.getModule(), Set.of(), Map.of("jdk.internal.misc", facade),
                    Map.of("java.lang", facade), Set.of(), Map.of());
        } catch (ReflectiveOperationException | RuntimeException e) {
            AgentLog.info("the JDK stays closed to what woven code calls: " + e);
        }
    }

    private static byte[] read() throws IOException {
        try (InputStream in = Facade.class.getResourceAsStream(JAR)) {
            if (in == null) {
                throw new IllegalStateException("the agent jar has no " + JAR);
            }
            return in.readAllBytes();
        }
    }

    private static String sum(byte[] jar) {
        CRC32 sum = new CRC32();
        sum.update(jar);
        return Long.toHexString(sum.getValue());
    }

    /** Gives the reason if that is not possible. */
    private static @Nullable String define(byte[] jar, Instrumentation instrumentation) throws IOException {
        try {
            instrumentation.redefineModule(Object.class.getModule(), Set.of(),
                    Map.of("jdk.internal.misc", Set.of(Facade.class.getModule())), Map.of(), Set.of(), Map.of());
            Class<?> type = Class.forName("jdk.internal.misc.Unsafe");
            Object unsafe = type.getMethod("getUnsafe").invoke(null);
            Method define = type.getMethod(
                    "defineClass", String.class, byte[].class, int.class, int.class, ClassLoader.class, ProtectionDomain.class);
            Map<String, byte[]> classes = classes(jar);
            while (!classes.isEmpty()) {
                String failure = defineSome(classes, unsafe, define);
                if (failure != null) {
                    return failure;
                }
            }
            return null;
        } catch (ReflectiveOperationException | RuntimeException e) {
            return e.toString();
        }
    }

    /** A class can be defined when its superclass and its interfaces are: those that cannot yet stay for the next round. */
    private static @Nullable String defineSome(Map<String, byte[]> classes, Object unsafe, Method define) throws IllegalAccessException {
        String failure = "no classes in it";
        boolean some = false;
        for (Iterator<Map.Entry<String, byte[]>> left = classes.entrySet().iterator(); left.hasNext(); ) {
            Map.Entry<String, byte[]> one = left.next();
            try {
                define.invoke(unsafe, one.getKey(), one.getValue(), 0, one.getValue().length, null, null);
                left.remove();
                some = true;
            } catch (InvocationTargetException e) {
                failure = String.valueOf(e.getCause());
                if (!(e.getCause() instanceof NoClassDefFoundError)) {
                    return failure;
                }
            }
        }
        return some ? null : failure;
    }

    private static Map<String, byte[]> classes(byte[] jar) throws IOException {
        Map<String, byte[]> classes = new LinkedHashMap<>();
        try (JarInputStream in = new JarInputStream(new ByteArrayInputStream(jar), false)) {
            for (JarEntry entry = in.getNextJarEntry(); entry != null; entry = in.getNextJarEntry()) {
                String name = entry.getName();
                if (name.endsWith(".class") && !name.endsWith("package-info.class")) {
                    classes.put(name.substring(0, name.length() - ".class".length()), in.readAllBytes());
                }
            }
        }
        return classes;
    }

    private static void append(byte[] jar, Instrumentation instrumentation) throws IOException {
        Path file = Files.createTempFile("loom-bootstrap-", ".jar");
        // the JVM reads from the file as classes are needed, so it has to stay until the end
        file.toFile().deleteOnExit();
        Files.write(file, jar);
        try (JarFile facade = new JarFile(file.toFile(), false)) {
            instrumentation.appendToBootstrapClassLoaderSearch(facade);
        }
    }
}
