package dev.loom.agent.transform;

import dev.loom.agent.support.AgentLog;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The constants of loaded classes, as the JDK's internal access shows them; where it does not, there are none. */
final class ConstantPools {

    private final @Nullable Object access;
    private final @Nullable Method constantPool;

    private ConstantPools(@Nullable Object access, @Nullable Method constantPool) {
        this.access = access;
        this.constantPool = constantPool;
    }

    static ConstantPools open(Instrumentation instrumentation) {
        try {
            Module base = Object.class.getModule();
            Set<Module> own = Set.of(ConstantPools.class.getModule());
            instrumentation.redefineModule(
                    base, Set.of(), Map.of("jdk.internal.access", own, "jdk.internal.reflect", own), Map.of(), Set.of(), Map.of());
            Class<?> secrets = Class.forName("jdk.internal.access.SharedSecrets");
            Object access = secrets.getMethod("getJavaLangAccess").invoke(null);
            Method pool = Class.forName("jdk.internal.access.JavaLangAccess").getMethod("getConstantPool", Class.class);
            return new ConstantPools(access, pool);
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            AgentLog.info("constants of loaded classes cannot be read: " + e);
            return new ConstantPools(null, null);
        }
    }

    /** The constants of one class. */
    record Pool(Object pool, int size) {

        /** The name of a constant's kind. */
        String tag(int index) throws ReflectiveOperationException {
            try {
                return pool.getClass().getMethod("getTagAt", int.class).invoke(pool, index).toString();
            } catch (InvocationTargetException e) {
                return ""; // the second half of a long or double, or a kind that the JDK's list lacks
            }
        }

        Object value(String method, int index) throws ReflectiveOperationException {
            return pool.getClass().getMethod(method, int.class).invoke(pool, index);
        }
    }

    /** Null where constants cannot be read. */
    @Nullable Pool of(Class<?> type) throws ReflectiveOperationException {
        if (constantPool == null) {
            return null;
        }
        Object pool = constantPool.invoke(access, type);
        return new Pool(pool, (Integer) pool.getClass().getMethod("getSize").invoke(pool));
    }

    /** The last constant of a class, if it is a text. */
    @Nullable String lastText(Class<?> type) {
        try {
            Pool pool = of(type);
            int last = pool == null ? 0 : pool.size() - 1;
            return pool != null && last > 0 && pool.tag(last).equals("UTF8") ? (String) pool.value("getUTF8At", last) : null;
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            AgentLog.debug("constants of " + type.getName() + " cannot be read: " + e);
            return null;
        }
    }
}
