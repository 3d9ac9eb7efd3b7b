package dev.loom.agent.stack;

import dev.loom.agent.support.AgentLog;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The virtual threads of the JVM, through the JDK's own registry of thread containers. */
public final class VirtualThreads {

    private static final VirtualThreads NONE = new VirtualThreads(null, true);

    private record Registry(Method root, Method threads, Method children, Method isVirtual) {}

    private final @Nullable Registry registry;
    private volatile boolean complete;

    private VirtualThreads(@Nullable Registry registry, boolean complete) {
        this.registry = registry;
        this.complete = complete;
    }

    public static VirtualThreads open(Instrumentation instrumentation) {
        if (Runtime.version().feature() < 21) {
            return NONE;
        }
        try {
            Module base = Object.class.getModule();
            Module own = VirtualThreads.class.getModule();
            instrumentation.redefineModule(
                    base, Set.of(), Map.of("jdk.internal.vm", Set.of(own)), Map.of(), Set.of(), Map.of());
            Class<?> containers = Class.forName("jdk.internal.vm.ThreadContainers");
            Class<?> container = Class.forName("jdk.internal.vm.ThreadContainer");
            Registry registry = new Registry(
                    containers.getMethod("root"), container.getMethod("threads"), container.getMethod("children"),
                    Thread.class.getMethod("isVirtual"));
            // jdk.trackAllThreads=false has the root only count its threads
            boolean isTracking = !registry.root().invoke(null).getClass().getSimpleName().startsWith("Counting");
            if (!isTracking) {
                AgentLog.warn("virtual threads are not tracked in this JVM (jdk.trackAllThreads): no filter can be ACTIVE in it");
            }
            return new VirtualThreads(registry, isTracking);
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            AgentLog.warn("virtual threads cannot be seen in this JVM: no filter can be ACTIVE in it", e);
            return new VirtualThreads(null, false);
        }
    }

    /** Whether {@link #list()} gives all there are. */
    boolean areSeen() {
        return complete;
    }

    public List<Thread> list() {
        Registry known = registry;
        if (known == null) {
            return List.of();
        }
        List<Thread> result = new ArrayList<>();
        try {
            collect(known, known.root().invoke(null), result);
        } catch (ReflectiveOperationException e) {
            complete = false;
            AgentLog.warn("virtual threads cannot be listed: no filter can be ACTIVE any more", e);
        }
        return result;
    }

    private static void collect(Registry known, Object container, List<Thread> into) throws ReflectiveOperationException {
        for (Object thread : ((Stream<?>) known.threads().invoke(container)).toArray()) {
            if (Boolean.TRUE.equals(known.isVirtual().invoke(thread))) {
                into.add((Thread) thread);
            }
        }
        for (Object child : ((Stream<?>) known.children().invoke(container)).toArray()) {
            collect(known, child, into);
        }
    }
}
