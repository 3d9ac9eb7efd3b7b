package dev.loom.agent.facade;

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
public final class Facade {

    /** System property with the check sum of the facade that is there. */
    private static final String STATE = "dev.loom.bootstrap";

    private static final String JAR = "/loom-bootstrap.jar";

    /** What only a search for races needs: the start of a JVM is not to pay for it. */
    private static final String WATCH = "dev/loom/bootstrap/watch/";
    private static final String WATCH_ENTRY = "dev/loom/bootstrap/Watch";

    private Facade() {}

    /**
     * Gives the JVM all of it but what watch points call.
     *
     * @throws IllegalStateException if another version's facade is there
     */
    public static void provide(Instrumentation instrumentation) throws IOException {
        byte[] jar = read();
        String sum = sum(jar);
        String present = System.getProperty(STATE);
        if (present == null) {
            String failure = define(classes(jar, false), instrumentation);
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
     * Gives the JVM what watch points call, if it is not there yet. To be called after {@link #provide}.
     *
     * @throws IllegalStateException if the JVM does not take the classes
     */
    public static synchronized void provideWatch(Instrumentation instrumentation) throws IOException {
        try {
            Class.forName(WATCH_ENTRY.replace('/', '.'), false, null);
            return;
        } catch (ClassNotFoundException e) {
            // the first search in this JVM
        }
        String failure = define(classes(read(), true), instrumentation);
        if (failure != null) {
            throw new IllegalStateException("the JVM does not take the classes that watch points call: " + failure);
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
    private static @Nullable String define(Map<String, byte[]> classes, Instrumentation instrumentation) {
        try {
            instrumentation.redefineModule(Object.class.getModule(), Set.of(),
                    Map.of("jdk.internal.misc", Set.of(Facade.class.getModule())), Map.of(), Set.of(), Map.of());
            Class<?> type = Class.forName("jdk.internal.misc.Unsafe");
            Object unsafe = type.getMethod("getUnsafe").invoke(null);
            Method define = type.getMethod(
                    "defineClass", String.class, byte[].class, int.class, int.class, ClassLoader.class, ProtectionDomain.class);
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

    /** @param watch whether those that watch points call are wanted, or all others */
    private static Map<String, byte[]> classes(byte[] jar, boolean watch) throws IOException {
        Map<String, byte[]> classes = new LinkedHashMap<>();
        try (JarInputStream in = new JarInputStream(new ByteArrayInputStream(jar), false)) {
            for (JarEntry entry = in.getNextJarEntry(); entry != null; entry = in.getNextJarEntry()) {
                String name = entry.getName();
                boolean isWatch = name.startsWith(WATCH) || name.equals(WATCH_ENTRY + ".class");
                if (name.endsWith(".class") && !name.endsWith("package-info.class") && isWatch == watch) {
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
