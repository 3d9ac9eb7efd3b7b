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
 * The guards of update points: one call site for each point of each version of a method. It returns constant {@code false}, which
 * the JIT folds to nothing, until frames of the version are wanted in a newer one.
 *
 * <h2>Which guards are on</h2>
 *
 * A method has one <em>live</em> version. Guards of all others are on; its own are off. (A version that comes back, because the same
 * is woven again, finds its sleeping frames in the very code that is wanted.) Live version 0 is the code without a prologue, into
 * which no frame can move: then all guards are off. A point whose frames can never move (a local's type is
 * not accessible) is given up: its guard goes off for good, so that a loop does not try at each turn. The number of frames under way (saved, and not yet
 * restored) is counted before the live version is read, so that who sets it to 0 and then sees none under way may take the
 * prologue away.
 *
 * <p>Thread-safe.
 */
public final class UpdatePointSites {

    private static final MethodHandle OFF = MethodHandles.constant(boolean.class, false);
    private static final MethodHandle ON = MethodHandles.constant(boolean.class, true);

    private static final ClassValue<ConcurrentHashMap<String, OfMethod>> METHODS = new ClassValue<>() {
        @Override
        protected ConcurrentHashMap<String, OfMethod> computeValue(Class<?> type) {
            return new ConcurrentHashMap<>(8);
        }
    };

    private UpdatePointSites() {}

    /** Bootstrap method of guards, {@code ()boolean}. */
    public static CallSite guard(
            MethodHandles.Lookup caller, String name, MethodType type, String method, int version, int point) {
        return of(caller.lookupClass(), method).site(version, point);
    }

    /**
     * Makes a version the live one. When this returns, every frame of another version that comes to a guard finds it on.
     *
     * @param method name and descriptor
     * @param live its version; 0 turns all guards off
     */
    public static void setLive(Class<?> type, String method, int live) {
        of(type, method).setLive(live);
    }

    /**
     * Says which body the method has, or is about to get. Frames of another one (a class redefined by a debugger or another agent)
     * stay where they are from then on.
     *
     * @param body hash of the unwoven body; null if any may go on there
     */
    public static void setBody(Class<?> type, String method, String body) {
        of(type, method).setBody(body);
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
        /** Hash of the unwoven body of the live version; null while it does not matter. */
        private volatile String body;
        /** The guards that have been reached so far; a guard is linked once, or by two threads at once and then twice. */
        private Guard[] guards = new Guard[2];

        private int count;

        synchronized CallSite site(int version, int point) {
            for (int i = 0; i < count; i++) {
                if (guards[i].version == version && guards[i].point == point) {
                    return guards[i].site;
                }
            }
            boolean on = isSuperseded(version);
            return add(new Guard(version, point, new MutableCallSite(on ? ON : OFF), on));
        }

        /** Takes over a call site that was linked, off, before anybody could turn it on. */
        synchronized CallSite adopt(int version, int point, MutableCallSite site) {
            Guard guard = new Guard(version, point, site, false);
            if (guard.turn(isSuperseded(version))) {
                sync(new MutableCallSite[] {site}, 1);
            }
            return add(guard);
        }

        private CallSite add(Guard guard) {
            if (count == guards.length) {
                Guard[] longer = new Guard[count * 2];
                System.arraycopy(guards, 0, longer, 0, count);
                guards = longer;
            }
            guards[count++] = guard;
            return guard.site;
        }

        /** Whether frames of that version are wanted in the live one. */
        boolean isSuperseded(int version) {
            int now = live;
            return now != 0 && now != version;
        }

        /** Whether a frame of that body can go on in the live version's. */
        boolean isLiveBody(String hash) {
            String now = body;
            return now == null || now.equals(hash);
        }

        void setBody(String hash) {
            body = hash;
        }

        synchronized void setLive(int version) {
            live = version;
            int changes = 0;
            MutableCallSite[] changed = new MutableCallSite[count];
            for (int i = 0; i < count; i++) {
                if (guards[i].turn(isSuperseded(guards[i].version))) {
                    changed[changes++] = guards[i].site;
                }
            }
            sync(changed, changes);
        }

        /** Turns a guard off for good. */
        synchronized void giveUp(int version, int point) {
            for (int i = 0; i < count; i++) {
                if (guards[i].version == version && guards[i].point == point) {
                    guards[i].isHopeless = true;
                    if (guards[i].turn(false)) {
                        sync(new MutableCallSite[] {guards[i].site}, 1);
                    }
                }
            }
        }

        private static void sync(MutableCallSite[] changed, int count) {
            if (count > 0) {
                MutableCallSite[] exactly = new MutableCallSite[count];
                System.arraycopy(changed, 0, exactly, 0, count);
                MutableCallSite.syncAll(exactly);
            }
        }
    }

    /** One point of one version. Guarded by its method's sites. */
    private static final class Guard {
        final int version;
        final int point;
        final MutableCallSite site;
        boolean isHopeless;
        private boolean isOn;

        Guard(int version, int point, MutableCallSite site, boolean isOn) {
            this.version = version;
            this.point = point;
            this.site = site;
            this.isOn = isOn;
        }

        /** Returns whether that was a change. */
        boolean turn(boolean on) {
            boolean wanted = on && !isHopeless;
            if (isOn == wanted) {
                return false;
            }
            isOn = wanted;
            site.setTarget(wanted ? ON : OFF);
            return true;
        }
    }
}
