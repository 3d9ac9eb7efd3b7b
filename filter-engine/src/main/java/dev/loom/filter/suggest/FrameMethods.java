package dev.loom.filter.suggest;

import dev.loom.filter.classes.ClassFiles;
import dev.loom.filter.classes.ClassSource;
import dev.loom.filter.suggest.StackTrace.Frame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodNode;

/** Finds the methods that the frames of stacks run, each class read once. */
final class FrameMethods {

    private final ClassSource classes;
    private final Map<String, Optional<ClassNode>> read = new HashMap<>();

    FrameMethods(ClassSource classes) {
        this.classes = classes;
    }

    /** The frames of the application, the innermost first, constructors and initializers included. */
    List<Place> places(StackTrace trace) {
        List<Place> places = new ArrayList<>();
        for (Frame frame : trace.frames()) {
            Place place = Candidates.isApplication(frame.type(), classes) ? place(frame) : null;
            if (place != null) {
                places.add(place);
            }
        }
        return places;
    }

    private @Nullable Place place(Frame frame) {
        Optional<ClassNode> owner = find(frame.type().replace('.', '/'));
        if (owner.isEmpty()) {
            return null;
        }
        List<MethodNode> named = owner.get().methods.stream()
                .filter(m -> m.name.equals(frame.method()) && m.instructions.size() > 0 && isWritten(m)).toList();
        List<MethodNode> fitting = named.stream().filter(m -> frame.line() < 0 || hasLine(m, frame.line())).toList();
        if (fitting.isEmpty()) {
            // another version than the trace's: the name still says something
            fitting = named;
        }
        return fitting.isEmpty() ? null : new Place(
                owner.get(), fitting.get(0), hasLine(fitting.get(0), frame.line()) ? frame.line() : -1, isOverloaded(owner.get(), fitting.get(0)), frame);
    }

    /** A method as if a frame stood in it. */
    Place of(ClassNode owner, MethodNode method) {
        Frame frame = new Frame(owner.name.replace('/', '.'), method.name, -1, List.of(), "", "");
        return new Place(owner, method, -1, isOverloaded(owner, method), frame);
    }

    static boolean isWritten(MethodNode method) {
        return (method.access & Opcodes.ACC_SYNTHETIC) == 0 || method.name.startsWith("lambda$");
    }

    private static boolean isOverloaded(ClassNode owner, MethodNode method) {
        return owner.methods.stream().filter(m -> m.name.equals(method.name) && (m.access & Opcodes.ACC_BRIDGE) == 0).count() > 1;
    }

    Optional<ClassNode> find(String internalName) {
        return read.computeIfAbsent(internalName, this::read);
    }

    private Optional<ClassNode> read(String internalName) {
        try {
            return classes.find(internalName).map(bytes -> {
                ClassFiles.check(bytes);
                ClassNode node = new ClassNode();
                new ClassReader(bytes).accept(node, ClassReader.SKIP_FRAMES);
                return node;
            });
        } catch (RuntimeException | StackOverflowError unreadable) {
            return Optional.empty();
        }
    }

    /** Whether one class is the other, above it or below it, or one is nested in the other. */
    boolean isRelated(ClassNode one, ClassNode other) {
        return one.name.equals(other.name) || isBelow(one, other) || isBelow(other, one);
    }

    boolean isSameOrBelow(ClassNode sub, ClassNode top) {
        return sub.name.equals(top.name) || isBelow(sub, top);
    }

    private boolean isBelow(ClassNode sub, ClassNode top) {
        String at = sub.superName;
        for (int depth = 0; depth < 50 && at != null; depth++) {
            if (at.equals(top.name)) {
                return true;
            }
            at = find(at).map(node -> node.superName).orElse(null);
        }
        return false;
    }

    /** The classes that are related to one, itself first, as far as they are in its package. */
    List<ClassNode> family(ClassNode of) {
        List<ClassNode> family = new ArrayList<>(List.of(of));
        String at = of.superName;
        for (int depth = 0; depth < 50 && at != null; depth++) {
            Optional<ClassNode> above = find(at);
            if (above.isEmpty()) {
                break;
            }
            family.add(above.get());
            at = above.get().superName;
        }
        return family;
    }

    static boolean hasLine(MethodNode method, int line) {
        for (AbstractInsnNode node : method.instructions) {
            if (node instanceof LineNumberNode number && number.line == line) {
                return true;
            }
        }
        return false;
    }
}
