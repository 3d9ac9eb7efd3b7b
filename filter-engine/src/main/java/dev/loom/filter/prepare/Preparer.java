package dev.loom.filter.prepare;

import dev.loom.filter.classes.ClassFiles;
import dev.loom.filter.classes.HookDependencies;
import dev.loom.filter.classes.JdkClasses;
import dev.loom.filter.classes.PreparedForm;
import dev.loom.filter.classes.PreparedMark;
import dev.loom.filter.resolve.BodyDigest;
import dev.loom.filter.weave.ClassWeaver;
import dev.loom.filter.weave.ClassWeaving;
import dev.loom.filter.weave.WovenClass;
import dev.loom.filter.weave.body.CannotWeave;
import dev.loom.filter.weave.body.HookAbi;
import dev.loom.filter.weave.body.MethodBody;
import dev.loom.filter.weave.body.Modernizer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Gives class files their update points before they are deployed: the same ones, in the same methods, that the agent gives them at load, to
 * methods whose frames may live for long; or in all methods, as with {@code prepare=start}. A class of which it cannot show that the
 * agent will find its original bodies again is left as it is. The same input gives the same bytes. Thread-safe.
 */
public final class Preparer {

    /** What guards are linked by must have none. */
    private static final String LOOM = "dev/loom/bootstrap/";

    private static final ClassWeaver WEAVER = new ClassWeaver(HookAbi.BOOTSTRAP);

    private final Function<String, Optional<byte[]>> classes;
    private final ClassWeaving weaving;

    /**
     * Says how to prepare.
     *
     * @param classes finds other classes than the JDK's by internal name; asked only for class files older than version 51
     * @param all whether methods whose frames are gone soon get update points too
     */
    public Preparer(Function<String, Optional<byte[]>> classes, boolean all) {
        weaving = all ? ClassWeaving.STATIC : ClassWeaving.URGENT;
        this.classes = name -> classes.apply(name).or(() -> JdkClasses.instance().find(name));
    }

    /** Prepares one class; whatever the bytes are, it throws nothing. */
    public Prepared prepare(byte[] classFile) {
        try {
            ClassFiles.check(classFile);
            PreparedMark mark = PreparedMark.of(classFile);
            if (mark != null) {
                return mark.isKnown() ? new Prepared.Already() : new Prepared.OtherVersion(mark.version());
            }
            return weave(classFile, weaving);
        } catch (CannotWeave e) {
            return new Prepared.Left(e.getMessage());
        } catch (RuntimeException | StackOverflowError e) {
            return new Prepared.Left("it is damaged: " + (e.getMessage() == null ? e.toString() : e.getMessage()));
        }
    }

    private Prepared weave(byte[] classFile, ClassWeaving weaving) {
        String name = new ClassReader(classFile).getClassName();
        if (name.startsWith(LOOM) || HookDependencies.contains(name)) {
            return new Prepared.NotNeeded();
        }
        WovenClass woven = WEAVER.weave(classFile, weaving, classes);
        if (woven.bytes() == null) {
            return new Prepared.NotNeeded();
        }
        Map<String, MethodNode> original = methods(classFile);
        if (original.keySet().stream().anyMatch(method -> method.startsWith(PreparedForm.GUARD + "("))) {
            return new Prepared.Left("it has a method " + PreparedForm.GUARD);
        }
        byte[] linked = new GuardLinks(methods(Modernizer.modern(classFile, classes))).give(woven.bytes());
        byte[] prepared = new PreparedMark(PreparedMark.VERSION, woven.methods(), woven.left()).addTo(linked);
        if (prepared == null && weaving.later()) {
            return weave(classFile, ClassWeaving.STATIC); // too many are left to name them
        }
        if (prepared == null) {
            return new Prepared.Left("its constant pool has no room for the mark");
        }
        String differs = difference(classFile, original, prepared, woven.left());
        return differs == null ? new Prepared.Done(prepared, woven.methods()) : new Prepared.Left(differs);
    }

    /** Why the agent would not find in a prepared class what it was; null if it will. */
    private String difference(byte[] classFile, Map<String, MethodNode> original, byte[] prepared, Set<String> left) {
        PreparedForm.Original again = PreparedForm.takeBack(prepared);
        Map<String, MethodNode> found = methods(again.classFile());
        found.keySet().removeIf(method -> method.startsWith(PreparedForm.GUARD + "("));
        if (!found.keySet().equals(original.keySet())) {
            return "its methods would change";
        }
        for (Map.Entry<String, MethodNode> method : original.entrySet()) {
            if (!BodyDigest.of(method.getValue()).equals(BodyDigest.of(found.get(method.getKey())))) {
                return "the code of " + method.getKey() + " would change beyond its update points";
            }
        }
        Map<String, String> hashes = new HashMap<>();
        Map<String, Integer> points = new HashMap<>();
        for (MethodBody body : MethodBody.read(classFile, id -> !id.key().startsWith("<") && !left.contains(id.key()), classes)) {
            if (body.hasCode() && !body.points().points().isEmpty()) {
                hashes.put(body.key(), body.hash());
                points.put(body.key(), body.points().points().size());
            }
        }
        if (!points.equals(again.points()) || !hashes.equals(again.bodies())) {
            return "not all of its methods that need update points can have them";
        }
        return hashes.equals(ClassWeaver.bodies(again.classFile(), hashes.keySet(), classes)) ? null : "its code would change";
    }

    private static Map<String, MethodNode> methods(byte[] classFile) {
        ClassNode type = new ClassNode(Opcodes.ASM9);
        new ClassReader(classFile).accept(type, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        Map<String, MethodNode> methods = new HashMap<>();
        type.methods.forEach(method -> methods.put(method.name + method.desc, method));
        return methods;
    }

    /** How many instructions a body has. */
    static int instructions(MethodNode method) {
        int count = 0;
        for (AbstractInsnNode insn : method.instructions) {
            count += insn.getOpcode() >= 0 ? 1 : 0;
        }
        return count;
    }
}
