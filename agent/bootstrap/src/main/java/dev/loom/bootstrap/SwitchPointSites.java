package dev.loom.bootstrap;

import java.lang.invoke.CallSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.MutableCallSite;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The guards of switch points: one call site a method version, which all the version's guards share. It returns constant
 * {@code false}, which the JIT folds to nothing, until frames of the version are wanted in a newer one.
 *
 * <h2>Which guards are on</h2>
 *
 * A method has one <em>live</em> version. Guards of versions below it are on, for ever; its own are off. Live version 0 is the code
 * without a prologue, into which no frame can move: then all guards are off. The number of frames under way (saved, and not yet
 * restored) is counted before the live version is read, so that who sets it to 0 and then sees none under way may take the
 * prologue away.
 *
 * <p>Thread-safe.
 */
public final class SwitchPointSites {

    private static final MethodHandle OFF = MethodHandles.constant(boolean.class, false);
    private static final MethodHandle ON = MethodHandles.constant(boolean.class, true);

    private static final ClassValue<ConcurrentHashMap<String, OfMethod>> METHODS = new ClassValue<>() {
        @Override
        protected ConcurrentHashMap<String, OfMethod> computeValue(Class<?> type) {
            return new ConcurrentHashMap<>(8);
        }
    };

    private SwitchPointSites() {}

    /** Bootstrap method of guards, {@code ()boolean}. */
    public static CallSite guard(MethodHandles.Lookup caller, String name, MethodType type, String method, int version) {
        return of(caller.lookupClass(), method).site(version);
    }

    /**
     * Makes a version the live one. When this returns, every frame of an older version that comes to a guard finds it on.
     *
     * @param method name and descriptor
     * @param live its version; 0 turns all guards off
     */
    public static void setLive(Class<?> type, String method, int live) {
        of(type, method).setLive(live);
    }

    /** Frames of a method that are saved and not yet restored. */
    public static int underWay(Class<?> type, String method) {
        return of(type, method).underWay.get();
    }

    /** Frames of a method that have moved so far. */
    public static long moved(Class<?> type, String method) {
        return of(type, method).moved.get();
    }

    /** Frames that came to a guard and could not be moved. */
    public static long failed(Class<?> type, String method) {
        return of(type, method).failed.get();
    }

    static OfMethod of(Class<?> type, String method) {
        ConcurrentHashMap<String, OfMethod> methods = METHODS.get(type);
        OfMethod sites = methods.get(method);
        if (sites == null) {
            OfMethod fresh = new OfMethod();
            OfMethod raced = methods.putIfAbsent(method, fresh);
            sites = raced == null ? fresh : raced;
        }
        return sites;
    }

    /** The call sites of one method, by version. */
    static final class OfMethod {
        final AtomicInteger underWay = new AtomicInteger();
        final AtomicLong moved = new AtomicLong();
        final AtomicLong failed = new AtomicLong();
        volatile int live;
        private MutableCallSite[] byVersion = new MutableCallSite[2];

        synchronized CallSite site(int version) {
            if (version >= byVersion.length) {
                MutableCallSite[] longer = new MutableCallSite[Math.max(version + 1, byVersion.length * 2)];
                System.arraycopy(byVersion, 0, longer, 0, byVersion.length);
                byVersion = longer;
            }
            if (byVersion[version] == null) {
                byVersion[version] = new MutableCallSite(version < live ? ON : OFF);
            }
            return byVersion[version];
        }

        synchronized void setLive(int version) {
            live = version;
            int count = 0;
            MutableCallSite[] changed = new MutableCallSite[byVersion.length];
            for (int i = 0; i < byVersion.length; i++) {
                MutableCallSite site = byVersion[i];
                MethodHandle wanted = i < version ? ON : OFF;
                if (site != null && site.getTarget() != wanted) {
                    site.setTarget(wanted);
                    changed[count++] = site;
                }
            }
            if (count > 0) {
                MutableCallSite[] exactly = new MutableCallSite[count];
                System.arraycopy(changed, 0, exactly, 0, count);
                MutableCallSite.syncAll(exactly);
            }
        }
    }
}
