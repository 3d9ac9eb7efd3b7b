package dev.loom.agent.transform;

import dev.loom.agent.support.AgentLog;
import dev.loom.filter.weave.MethodWeaving;
import dev.loom.filter.weave.body.HookAbi;
import java.lang.instrument.Instrumentation;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * Looks whether hooks are really in the code that the JVM runs: an agent whose transformer comes after Loom's may have put its own
 * copy of the class in place. The JVM does not give loaded code out, but the constants of the class. It keeps those of
 * earlier versions too, so this finds hooks that never got in, and not those that got lost at a second install.
 */
final class LoadedCode {

    private final ConstantPools pools;

    private LoadedCode(ConstantPools pools) {
        this.pools = pools;
    }

    static LoadedCode open(Instrumentation instrumentation) {
        return new LoadedCode(ConstantPools.open(instrumentation));
    }

    /** Whether hooks of the given methods are missing in a class; false if that cannot be known. */
    boolean lacks(Class<?> type, Collection<MethodWeaving> methods) {
        Set<Integer> missing = new HashSet<>();
        methods.forEach(method -> method.regions().forEach(region -> missing.add(region.hookId())));
        if (missing.isEmpty()) {
            return false;
        }
        try {
            ConstantPools.Pool pool = pools.of(type);
            if (pool == null) {
                return false;
            }
            boolean facade = false;
            for (int i = 1; i < pool.size(); i++) {
                String tag = pool.tag(i);
                if (tag.equals("INTEGER")) {
                    missing.remove((Integer) pool.value("getIntAt", i));
                } else if (tag.equals("UTF8")) {
                    facade |= HookAbi.BOOTSTRAP.hooks().equals(pool.value("getUTF8At", i));
                }
            }
            return !facade || !missing.isEmpty();
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            AgentLog.debug("constants of " + type.getName() + " cannot be read: " + e);
            return false;
        }
    }
}
