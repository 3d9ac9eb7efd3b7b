package dev.loom.bootstrap;

import java.lang.invoke.CallSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MutableCallSite;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Function;

/**
 * Links the guards of classes that were prepared before they were deployed. The facade has this class, and so has {@code
 * loom-runtime.jar}, which is nothing else: where no agent is, guards are kept here until one comes. So there may be several copies in a JVM,
 * each in a loader of its own. They know nothing of each other, and use nothing of the facade by name but {@link PreparedLinker}, which
 * they find in the boot loader as soon as an agent has put it there.
 *
 * <p>Thread-safe.
 */
public final class PreparedGuards {

    private static final String LINKER = "dev.loom.bootstrap.PreparedLinker";
    private static final MethodHandle OFF = MethodHandles.constant(boolean.class, false);

    /** What no agent has taken over yet; guarded by this class. */
    private static final Map<Class<?>, List<Guard>> WAITING = new WeakHashMap<>();

    /** Takes class, text of the guard, and a call site that is linked already or null; null while no agent is there. */
    private static volatile Function<Object[], CallSite> linker = find();

    private PreparedGuards() {}

    /** A guard that is linked. Refers to nothing of its class, which is to be collected with its loader. */
    private static final class Guard {
        final Object text;
        final MutableCallSite site;

        Guard(Object text, MutableCallSite site) {
            this.text = text;
            this.site = site;
        }
    }

    @SuppressWarnings("unchecked")
    private static Function<Object[], CallSite> find() {
        try {
            return (Function<Object[], CallSite>) Class.forName(LINKER, true, null).getField("LINKER").get(null);
        } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
            return null; // no agent yet
        }
    }

    /**
     * The call site of a guard, {@code ()boolean}.
     *
     * @param text which guard it is; read by nobody before an agent is there
     */
    public static CallSite guard(MethodHandles.Lookup caller, Object text) {
        Class<?> type = caller.lookupClass();
        Function<Object[], CallSite> now = linker;
        if (now == null) {
            synchronized (PreparedGuards.class) {
                now = linker;
                if (now == null) {
                    MutableCallSite site = new MutableCallSite(OFF);
                    List<Guard> guards = WAITING.get(type);
                    if (guards == null) {
                        guards = new ArrayList<>(4);
                        WAITING.put(type, guards);
                    }
                    guards.add(new Guard(text, site));
                    return site;
                }
            }
        }
        return now.apply(new Object[] {type, text, null});
    }

    /** Gives all guards to the agent that has come. Called by it, by reflection; again, if it comes again, does nothing. */
    public static void connect() {
        synchronized (PreparedGuards.class) {
            Function<Object[], CallSite> found = linker == null ? find() : null;
            if (found != null) {
                for (Map.Entry<Class<?>, List<Guard>> entry : WAITING.entrySet()) {
                    for (Guard guard : entry.getValue()) {
                        found.apply(new Object[] {entry.getKey(), guard.text, guard.site});
                    }
                }
                WAITING.clear();
                linker = found;
            }
        }
    }
}
