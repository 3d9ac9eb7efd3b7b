package dev.loom.agent.transform;

import dev.loom.agent.support.AgentLog;
import dev.loom.bootstrap.wait.LoomCode;
import dev.loom.filter.weave.ClassWeaver;
import dev.loom.filter.weave.ClassWeaving;
import dev.loom.filter.weave.MethodWeaving;
import dev.loom.filter.weave.WovenClass;
import dev.loom.filter.weave.body.CannotWeave;
import java.lang.instrument.ClassFileTransformer;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.security.ProtectionDomain;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * What the JVM calls for each class that is defined or changed, on whatever thread does so: gives it what {@link Weaving} wants in it.
 * Never throws; a class that cannot be woven stays as it is.
 */
final class WeavingTransformer implements ClassFileTransformer {

    /** The newest class files that this JVM runs (JVMS 4.1). */
    private static final int NEWEST_MAJOR = Runtime.version().feature() + 44;

    private final Weaving weaving;
    private final Scope scope;
    private final @Nullable WovenCache cache;
    private final JitLimits jit;
    private final Moves moves = new Moves();
    private final FacadeVisibility facade = new FacadeVisibility();
    /** What is known of classes beside which old class files are woven. */
    private final LoaderTable<String> headers = new LoaderTable<>();

    WeavingTransformer(Weaving weaving, Scope scope, @Nullable WovenCache cache, JitLimits jit) {
        this.weaving = weaving;
        this.scope = scope;
        this.cache = cache;
        this.jit = jit;
    }

    @Override
    public byte @Nullable [] transform(
            Module module, @Nullable ClassLoader loader, @Nullable String name, @Nullable Class<?> redefined,
            ProtectionDomain domain, byte[] classFile) {
        if (weaving.closed || name == null || scope.isForbidden(loader, name)) {
            return null;
        }
        if (redefined == null) {
            // before anybody is asked: an install that is not seen below finds this entry
            weaving.definitions().passed(loader, name);
        }
        boolean application = scope.isPrepared(loader, name);
        ClassId id = new ClassId(loader, name);
        LateClasses asked = weaving.late;
        WovenState state = weaving.states.get(id);
        boolean comes = redefined == null && asked.isInteresting(name);
        if (!application && state == null && !comes && !weaving.toCapture.contains(id)) {
            return null;
        }
        long start = System.nanoTime();
        boolean marked = false;
        try {
            marked = LoomCode.enter();
            if (weaving.toCapture.contains(id)) {
                weaving.captured.put(id, classFile.clone());
            }
            if (!facade.isSeenBy(loader)) {
                weaving.statistics().skipped(FacadeVisibility.REASON, 1);
                weaving.watches().failed(id, FacadeVisibility.REASON);
                lost(id, redefined, asked, state, facade.explain(id));
                goesUnwoven(redefined, state);
                return null;
            }
            if (application && !comes && wantsNothing(id, redefined) && weaving.before.hasPoints(id, module, classFile, redefined == null)) {
                weaving.fingerprints.put(id, Weaving.fingerprint(classFile));
                weaving.polls().woven(id, 0, Set.of());
                weaving.watches().unwoven(id);
                return null;
            }
            return weavePrivileged(id, redefined, classFile, application, comes, asked, state);
        } catch (Throwable t) {
            weaving.statistics().fault();
            weaving.polls().failed(id, application ? weaving.polls().wanted(name) : 0);
            lost(id, redefined, asked, state, "class " + id.dotted() + ": " + t);
            goesUnwoven(redefined, state);
            AgentLog.warn("class " + id.dotted() + " stays as it is", t);
            return null;
        } finally {
            if (marked) {
                LoomCode.leave();
            }
            weaving.statistics().took(System.nanoTime() - start);
        }
    }

    /** Whether a class is to have the update points that it has, and nothing else. */
    private boolean wantsNothing(ClassId id, @Nullable Class<?> redefined) {
        WovenState state = weaving.states.get(id);
        boolean gets = redefined != null && Thread.currentThread() == weaving.changing && weaving.left.of(id) != null;
        return !gets && (state == null || state.methods().isEmpty()) && weaving.polls().wanted(id.name()) == 0
                && weaving.watches().wanted(id) == null;
    }

    /** What Loom may do does not depend on whose thread loads the class. */
    @SuppressWarnings("removal")
    private byte @Nullable [] weavePrivileged(
            ClassId id, @Nullable Class<?> redefined, byte[] classFile, boolean application, boolean comes, LateClasses asked,
            @Nullable WovenState known) {
        return System.getSecurityManager() == null
                ? weave(id, redefined, classFile, application, comes, asked, known)
                : AccessController.doPrivileged((PrivilegedAction<byte @Nullable []>) () ->
                        weave(id, redefined, classFile, application, comes, asked, known));
    }

    private byte @Nullable [] weave(
            ClassId id, @Nullable Class<?> redefined, byte[] classFile, boolean application, boolean comes, LateClasses asked,
            @Nullable WovenState known) {
        long source = Weaving.fingerprint(classFile);
        if (application || known != null) {
            weaving.fingerprints.put(id, source);
        }
        WovenState state = known == null ? WovenState.STATIC : known;
        WovenClass woven;
        try {
            byte[] unwoven = PreparedBefore.original(classFile);
            state = wanted(id, redefined, unwoven, source, comes, asked);
            boolean points = application || !state.methods().isEmpty();
            requireClassFile(id, unwoven);
            woven = weave(id, unwoven, new ClassWeaving(
                    points, state.methods(), application ? weaving.polls().wanted(id.name()) : 0, mayLeave(id, redefined, comes),
                    application ? weaving.watches().wanted(id) : null));
        } catch (CannotWeave e) {
            weaving.statistics().skipped(state.methods().isEmpty() ? "the class could not be prepared" : "the class could not be woven", 1);
            lost(id, redefined, asked, state, e.getMessage());
            goesUnwoven(redefined, state);
            AgentLog.info(e.getMessage());
            return null;
        }
        if (application && weaving.prepared.get(id) == null) {
            weaving.prepared.put(id, woven.methods() > 0 || !woven.left().isEmpty());
            weaving.statistics().prepared(woven);
        }
        weaving.left.add(id, woven);
        if (redefined != null && Thread.currentThread() == weaving.changing && weaving.left.of(id) != null) {
            weaving.left.completing(id, woven);
        }
        return woven.bytes();
    }

    /** JDK 25 at times hands out garbage for a class that another agent has redefined. That is not for Loom to weave, and no fault of its own. */
    private static void requireClassFile(ClassId id, byte[] classFile) {
        boolean is = classFile.length > 8
                && (classFile[0] & 0xff) == 0xca && (classFile[1] & 0xff) == 0xfe && (classFile[2] & 0xff) == 0xba && (classFile[3] & 0xff) == 0xbe
                && ((classFile[6] & 0xff) << 8 | classFile[7] & 0xff) <= NEWEST_MAJOR;
        if (!is) {
            throw new CannotWeave("class " + id.dotted() + " stays as it is: what the JVM hands out for it is no class file");
        }
    }

    /** Whether methods may go without update points for now; a class that was loaded so stays so, until Loom itself changes it. */
    private boolean mayLeave(ClassId id, @Nullable Class<?> redefined, boolean comes) {
        if (redefined == null) {
            return weaving.leaves && !comes;
        }
        return Thread.currentThread() != weaving.changing && weaving.left.of(id) != null;
    }

    private WovenClass weave(ClassId id, byte[] classFile, ClassWeaving wanted) {
        boolean isStatic = wanted.updatePoints() && wanted.methods().isEmpty() && wanted.polls() == 0 && wanted.watch() == null
                && wanted.later() == weaving.leaves;
        if (cache != null && isStatic) {
            return weaveCached(cache, id, classFile, wanted);
        }
        Resources others = new Resources(id.loader());
        return wanted.watch() == null ? weaveAnew(id, classFile, wanted, others) : weaveWatched(id, classFile, wanted, others);
    }

    /** The static part alone. */
    private WovenClass weaveCached(WovenCache cache, ClassId id, byte[] classFile, ClassWeaving wanted) {
        Relatives relatives = new Relatives(id.loader(), headers);
        WovenClass known = cache.find(id.name(), classFile, relatives::header);
        if (known != null) {
            weaving.polls().woven(id, 0, Set.of());
            weaving.watches().unwoven(id);
            return known;
        }
        WovenClass woven = weaveAnew(id, classFile, wanted, relatives);
        cache.add(id.name(), classFile, woven, relatives.asked());
        return woven;
    }

    /** Without watch points, if it cannot be woven with them. */
    private WovenClass weaveWatched(ClassId id, byte[] classFile, ClassWeaving wanted, Resources others) {
        try {
            WovenClass woven = weaveAnew(id, classFile, wanted, others);
            weaving.watches().woven(id, woven.unwatched());
            return woven;
        } catch (CannotWeave e) {
            weaving.watches().failed(id, e.getMessage());
            return weaveAnew(id, classFile, wanted.unwatched(), others);
        }
    }

    /** Without polls, if it cannot be woven with them. */
    private WovenClass weaveAnew(ClassId id, byte[] classFile, ClassWeaving wanted, Function<String, Optional<byte[]>> others) {
        try {
            WovenClass woven = weaving.weaver.weave(classFile, wanted, others);
            if (woven.bytes() != null) {
                jit.woven();
            }
            weaving.polls().woven(id, wanted.polls(), woven.unpolled());
            if (wanted.watch() == null) {
                weaving.watches().unwoven(id);
            }
            return woven;
        } catch (CannotWeave e) {
            if (wanted.polls() == 0 || wanted.watch() != null) {
                throw e;
            }
            weaving.polls().failed(id, wanted.polls());
            return weaving.weaver.weave(classFile, new ClassWeaving(wanted.updatePoints(), wanted.methods()), others);
        }
    }

    /**
     * What is to be woven into a class that passes, taken over into its state.
     *
     * @param classFile unwoven
     * @param source fingerprint of what the JVM has handed out
     */
    private WovenState wanted(
            ClassId id, @Nullable Class<?> redefined, byte[] classFile, long source, boolean comes, LateClasses asked) {
        while (true) {
            WovenState known = weaving.states.get(id);
            WovenState state = known == null ? WovenState.STATIC : known;
            WovenState wanted = state;
            if (comes) {
                // what an earlier class of that name and loader had is kept: a second definition may be one that fails
                Map<String, MethodWeaving> methods = new HashMap<>();
                asked.regionsOf(id, classFile, null).forEach((method, some) -> methods.put(
                        method, state.numbered(method, some, weaving.pollsWanted(id))));
                wanted = state.with(methods, List.of()).madeFor(source);
            } else if (!state.methods().isEmpty() && state.source() != source) {
                boolean isForeign = redefined != null && Thread.currentThread() != weaving.changing && state.source() != 0;
                if (isForeign) {
                    moves.stayOutOf(redefined, state.methods().keySet(), ClassWeaver.bodies(
                            classFile, state.methods().keySet(), new Resources(id.loader())));
                }
                wanted = isForeign
                        ? state.redefined(asked.regionsOf(id, classFile, redefined), methodsOf(classFile), source, weaving.pollsWanted(id))
                        : state.madeFor(source);
            }
            // the manager's thread may have changed the state meanwhile
            if (wanted == state || wanted.methods().isEmpty() || weaving.states.replace(id, known, wanted)) {
                return wanted;
            }
        }
    }

    private Set<String> methodsOf(byte[] classFile) {
        Set<String> methods = new HashSet<>();
        new ClassReader(classFile).accept(
                new ClassVisitor(Opcodes.ASM9) {
                    @Override
                    public @Nullable MethodVisitor visitMethod(
                            int access, String name, String desc, @Nullable String signature, String @Nullable [] exceptions) {
                        methods.add(name + desc);
                        return null;
                    }
                },
                ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        return methods;
    }

    private void goesUnwoven(@Nullable Class<?> redefined, @Nullable WovenState state) {
        if (redefined != null && state != null) {
            moves.end(redefined, state.methods().keySet());
        }
    }

    /** Says that a class goes as it is: to whoever is weaving.changing it, or else to who wanted it woven. */
    private void lost(ClassId id, @Nullable Class<?> redefined, LateClasses asked, @Nullable WovenState state, String why) {
        if (redefined != null && Thread.currentThread() == weaving.changing) {
            weaving.problems.put(id, why);
        } else if (asked.isInteresting(id.name()) && (redefined == null || state != null && !state.methods().isEmpty())) {
            asked.lost(id, why);
        }
    }
}
