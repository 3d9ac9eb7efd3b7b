package dev.loom.agent.transform;

import dev.loom.agent.config.AgentConfig;
import dev.loom.filter.classes.HookDependencies;
import org.jspecify.annotations.Nullable;

/** Which classes get the static part, and which Loom never touches. */
final class Scope {

    private final AgentConfig config;
    private final @Nullable ClassLoader own;
    private final @Nullable ClassLoader platform = ClassLoader.getPlatformClassLoader();

    Scope(AgentConfig config) {
        this.config = config;
        own = Scope.class.getClassLoader();
    }

    /** Whether a class may be changed at all. */
    boolean isForbidden(@Nullable ClassLoader loader, String name) {
        return name.startsWith("[") || isLoom(loader, name) || HookDependencies.contains(name);
    }

    private boolean isLoom(@Nullable ClassLoader loader, String name) {
        return name.startsWith("dev/loom/bootstrap/")
                || name.startsWith("dev/loom/launcher/")
                || (loader != null && loader == own && own != ClassLoader.getSystemClassLoader())
                || (name.startsWith("dev/loom/agent/") || name.startsWith("dev/loom/filter/"))
                        && (loader == own || loader == ClassLoader.getSystemClassLoader());
    }

    /** Whether a class gets update points when it is loaded. */
    boolean isPrepared(@Nullable ClassLoader loader, String name) {
        return loader != null && loader != platform && !isForbidden(loader, name) && !isReflection(name) && config.covers(name);
    }

    /** Classes that the JDK makes for itself in the application's loaders. */
    private static boolean isReflection(String name) {
        return name.startsWith("sun/reflect/") || name.contains("$$Lambda") || name.startsWith("com/sun/proxy/$Proxy")
                || name.contains("/$Proxy");
    }
}
