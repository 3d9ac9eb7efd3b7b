package dev.loom.filter.weave.body;

import dev.loom.filter.analysis.ControlFlow;
import dev.loom.filter.analysis.UpdatePoint;
import dev.loom.filter.analysis.UpdatePoints;
import dev.loom.filter.analysis.VerifierTypes;
import dev.loom.filter.plan.MethodId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.MethodNode;

/** An unwoven method body as the weaver reads it: with complete frames, whatever version its class file has. Not thread-safe. */
public final class MethodBody {

    private final String owner;
    private final MethodNode method;
    private @Nullable ControlFlow code;
    private @Nullable UpdatePoints points;

    private MethodBody(String owner, MethodNode method) {
        this.owner = owner;
        this.method = method;
    }

    /**
     * Reads methods of a class.
     *
     * @param classFile unwoven
     * @param wanted which methods; those of no interest are not read
     * @param classes finds other classes by internal name; asked only for class files older than version 51
     * @throws CannotWeave if the class is too old or too odd to be woven at all
     */
    public static List<MethodBody> read(
            byte[] classFile, Predicate<MethodId> wanted, Function<String, Optional<byte[]>> classes) {
        ClassReader reader = new ClassReader(Modernizer.modern(classFile, classes));
        List<MethodBody> bodies = new ArrayList<>();
        reader.accept(new ClassVisitor(Opcodes.ASM9) {
            @Override
            public @Nullable MethodVisitor visitMethod(int access, String name, String desc, String signature, String[] exceptions) {
                if (!wanted.test(new MethodId(reader.getClassName(), name, desc))) {
                    return null;
                }
                MethodNode method = new MethodNode(Opcodes.ASM9, access, name, desc, signature, exceptions);
                bodies.add(new MethodBody(reader.getClassName(), method));
                return method;
            }
        }, ClassReader.EXPAND_FRAMES);
        return bodies;
    }

    /** Internal name of the class. */
    public String owner() {
        return owner;
    }

    public MethodNode method() {
        return method;
    }

    /** Name and descriptor. */
    public String key() {
        return method.name + method.desc;
    }

    /** Whether there is code: the method is neither abstract nor native. */
    public boolean hasCode() {
        return method.instructions.size() > 0;
    }

    /** Names the body: a running frame can go on only in code made from the same. */
    public String hash() {
        return BodyHash.of(method);
    }

    public ControlFlow code() {
        if (code == null) {
            code = ControlFlow.of(method);
        }
        return code;
    }

    /** The update points that every version of the method has. */
    public UpdatePoints points() {
        if (points == null) {
            points = PointBudget.points(owner, method, code());
        }
        return points;
    }

    /**
     * The update points at which frames really can move.
     *
     * @param usable whether a local of the given verification type (a class name) can be moved
     */
    public List<UpdatePoint> workingPoints(Predicate<String> usable) {
        return points().points().stream()
                .filter(point -> point.locals().stream().allMatch(local -> !(local instanceof String name) || usable.test(name)))
                .toList();
    }

    /** Verification types of the locals, computed anew. */
    public VerifierTypes types() {
        return VerifierTypes.of(owner, method);
    }
}
