package dev.loom.filter.weave;

import dev.loom.filter.analysis.ControlFlow;
import dev.loom.filter.analysis.UpdatePoints;
import dev.loom.filter.analysis.UpdatePoints.Reason;
import dev.loom.filter.weave.body.BodySize;
import dev.loom.filter.weave.body.CannotWeave;
import dev.loom.filter.weave.body.HookAbi;
import dev.loom.filter.weave.body.MethodBody;
import dev.loom.filter.weave.body.Modernizer;
import dev.loom.filter.weave.body.PointBudget;
import dev.loom.filter.weave.pass.Polls;
import dev.loom.filter.weave.watch.Watches;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassTooLargeException;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodTooLargeException;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Weaves update points and hooks into class files. Always starts from the unwoven class file, so that any combination of filters is
 * woven at once, and the same input gives the same bytes. Only method bodies change, never members: the result can be
 * given to {@code retransformClasses}. Thread-safe.
 */
public final class ClassWeaver {

    private final HookAbi abi;

    public ClassWeaver(HookAbi abi) {
        this.abi = abi;
    }

    /**
     * Weaves one class.
     *
     * @param classFile its unwoven bytes
     * @param classes finds other classes by internal name; asked only for class files older than version 51, and for fields that are watched
     * @throws CannotWeave if a method named in {@code weaving} cannot be woven, or the class as a whole cannot
     */
    public WovenClass weave(byte[] classFile, ClassWeaving weaving, Function<String, Optional<byte[]>> classes) {
        ClassReader reader = new ClassReader(classFile);
        if ((reader.getAccess() & Opcodes.ACC_MODULE) != 0) {
            return new WovenClass(null, 0, Map.of());
        }
        Set<String> wanted = new HashSet<>(weaving.methods().keySet());
        Map<Reason, Integer> skipped = new EnumMap<>(Reason.class);
        Set<String> left = Set.of();
        if (weaving.updatePoints()) {
            LoopScan scan = LoopScan.of(reader, weaving.later());
            left = scan.brief();
            wanted.addAll(scan.methods());
            if (scan.constructors() > 0) {
                skipped.put(Reason.CONSTRUCTOR, scan.constructors());
            }
        }
        if (wanted.isEmpty() && weaving.polls() == 0 && weaving.watch() == null) {
            return new WovenClass(null, 0, skipped, Set.of(), left);
        }
        byte[] modern = Modernizer.modern(classFile, classes);
        Set<String> unpolled = new HashSet<>();
        Set<String> unwatched = new HashSet<>();
        while (true) {
            ClassReader read = new ClassReader(modern);
            Watches watches = weaving.watch() == null ? null : new Watches(abi, weaving.watch(), read, classes);
            Pass pass = new Pass(weaving, wanted, unpolled, watches, unwatched, left, new EnumMap<>(skipped));
            try {
                return pass.run(read);
            } catch (MethodTooLargeException e) {
                String key = e.getMethodName() + e.getDescriptor();
                if (watches != null && unwatched.add(key) || weaving.polls() != 0 && unpolled.add(key)) {
                    continue;
                }
                if (weaving.methods().containsKey(key) || !wanted.remove(key)) {
                    throw new CannotWeave("method " + e.getClassName().replace('/', '.') + "#" + key + " would grow to "
                            + e.getCodeSize() + " bytes, over the limit of 65535", e);
                }
                skipped.merge(Reason.SIZE, 1, Integer::sum);
            } catch (ClassTooLargeException e) {
                throw new CannotWeave("class " + reader.getClassName().replace('/', '.') + " would outgrow the constant pool", e);
            } catch (CannotWeave e) {
                throw e;
            } catch (RuntimeException e) {
                // a body that Loom does not understand stays as it is, unless it is what was asked for; where all were read and the
                // class could not be written, it is one with long jumps
                Set<String> faulty = new HashSet<>(pass.current == null ? pass.withLongJumps : Set.of(pass.current));
                if (watches != null && unwatched.addAll(faulty) || weaving.polls() != 0 && unpolled.addAll(faulty)) {
                    continue;
                }
                faulty.removeAll(weaving.methods().keySet());
                if (!wanted.removeAll(faulty)) {
                    throw new CannotWeave("class " + reader.getClassName().replace('/', '.') + " cannot be woven"
                            + (pass.current == null ? "" : " because of method " + pass.current) + ": " + e, e);
                }
                skipped.merge(Reason.FAULT, faulty.size(), Integer::sum);
            }
        }
    }

    /** Whether what a class file becomes depends on {@link dev.loom.filter.classes.ClassHeader headers} of others too: its frames have to be computed. */
    public static boolean dependsOnOthers(byte[] classFile) {
        return Modernizer.isNeeded(classFile);
    }

    /**
     * What names the unwoven bodies of some methods, by name and descriptor: a running frame can go on only in code made from the same.
     *
     * @param classFile unwoven
     * @param methods those of interest; what the class does not have is missing in the result
     * @param classes as for {@link #weave}
     */
    public static Map<String, String> bodies(
            byte[] classFile, Set<String> methods, Function<String, Optional<byte[]>> classes) {
        Map<String, String> bodies = new HashMap<>();
        MethodBody.read(classFile, id -> methods.contains(id.key()), classes).forEach(body -> bodies.put(body.key(), body.hash()));
        return bodies;
    }

    /** One reading of a class: bodies that nothing is woven into are copied as they are, unread. */
    private final class Pass {
        private final ClassWeaving weaving;
        private final Set<String> wanted;
        private final Set<String> unpolled;
        private final @Nullable Watches watches;
        private final Set<String> unwatched;
        private final Set<String> left;
        private final Map<Reason, Integer> skipped;
        private final Set<String> missing;
        private final ClassNode type = new ClassNode();
        private int methods;
        /** Woven bodies in which a jump may be longer than two bytes can tell. */
        private final Set<String> withLongJumps = new HashSet<>();
        private boolean isOtherwiseChanged;
        /** The body that is being woven. */
        private String current;

        Pass(
                ClassWeaving weaving, Set<String> wanted, Set<String> unpolled, @Nullable Watches watches, Set<String> unwatched,
                Set<String> left, Map<Reason, Integer> skipped) {
            this.weaving = weaving;
            this.wanted = wanted;
            this.unpolled = unpolled;
            this.watches = watches;
            this.unwatched = unwatched;
            this.left = left;
            this.skipped = skipped;
            missing = new HashSet<>(weaving.methods().keySet());
        }

        WovenClass run(ClassReader reader) {
            ClassWriter writer = new ClassWriter(reader, 0);
            reader.accept(new ClassVisitor(Opcodes.ASM9, writer) {
                @Override
                public void visit(int version, int access, String name, String signature, String parent, String[] interfaces) {
                    type.version = version;
                    type.access = access;
                    type.name = name;
                    super.visit(version, access, name, signature, parent, interfaces);
                }

                @Override
                public MethodVisitor visitMethod(int access, String name, String desc, String signature, String[] exceptions) {
                    boolean hasBody = (access & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE)) == 0;
                    boolean polls = weaving.polls() != 0 && !unpolled.contains(name + desc) && hasBody;
                    boolean isWatched = watches != null && !unwatched.contains(name + desc) && hasBody;
                    if (!wanted.contains(name + desc) && !polls && !isWatched) {
                        return super.visitMethod(access, name, desc, signature, exceptions);
                    }
                    missing.remove(name + desc);
                    return new MethodNode(Opcodes.ASM9, access, name, desc, signature, exceptions) {
                        @Override
                        public void visitEnd() {
                            current = name + desc;
                            boolean points = weaving.updatePoints() && wanted.contains(current);
                            Watches.OfMethod watch = isWatched && instructions.size() > 0 ? watches.of(this) : null;
                            boolean woven = weave(
                                    type, this, weaving.methods().get(current), points, polls ? weaving.polls() : 0, skipped);
                            methods += woven ? 1 : 0;
                            boolean otherwise = polls || isPutIn(watch, current);
                            isOtherwiseChanged |= otherwise;
                            if ((woven || otherwise) && PointBudget.codeSize(this) > Short.MAX_VALUE) {
                                withLongJumps.add(current);
                                LongJumps.shorten(this);
                                BodySize.check(type.name, this);
                            }
                            accept(writer);
                            current = null;
                        }
                    };
                }
            }, ClassReader.EXPAND_FRAMES);
            if (!missing.isEmpty()) {
                throw new CannotWeave("class " + type.name.replace('/', '.') + " has no method " + missing.iterator().next());
            }
            return new WovenClass(
                    methods == 0 && !isOtherwiseChanged ? null : writer.toByteArray(), methods, skipped, unpolled, left, unwatched);
        }

        private boolean isPutIn(Watches.@Nullable OfMethod watch, String method) {
            if (watch == null || watch.isEmpty()) {
                return false;
            }
            boolean isIn = watch.weave();
            if (!isIn) {
                unwatched.add(method);
            }
            return isIn;
        }
    }

    private boolean weave(
            ClassNode type, MethodNode method, MethodWeaving weaving, boolean withPoints, int polls, Map<Reason, Integer> skipped) {
        if (method.instructions.size() == 0) {
            if (weaving != null) {
                throw new CannotWeave("method " + type.name.replace('/', '.') + "#" + method.name + " has no body");
            }
            return false;
        }
        ControlFlow code = ControlFlow.of(method);
        UpdatePoints points = withPoints ? PointBudget.points(type.name, method, code) : new UpdatePoints(List.of(), Map.of());
        points.skipped().forEach((reason, count) -> skipped.merge(reason, count, Integer::sum));
        if (weaving == null && points.points().isEmpty() && polls == 0) {
            return false;
        }
        Polls places = polls == 0 ? null : new Polls(abi, method, polls);
        MethodWeaver.weave(abi, type, method, code, points, weaving);
        if (places != null) {
            places.weave();
        }
        return weaving != null || !points.points().isEmpty();
    }
}
