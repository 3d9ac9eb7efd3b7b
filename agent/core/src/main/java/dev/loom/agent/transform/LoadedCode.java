package dev.loom.agent.transform;

import dev.loom.agent.support.AgentLog;
import dev.loom.filter.weave.MethodWeaving;
import dev.loom.filter.weave.body.HookAbi;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether hooks are really in the code that the JVM runs: an agent whose transformer comes after Loom's may have put its own
 * copy of the class in place. The JVM does not give loaded code out, but the constants of the class. It keeps those of
 * earlier versions too, so this finds hooks that never got in, and not those that got lost at a second install.
 */
final class LoadedCode {

    private final @Nullable Object access;
    private final @Nullable Method constantPool;

    private LoadedCode(@Nullable Object access, @Nullable Method constantPool) {
        this.access = access;
        this.constantPool = constantPool;
    }

    static LoadedCode open(Instrumentation instrumentation) {
        try {
            Module base = Object.class.getModule();
            Set<Module> own = Set.of(LoadedCode.class.getModule());
            instrumentation.redefineModule(
                    base, Set.of(), Map.of("jdk.internal.access", own, "jdk.internal.reflect", own), Map.of(), Set.of(), Map.of());
            Class<?> secrets = Class.forName("jdk.internal.access.SharedSecrets");
            Object access = secrets.getMethod("getJavaLangAccess").invoke(null);
            Method pool = Class.forName("jdk.internal.access.JavaLangAccess").getMethod("getConstantPool", Class.class);
            return new LoadedCode(access, pool);
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            AgentLog.info("woven code cannot be verified after it was loaded: " + e);
            return new LoadedCode(null, null);
        }
    }

    /** Whether hooks of the given methods are missing in a class; false if that cannot be known. */
    boolean lacks(Class<?> type, Collection<MethodWeaving> methods) {
        Set<Integer> missing = new HashSet<>();
        methods.forEach(method -> method.regions().forEach(region -> missing.add(region.hookId())));
        if (missing.isEmpty() || constantPool == null) {
            return false;
        }
        try {
            Object pool = constantPool.invoke(access, type);
            int size = (Integer) pool.getClass().getMethod("getSize").invoke(pool);
            Method tagAt = pool.getClass().getMethod("getTagAt", int.class);
            Method integerAt = pool.getClass().getMethod("getIntAt", int.class);
            Method utf8At = pool.getClass().getMethod("getUTF8At", int.class);
            boolean facade = false;
            for (int i = 1; i < size; i++) {
                String tag = tag(tagAt, pool, i);
                if (tag.equals("INTEGER")) {
                    missing.remove((Integer) integerAt.invoke(pool, i));
                } else if (tag.equals("UTF8")) {
                    facade |= HookAbi.BOOTSTRAP.hooks().equals(utf8At.invoke(pool, i));
                }
            }
            return !facade || !missing.isEmpty();
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            AgentLog.debug("constants of " + type.getName() + " cannot be read: " + e);
            return false;
        }
    }

    private static String tag(Method tagAt, Object pool, int index) throws IllegalAccessException {
        try {
            return tagAt.invoke(pool, index).toString();
        } catch (InvocationTargetException e) {
            return ""; // the second half of a long or double, or a kind that the JDK's list lacks
        }
    }
}
