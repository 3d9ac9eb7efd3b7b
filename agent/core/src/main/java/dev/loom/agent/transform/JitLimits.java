package dev.loom.agent.transform;

import dev.loom.agent.support.AgentLog;
import dev.loom.agent.support.LoomThreads;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the JVM's optimizing compiler away from Loom's weaver. Preparing the classes of a large program takes a few seconds, in which C2
 * spends more time on ASM's large methods than they save: at the start of a Kotlin compiler a fifth of the whole CPU time. A compiler
 * directive that names Loom's own packages (not what woven code calls) has C1 compile them alone. Added by the JVM's own diagnostic
 * command, once classes have really been woven, and taken away at detach. A JVM that has no such command goes without.
 */
final class JitLimits {

    /** Classes after which the weaver is about to be compiled; a small program never comes to this. */
    private static final int CLASSES = 10;

    private static final String DIRECTIVE =
            "[{ match: [\"dev/loom/internal/*.*\", \"dev/loom/filter/*.*\", \"dev/loom/agent/*.*\"], c2: { Exclude: true } }]";

    private final Instrumentation instrumentation;
    private final AtomicInteger woven = new AtomicInteger();
    // guarded by this
    private boolean isSet;
    private boolean isClosed;

    JitLimits(Instrumentation instrumentation) {
        this.instrumentation = instrumentation;
    }

    /** A class has been woven. */
    void woven() {
        if (woven.incrementAndGet() == CLASSES) {
            try {
                LoomThreads.daemon("jit", this::set).start();
            } catch (RuntimeException | Error e) {
                // no thread to be had is no reason for the class to stay unwoven
                AgentLog.debug("the JIT compiles Loom's code like any other: " + e);
            }
        }
    }

    private synchronized void set() {
        if (isClosed) {
            return;
        }
        Path file = null;
        try {
            file = Files.createTempFile("loom-directive-", ".json");
            Files.writeString(file, DIRECTIVE);
            isSet = command("Compiler.directives_add " + file).contains("added");
        } catch (IOException | ReflectiveOperationException | RuntimeException | LinkageError e) {
            AgentLog.debug("the JIT compiles Loom's code like any other: " + e);
        } finally {
            delete(file);
        }
    }

    /** Takes the directive away, if no other was added since: the JVM takes away the newest only. */
    synchronized void close() {
        isClosed = true;
        if (!isSet) {
            return;
        }
        try {
            String all = command("Compiler.directives_print");
            int ours = all.indexOf("dev/loom/internal");
            if (ours >= 0 && all.indexOf("matching:") == all.lastIndexOf("matching:", ours)) {
                command("Compiler.directives_remove");
            }
            isSet = false;
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            AgentLog.debug("the compiler directive stays; it names nothing but Loom's classes: " + e);
        }
    }

    private static void delete(@Nullable Path file) {
        if (file != null) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                AgentLog.debug(file + " stays: " + e);
            }
        }
    }

    /** Past the MBean server, which is not to be made before the application has started. */
    private String command(String line) throws ReflectiveOperationException {
        Module management = ModuleLayer.boot().findModule("jdk.management")
                .orElseThrow(() -> new ClassNotFoundException("no module jdk.management"));
        Set<Module> own = Set.of(JitLimits.class.getModule());
        String internal = "com.sun.management.internal";
        instrumentation.redefineModule(management, Set.of(), Map.of(), Map.of(internal, own), Set.of(), Map.of());
        // loads the library
        Class.forName(internal + ".PlatformMBeanProviderImpl");
        Class<?> commands = Class.forName(internal + ".DiagnosticCommandImpl");
        Class<?> unsafe = Class.forName("jdk.internal.misc.Unsafe");
        Object instance = unsafe.getMethod("allocateInstance", Class.class).invoke(unsafe.getMethod("getUnsafe").invoke(null), commands);
        Method execute = commands.getDeclaredMethod("executeDiagnosticCommand", String.class);
        execute.setAccessible(true);
        return String.valueOf(execute.invoke(instance, line));
    }
}
