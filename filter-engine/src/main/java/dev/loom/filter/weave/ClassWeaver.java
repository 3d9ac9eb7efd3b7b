package dev.loom.filter.weave;

import dev.loom.filter.analysis.Code;
import dev.loom.filter.analysis.SwitchPoints;
import dev.loom.filter.analysis.SwitchPoints.Density;
import dev.loom.filter.analysis.SwitchPoints.Reason;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.CodeSizeEvaluator;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Weaves switch points and hooks into class files. Always starts from the unwoven class file, so that any combination of filters is
 * woven at once, and the same input gives the same bytes. Only method bodies change, never members: the result can be
 * given to {@code retransformClasses}. Thread-safe.
 */
public final class ClassWeaver {

    private final HookNames names;

    public ClassWeaver(HookNames names) {
        this.names = names;
    }

    /**
     * Weaves one class.
     *
     * @param classFile its unwoven bytes
     * @param classes finds other classes by internal name; asked only for class files older than version 51
     * @throws CannotWeave if a method named in {@code weaving} cannot be woven, or the class as a whole cannot
     */
    public WovenClass weave(byte[] classFile, ClassWeaving weaving, Function<String, Optional<byte[]>> classes) {
        boolean old = Modernizer.isNeeded(classFile);
        ClassReader reader = new ClassReader(classFile);
        if ((reader.getAccess() & Opcodes.ACC_MODULE) != 0) {
            return unchanged();
        }
        ClassNode type = new ClassNode();
        reader.accept(type, old ? ClassReader.SKIP_FRAMES : ClassReader.EXPAND_FRAMES);
        if (!isNeeded(type, weaving)) {
            return unchanged();
        }
        if (old) {
            byte[] modern = Modernizer.modernize(classFile, classes);
            reader = new ClassReader(modern);
            type = new ClassNode();
            reader.accept(type, ClassReader.EXPAND_FRAMES);
        }
        Map<Reason, Integer> skipped = new EnumMap<>(Reason.class);
        int methods = 0;
        Set<String> missing = new HashSet<>(weaving.methods().keySet());
        for (MethodNode method : type.methods) {
            String key = method.name + method.desc;
            missing.remove(key);
            if (weave(type, method, weaving.methods().get(key), weaving.switchPoints(), skipped)) {
                methods++;
            }
        }
        if (!missing.isEmpty()) {
            throw new CannotWeave("class " + type.name.replace('/', '.') + " has no method " + missing.iterator().next());
        }
        if (methods == 0) {
            return new WovenClass(null, 0, skipped);
        }
        ClassWriter writer = new ClassWriter(reader, 0);
        type.accept(writer);
        try {
            return new WovenClass(writer.toByteArray(), methods, skipped);
        } catch (org.objectweb.asm.MethodTooLargeException e) {
            throw new CannotWeave("method " + e.getClassName().replace('/', '.') + "#" + e.getMethodName() + e.getDescriptor()
                    + " would grow to " + e.getCodeSize() + " bytes, over the limit of 65535", e);
        } catch (org.objectweb.asm.ClassTooLargeException e) {
            throw new CannotWeave("class " + type.name.replace('/', '.') + " would outgrow the constant pool", e);
        }
    }

    /** The switch points that every version of a method has; the method must be as read with {@code EXPAND_FRAMES}. */
    public static SwitchPoints switchPoints(String owner, MethodNode method, Code code) {
        if (!SwitchPoints.mayHavePoints(method)) {
            return new SwitchPoints(java.util.List.of(), Map.of());
        }
        int size = codeSize(method);
        // a method that the JIT compiles must stay one that it compiles
        int limit = size > SwitchPoints.HUGE_METHOD ? 60_000 : SwitchPoints.HUGE_METHOD - 300;
        boolean reduced = false;
        for (Density density : new Density[] {Density.ALL, Density.BACK_EDGES}) {
            SwitchPoints points = SwitchPoints.of(owner, method, code, density);
            if (size + growth(points) <= limit) {
                return reduced ? withSkip(points, Reason.SIZE) : points;
            }
            reduced = true;
        }
        return new SwitchPoints(java.util.List.of(), Map.of(Reason.SIZE, 1));
    }

    private static SwitchPoints withSkip(SwitchPoints points, Reason reason) {
        Map<Reason, Integer> skipped = new EnumMap<>(Reason.class);
        skipped.putAll(points.skipped());
        skipped.merge(reason, 1, Integer::sum);
        return new SwitchPoints(points.points(), skipped);
    }

    /** Upper estimate of the code that points add to a woven version: guards, stubs, restores. */
    private static int growth(SwitchPoints points) {
        int bytes = points.points().isEmpty() ? 0 : 120;
        for (var point : points.points()) {
            bytes += 40 + point.locals().size() * 15;
        }
        return bytes;
    }

    private static int codeSize(MethodNode method) {
        CodeSizeEvaluator size = new CodeSizeEvaluator(null);
        method.accept(size);
        return size.getMaxSize();
    }

    private static boolean isNeeded(ClassNode type, ClassWeaving weaving) {
        if (!weaving.methods().isEmpty()) {
            return true;
        }
        if (weaving.switchPoints()) {
            for (MethodNode method : type.methods) {
                if (!method.name.startsWith("<") && SwitchPoints.mayHavePoints(method)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean weave(
            ClassNode type, MethodNode method, MethodWeaving weaving, boolean withPoints, Map<Reason, Integer> skipped) {
        if (method.instructions.size() == 0) {
            if (weaving != null) {
                throw new CannotWeave("method " + type.name.replace('/', '.') + "#" + method.name + " has no body");
            }
            return false;
        }
        if (weaving == null && (!withPoints || !SwitchPoints.mayHavePoints(method))) {
            return false;
        }
        Code code = Code.of(method);
        SwitchPoints points = withPoints ? switchPoints(type.name, method, code) : new SwitchPoints(java.util.List.of(), Map.of());
        points.skipped().forEach((reason, count) -> skipped.merge(reason, count, Integer::sum));
        if (weaving == null && points.points().isEmpty()) {
            return false;
        }
        new MethodWeaver(names, type, method, code, points, weaving).weave();
        return true;
    }

    private static WovenClass unchanged() {
        return new WovenClass(null, 0, Map.of());
    }
}
