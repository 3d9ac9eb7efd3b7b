package dev.loom.bootstrap;

import java.lang.invoke.CallSite;
import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Modifier;

/**
 * Moves a running frame into another version of its method, by calling the method again.
 *
 * <h2>Safety</h2>
 *
 * A frame is saved in one step that either succeeds wholly or leaves the frame as it was, going on in its old code: whatever can
 * fail (types that cannot be restored, memory, stack) is tried before anything changes. Nothing runs between saving and calling
 * again but a few instructions of the stub, so a thread has at most one frame under way. The new version takes it if class, method
 * and the hash of the unwoven body agree.
 *
 * <h2>Liveness</h2>
 *
 * No step waits.
 *
 * <h2>Failure</h2>
 *
 * If the call itself fails (the stack was probed, so only an asynchronous error can do that) the stub's handler abandons the saved
 * frame: its tokens are given back.
 */
public final class Transfer {

    /** The last threads that had no room to move a frame, by {@link #withoutRoom}. */
    private static final Thread[] WITHOUT_ROOM = new Thread[64];
    private static volatile int withoutRoom;
    private static final MethodHandle SAVE;

    /** Levels of the stack probe that are not for the method's own frame; a compiled level takes at least 32 bytes. */
    private static final int PROBE_MARGIN = 256;

    /** Levels of the stack probe before anything is linked. */
    private static final int ROOM = 1_500;

    static {
        // initialized with this class: by itself it might be at the end of a stack
        FramesUnderWay.COUNT.get();
        try {
            SAVE = MethodHandles.lookup()
                    .findVirtual(SaveSite.class, "save", MethodType.methodType(boolean.class, Object[].class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private Transfer() {}

    /**
     * Bootstrap method of the call that saves a frame: takes the locals and then (hold, depth) of each token, returns whether the
     * frame may leave.
     *
     * @param types verification types of the locals, each followed by a new line; empty for primitives
     * @param tokens names of the tokens, each followed by a new line
     * @param words size of the method's frame: locals and operands
     */
    public static CallSite save(
            MethodHandles.Lookup caller, String name, MethodType type, String method, String bodyHash, int version, int point,
            String types, String tokens, int words) {
        MethodHandle target;
        try {
            SaveSite site = new SaveSite(
                    caller.lookupClass(), method, bodyHash, version, point, split(types), split(tokens), words);
            target = SAVE.bindTo(site).asCollector(Object[].class, type.parameterCount()).asType(type);
        } catch (Throwable t) {
            target = MethodHandles.dropArguments(MethodHandles.constant(boolean.class, false), 0, type.parameterList());
        }
        return new ConstantCallSite(target);
    }

    private static String[] split(String lines) {
        int count = 0;
        for (int i = 0; i < lines.length(); i++) {
            if (lines.charAt(i) == '\n') {
                count++;
            }
        }
        String[] parts = new String[count];
        int from = 0;
        for (int n = 0; n < count; n++) {
            int to = lines.indexOf('\n', from);
            parts[n] = lines.substring(from, to);
            from = to + 1;
        }
        return parts;
    }

    private static final class SaveSite {
        private final Class<?> type;
        private final String method;
        private final String bodyHash;
        private final int version;
        private final int point;
        private final Class<?>[] types;
        private final String[] tokens;
        private final int words;
        private final boolean possible;
        private final UpdatePointSites.OfMethod sites;

        SaveSite(
                Class<?> type, String method, String bodyHash, int version, int point, String[] types, String[] tokens,
                int words) {
            this.type = type;
            this.method = method;
            this.bodyHash = bodyHash;
            this.version = version;
            this.point = point;
            this.tokens = tokens;
            this.words = words;
            this.types = new Class<?>[types.length];
            sites = UpdatePointSites.of(type, method);
            boolean all = true;
            for (int i = 0; i < types.length; i++) {
                if (!types[i].isEmpty()) {
                    this.types[i] = restorable(type, types[i]);
                    all &= this.types[i] != null;
                }
            }
            possible = all;
            if (!all) {
                sites.giveUp(version, point);
            }
        }

        boolean save(Object[] arguments) {
            sites.underWay.incrementAndGet();
            boolean saved = false;
            try {
                saved = possible && sites.isSuperseded(version) && isWelcome() && tryToSave(arguments);
            } catch (Throwable t) {
                // no memory or no stack: the frame goes on where it is
            } finally {
                if (!saved) {
                    // in this order: who sees none under way sees the failure
                    if (sites.isSuperseded(version)) {
                        sites.failed.incrementAndGet();
                    }
                    sites.underWay.decrementAndGet();
                }
            }
            return saved;
        }

        /** False where the class was given another body meanwhile: this frame can never go on in that. */
        private boolean isWelcome() {
            if (sites.isLiveBody(bodyHash)) {
                return true;
            }
            if (version != 0) {
                // the static code of all bodies shares its guards
                sites.giveUp(version, point);
            }
            return false;
        }

        private boolean tryToSave(Object[] arguments) {
            int locals = types.length;
            for (int i = 0; i < locals; i++) {
                if (types[i] != null && arguments[i] != null && !types[i].isInstance(arguments[i])) {
                    return false;
                }
            }
            Object[] values = new Object[locals];
            System.arraycopy(arguments, 0, values, 0, locals);
            Hold[] holds = new Hold[tokens.length];
            int[] depths = new int[tokens.length];
            for (int t = 0; t < tokens.length; t++) {
                holds[t] = (Hold) arguments[locals + 2 * t];
                // levels of one lock that several regions of the frame took stand on each other; a version with fewer of the regions
                // must not count down to where this one stood: it gives one level back for each
                depths[t] = tokens.length > 1 && holds[t] != null ? -1 : (Integer) arguments[locals + 2 * t + 1];
            }
            SavedFrame frame = new SavedFrame(type, method, bodyHash, point, sites, values, tokens, holds, depths);
            probe(PROBE_MARGIN + words);
            FramesUnderWay.add(frame);
            return true;
        }
    }

    /** Whether the stack has room for saving a frame, linkage of call sites included; if not, the frame stays where it is. */
    public static boolean hasRoom() {
        Thread me = Thread.currentThread();
        try {
            return probe(ROOM) != 0;
        } catch (StackOverflowError e) {
            // no calls here; a count that is lost to a race still changes the number
            int count = withoutRoom;
            WITHOUT_ROOM[count & WITHOUT_ROOM.length - 1] = me;
            withoutRoom = count + 1;
            return false;
        }
    }

    /** Changes whenever a frame found no room to move, in whatever method. */
    public static int withoutRoom() {
        return withoutRoom;
    }

    /** The threads without room from that count on; null if there were more than are remembered. Forgets them. */
    public static Thread[] takeWithoutRoom(int since) {
        int count = withoutRoom;
        int size = WITHOUT_ROOM.length;
        Thread[] threads = new Thread[Math.min(count - since, size)];
        for (int i = 0; i < threads.length; i++) {
            int place = count - 1 - i & size - 1;
            threads[i] = WITHOUT_ROOM[place];
            WITHOUT_ROOM[place] = null;
        }
        return count - since >= size ? null : threads;
    }

    private static long probe(int levels) {
        return levels == 0 ? 1 : probe(levels - 1) + levels;
    }

    /**
     * The class to which a restored local is cast, if code of {@code owner} may name it; null if it may not, or if the class is not
     * there.
     *
     * @param internalName internal name of a class, or descriptor of an array
     */
    public static Class<?> restorable(Class<?> owner, String internalName) {
        try {
            Class<?> type = Class.forName(internalName.replace('/', '.'), false, owner.getClassLoader());
            Class<?> element = type;
            while (element.isArray()) {
                element = element.getComponentType();
            }
            if (element.isPrimitive()) {
                return type;
            }
            boolean samePackage = element.getClassLoader() == owner.getClassLoader()
                    && element.getPackageName().equals(owner.getPackageName());
            // the class file of a protected member class is public, that of a private one package-private
            boolean isPublic = (element.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0;
            boolean exported = element.getModule() == owner.getModule()
                    || element.getModule().isExported(element.getPackageName(), owner.getModule());
            boolean read = owner.getModule().canRead(element.getModule());
            return samePackage || (isPublic && exported && read) ? type : null;
        } catch (Throwable t) {
            return null;
        }
    }

    /** Whether any frame is under way, of whatever thread. */
    public static boolean isPending() {
        return FramesUnderWay.COUNT.get() != 0;
    }

    /** The frame of this thread that is on its way into the given body, or null. */
    public static SavedFrame take(Class<?> type, String method, String bodyHash) {
        SavedFrame frame = FramesUnderWay.mine();
        if (frame == null || frame.type != type || !frame.method.equals(method) || !frame.bodyHash.equals(bodyHash)) {
            return null;
        }
        FramesUnderWay.remove(frame);
        return frame;
    }

    /** Number of the update point at which a frame was saved. */
    public static int point(SavedFrame frame) {
        return frame.point;
    }

    public static Object value(SavedFrame frame, int index) {
        return frame.values[index];
    }

    public static int intValue(SavedFrame frame, int index) {
        return (Integer) frame.values[index];
    }

    public static long longValue(SavedFrame frame, int index) {
        return (Long) frame.values[index];
    }

    public static float floatValue(SavedFrame frame, int index) {
        return (Float) frame.values[index];
    }

    public static double doubleValue(SavedFrame frame, int index) {
        return (Double) frame.values[index];
    }

    /**
     * What a frame holds for a region.
     *
     * @param inside whether the frame goes on inside the region: without a token it is then marked as unprotected
     */
    public static Hold hold(SavedFrame frame, String token, boolean inside, int hookId) {
        int index = index(frame, token);
        Hold hold = index < 0 ? null : frame.holds[index];
        if (hold != null) {
            frame.holds[index] = null;
            return hold;
        }
        return inside ? Hooks.unprotected(hookId) : null;
    }

    /** The depth that goes with {@link #hold}. */
    public static int depth(SavedFrame frame, String token) {
        int index = index(frame, token);
        return index < 0 ? 0 : frame.depths[index];
    }

    /**
     * The depth to remember behind an entry hook.
     *
     * @param known what the frame remembers already, 0 if it was not inside
     */
    public static int level(Hold hold, int known) {
        return known != 0 ? known : Hooks.depth(hold);
    }

    private static int index(SavedFrame frame, String token) {
        for (int i = 0; i < frame.tokens.length; i++) {
            if (frame.tokens[i].equals(token)) {
                return i;
            }
        }
        return -1;
    }

    /** Ends a move: gives back what the new version has no use for. */
    public static void finish(SavedFrame frame) {
        release(frame);
        frame.values = null;
        frame.sites.moved.incrementAndGet();
        // last: as long as a frame counts as under way, whoever looks for unprotected frames knows that one may be missing
        frame.sites.underWay.decrementAndGet();
    }

    /** A move went wrong after the new version had taken the frame: gives back what it has not handed over yet. */
    public static void drop(SavedFrame frame) {
        if (frame.values == null) {
            return; // nothing was left to do
        }
        frame.values = null;
        try {
            release(frame);
        } finally {
            frame.sites.failed.incrementAndGet();
            frame.sites.underWay.decrementAndGet();
        }
    }

    private static void release(SavedFrame frame) {
        for (int i = frame.holds.length - 1; i >= 0; i--) {
            Hold hold = frame.holds[i];
            if (hold != null) {
                frame.holds[i] = null;
                Hooks.exit(hold, frame.depths[i]);
            }
        }
    }

    /** Whether the frame that a shell called has just been saved again, and the shell has to call once more. */
    public static boolean again() {
        return FramesUnderWay.COUNT.get() != 0 && FramesUnderWay.mine() != null;
    }

    /** The call of the new version failed before it took the saved frame. */
    public static void abandon() {
        if (FramesUnderWay.COUNT.get() == 0) {
            return;
        }
        SavedFrame frame = FramesUnderWay.mine();
        if (frame != null) {
            FramesUnderWay.remove(frame);
            release(frame);
            frame.sites.failed.incrementAndGet();
            frame.sites.underWay.decrementAndGet();
        }
    }
}
