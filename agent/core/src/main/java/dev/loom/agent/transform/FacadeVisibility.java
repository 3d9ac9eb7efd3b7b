package dev.loom.agent.transform;

import dev.loom.agent.support.AgentLog;
import dev.loom.bootstrap.Hooks;
import java.lang.reflect.Method;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Knows which class loaders let their classes see the facade that woven code calls. Module systems (OSGi, JBoss Modules) give their
 * classes no package of the boot loader but those that they are told; a class of theirs that was woven would fail with
 * NoClassDefFoundError. So classes of such loaders stay as they are, and one line says which setting to add. Thread-safe.
 *
 * <p>A loader is asked once. OSGi frameworks answer according to who asks, and answer strangers more kindly than bundles; so in such a
 * loader a small class asks, defined there for that.
 */
final class FacadeVisibility {

    /** Why classes have no update points; {@code doctor} knows it. */
    static final String REASON = "the class loader does not let its classes see " + packageName();

    private static final String PROBE = "dev/loom/bootstrap/visibility/Probe";
    private static final AtomicInteger PROBES = new AtomicInteger();

    private final LoaderTable<Boolean> known = new LoaderTable<>();
    /** Threads that ask a loader now. By identity: a thread's {@code equals} may be the application's. */
    private final Map<Thread, Boolean> asking = Collections.synchronizedMap(new IdentityHashMap<>());
    private final AtomicBoolean told = new AtomicBoolean();

    private static String packageName() {
        return Hooks.class.getPackageName();
    }

    boolean isSeenBy(@Nullable ClassLoader loader) {
        if (loader == null || loader == ClassLoader.getSystemClassLoader() || loader == ClassLoader.getPlatformClassLoader()) {
            return true;
        }
        ClassId key = new ClassId(loader, "");
        Boolean seen = known.get(key);
        if (seen == null) {
            seen = delegatesAsUsual(loader) || asks(loader);
            if (!asking.containsKey(Thread.currentThread())) {
                known.put(key, seen);
            }
        }
        return seen;
    }

    /**
     * Asks a loader. Threads that come to the same loader at the same time all ask, since none may wait for another here: each may hold
     * locks of loaders. A class that comes while its own thread asks stays as it is.
     */
    private boolean asks(ClassLoader loader) {
        Thread me = Thread.currentThread();
        if (asking.putIfAbsent(me, true) != null) {
            return false;
        }
        try {
            boolean seen = isOfOsgi(loader) ? probe(loader) : sees(loader);
            if (!seen) {
                tell(loader);
            }
            return seen;
        } finally {
            asking.remove(me);
        }
    }

    /** Why a filter cannot be in force over a class. */
    String explain(ClassId id) {
        return "class " + id.dotted() + " stays as it is, as its class loader hides the package " + packageName() + ": " + cure(id.loader());
    }

    private void tell(ClassLoader loader) {
        String message = "classes of " + loader.getClass().getName() + " do not see the package " + packageName()
                + " and stay as they are; no filter can be in force over them: " + cure(loader);
        if (!told.getAndSet(true)) {
            AgentLog.warn(message);
        } else {
            AgentLog.debug(message);
        }
    }

    private static String cure(@Nullable ClassLoader loader) {
        if (loader != null && isOfOsgi(loader)) {
            return "start the JVM, or the framework, with org.osgi.framework.bootdelegation=" + packageName() + " (add it to what is there)";
        }
        if (loader != null && loader.getClass().getName().startsWith("org.jboss.modules.")) {
            return "start the JVM with -Djboss.modules.system.pkgs=" + packageName() + " (add it to what is there)";
        }
        return "have the class loader ask its parent, or the boot loader, for that package";
    }

    /** Whether a loader asks its parents first because it does not change how classes are found. */
    private static boolean delegatesAsUsual(ClassLoader loader) {
        for (Class<?> type = loader.getClass(); type.getClassLoader() != null; type = type.getSuperclass()) {
            if (overrides(type, "loadClass", String.class) || overrides(type, "loadClass", String.class, boolean.class)) {
                return false;
            }
        }
        return true;
    }

    private static boolean overrides(Class<?> type, String method, Class<?>... parameters) {
        try {
            return type.getDeclaredMethod(method, parameters) != null;
        } catch (NoSuchMethodException e) {
            return false;
        } catch (RuntimeException | LinkageError e) {
            return true; // in doubt it is asked
        }
    }

    /** OSGi Core, 3.9.2: each class loader of a bundle is a {@code BundleReference}. */
    private static boolean isOfOsgi(ClassLoader loader) {
        for (Class<?> type = loader.getClass(); type != null; type = type.getSuperclass()) {
            for (Class<?> some : type.getInterfaces()) {
                if (some.getName().equals("org.osgi.framework.BundleReference")) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean sees(ClassLoader loader) {
        try {
            return Class.forName(Hooks.class.getName(), false, loader) == Hooks.class;
        } catch (ClassNotFoundException | RuntimeException | LinkageError e) {
            return false;
        }
    }

    /** Has a class of the loader's own ask. */
    private static boolean probe(ClassLoader loader) {
        try {
            Class<?> unsafe = Class.forName("jdk.internal.misc.Unsafe");
            // a name of its own: an agent that was here before, or another thread, may have defined one in this loader
            String name = PROBE + Long.toHexString(System.nanoTime()) + "_" + PROBES.incrementAndGet();
            byte[] bytes = probeClass(name);
            Object probe = unsafe.getMethod("defineClass", String.class, byte[].class, int.class, int.class, ClassLoader.class,
                            java.security.ProtectionDomain.class)
                    .invoke(unsafe.getMethod("getUnsafe").invoke(null), name, bytes, 0, bytes.length, loader, null);
            Method ask = ((Class<?>) probe).getMethod("sees");
            return (boolean) ask.invoke(null);
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            AgentLog.debug("a class loader could not be asked whether its classes see the facade: " + e);
            return sees(loader);
        }
    }

    /** {@code static boolean sees() { try { Hooks.class; return true; } catch (LinkageError e) { return false; } }}. */
    private static byte[] probeClass(String name) {
        ClassWriter writer = new ClassWriter(0);
        writer.visit(Opcodes.V1_6, Opcodes.ACC_PUBLIC | Opcodes.ACC_SUPER | Opcodes.ACC_SYNTHETIC, name, null, "java/lang/Object", null);
        MethodVisitor method = writer.visitMethod(Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC, "sees", "()Z", null, null);
        Label start = new Label();
        Label end = new Label();
        Label handler = new Label();
        method.visitCode();
        method.visitTryCatchBlock(start, end, handler, "java/lang/LinkageError");
        method.visitLabel(start);
        method.visitLdcInsn(Type.getType(Hooks.class));
        method.visitInsn(Opcodes.POP);
        method.visitInsn(Opcodes.ICONST_1);
        method.visitInsn(Opcodes.IRETURN);
        method.visitLabel(end);
        method.visitLabel(handler);
        method.visitFrame(Opcodes.F_NEW, 0, new Object[0], 1, new Object[] {"java/lang/LinkageError"});
        method.visitInsn(Opcodes.POP);
        method.visitInsn(Opcodes.ICONST_0);
        method.visitInsn(Opcodes.IRETURN);
        method.visitMaxs(1, 0);
        method.visitEnd();
        writer.visitEnd();
        return writer.toByteArray();
    }
}
