package dev.loom.filter.suggest;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.VarInsnNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.Frame;
import org.objectweb.asm.tree.analysis.SourceInterpreter;
import org.objectweb.asm.tree.analysis.SourceValue;

/** What code works on, and who else changes it: the other side of a race of which one side is known. */
final class SharedState {

    /** Methods of the other side that are named. */
    private static final int MAX_WRITERS = 4;

    private static final Set<String> CHANGING = Set.of(
            "add", "addAll", "addFirst", "addLast", "put", "putAll", "putIfAbsent", "remove", "removeAll", "removeIf", "removeFirst", "removeLast",
            "clear", "set", "push", "pop", "poll", "offer", "retainAll", "replaceAll", "sort", "compute", "computeIfAbsent", "merge", "setSize",
            "addElement", "removeElement", "insert", "append", "setLength", "delete", "deleteCharAt", "setTime", "nextElement");

    private final FrameMethods bodies;

    SharedState(FrameMethods bodies) {
        this.bodies = bodies;
    }

    /** A field; the class that an instruction names may be below the one that declares it. */
    record Field(String name, String desc, boolean isStatic) {}

    /**
     * The fields that code reads and that is not fixed when the object is made.
     *
     * @param line those of the line alone, if it has any; -1 for all of the method
     */
    Set<Field> fields(Place place, int line) {
        Set<Field> fields = new LinkedHashSet<>();
        int at = -1;
        for (AbstractInsnNode node : place.method().instructions) {
            if (node instanceof LineNumberNode number) {
                at = number.line;
            } else if (node instanceof FieldInsnNode field && (line < 0 || at == line) && isOwn(place.owner(), field)) {
                fields.add(new Field(field.name, field.desc, node.getOpcode() == Opcodes.GETSTATIC || node.getOpcode() == Opcodes.PUTSTATIC));
            }
        }
        return fields.isEmpty() && line >= 0 ? fields(place, -1) : fields;
    }

    private boolean isOwn(ClassNode owner, FieldInsnNode field) {
        return bodies.find(field.owner).filter(o -> bodies.isRelated(owner, o)).isPresent() && !field.name.startsWith("this$")
                && !field.name.startsWith("$");
    }

    /** Methods of the class and those above it that change one of the fields, raised to where others call them. */
    List<Place> writers(ClassNode of, Set<Field> fields) {
        return raised(of, method -> changes(method, fields));
    }

    /** The same for methods that use one of the fields in any way. */
    List<Place> users(ClassNode of, Set<Field> fields) {
        return raised(of, method -> uses(method, fields));
    }

    /** All methods of the class and those above it that use one of the fields, as they are. */
    List<Place> methods(ClassNode of, Set<Field> fields) {
        List<Place> methods = new ArrayList<>();
        for (ClassNode owner : bodies.family(of)) {
            owner.methods.stream().filter(m -> FrameMethods.isWritten(m) && !m.name.startsWith("<") && uses(m, fields))
                    .forEach(m -> methods.add(bodies.of(owner, m)));
        }
        return methods;
    }

    /** The places, with their lines, at which a field gets a value that is not null, but for constructors. */
    List<Place> setters(ClassNode of, Field wanted) {
        List<Place> setters = new ArrayList<>();
        for (Place place : methods(of, Set.of(wanted))) {
            int line = -1;
            for (AbstractInsnNode node : place.method().instructions) {
                if (node instanceof LineNumberNode number) {
                    line = number.line;
                } else if (node instanceof FieldInsnNode field && node.getOpcode() == Opcodes.PUTFIELD && field.name.equals(wanted.name())
                        && field.desc.equals(wanted.desc()) && node.getPrevious().getOpcode() != Opcodes.ACONST_NULL && line > 0) {
                    setters.add(new Place(place.owner(), place.method(), line, place.overloaded(), place.frame()));
                }
            }
        }
        return setters;
    }

    /** The first line of a method that reads a field; -1 if there is none. */
    int firstUse(Place place, Field wanted) {
        int line = -1;
        for (AbstractInsnNode node : place.method().instructions) {
            if (node instanceof LineNumberNode number) {
                line = number.line;
            } else if (node instanceof FieldInsnNode field && field.name.equals(wanted.name()) && field.desc.equals(wanted.desc())) {
                return line;
            }
        }
        return -1;
    }

    /** Whether a method calls nothing of other classes than its own and the JDK's: a region of it cannot come to other locks. */
    boolean isSimple(Place place) {
        List<ClassNode> family = bodies.family(place.owner());
        for (AbstractInsnNode node : place.method().instructions) {
            if (node instanceof MethodInsnNode call && !call.owner.startsWith("java/") && family.stream().noneMatch(f -> f.name.equals(call.owner))) {
                return false;
            }
        }
        return true;
    }

    private static boolean uses(MethodNode method, Set<Field> fields) {
        for (AbstractInsnNode node : method.instructions) {
            if (node instanceof FieldInsnNode field && fields.stream().anyMatch(f -> f.name().equals(field.name) && f.desc().equals(field.desc))) {
                return true;
            }
        }
        return false;
    }

    private List<Place> raised(ClassNode of, Predicate<MethodNode> wanted) {
        List<ClassNode> family = bodies.family(of);
        List<Place> writers = new ArrayList<>();
        for (ClassNode owner : family) {
            for (MethodNode method : owner.methods) {
                if (FrameMethods.isWritten(method) && !method.name.startsWith("<") && wanted.test(method)) {
                    for (Place entry : entries(family, owner, method)) {
                        if (writers.stream().noneMatch(entry::isSame) && writers.size() < MAX_WRITERS) {
                            writers.add(entry);
                        }
                    }
                }
            }
        }
        return writers;
    }

    /** Where others come in to a method: what calls it in the same classes, but for what runs as long as its thread, or itself if nothing does. */
    private List<Place> entries(List<ClassNode> family, ClassNode owner, MethodNode method) {
        List<Place> entries = new ArrayList<>();
        Set<MethodNode> seen = new LinkedHashSet<>();
        List<Place> open = new ArrayList<>(List.of(bodies.of(owner, method)));
        while (!open.isEmpty()) {
            Place at = open.remove(0);
            if (!seen.add(at.method())) {
                continue;
            }
            List<Place> callers = callers(family, at.method());
            if (callers.isEmpty()) {
                entries.add(at);
            } else {
                open.addAll(callers);
            }
        }
        return entries;
    }

    private List<Place> callers(List<ClassNode> family, MethodNode callee) {
        List<Place> callers = new ArrayList<>();
        for (ClassNode owner : family) {
            for (MethodNode method : owner.methods) {
                if (method == callee || method.name.startsWith("<") || !FrameMethods.isWritten(method)) {
                    continue;
                }
                Place caller = bodies.of(owner, method);
                if (!caller.isLoop() && callsOnItself(family, owner, method, callee)) {
                    callers.add(caller);
                }
            }
        }
        return callers;
    }

    /** Whether a method calls another for the same object, or both are static. */
    private static boolean callsOnItself(List<ClassNode> family, ClassNode owner, MethodNode method, MethodNode callee) {
        Frame<SourceValue>[] frames = null;
        for (int i = 0; i < method.instructions.size(); i++) {
            if (!(method.instructions.get(i) instanceof MethodInsnNode call) || !call.name.equals(callee.name) || !call.desc.equals(callee.desc)
                    || family.stream().noneMatch(f -> f.name.equals(call.owner))) {
                continue;
            }
            if (call.getOpcode() == Opcodes.INVOKESTATIC) {
                return true;
            }
            try {
                frames = frames == null ? new Analyzer<>(new SourceInterpreter()).analyze(owner.name, method) : frames;
            } catch (AnalyzerException | RuntimeException e) {
                return false;
            }
            int depth = Type.getArgumentTypes(call.desc).length;
            boolean isThis = frames[i] != null && (method.access & Opcodes.ACC_STATIC) == 0
                    && frames[i].getStack(frames[i].getStackSize() - 1 - depth).insns.stream()
                            .allMatch(n -> n instanceof VarInsnNode load && load.var == 0 && load.getOpcode() == Opcodes.ALOAD);
            if (isThis) {
                return true;
            }
        }
        return false;
    }

    /** Whether a method stores to one of the fields, or calls what changes the collection in it. */
    boolean changes(MethodNode method, Set<Field> fields) {
        boolean loaded = false;
        for (AbstractInsnNode node : method.instructions) {
            if (node instanceof FieldInsnNode field && fields.stream().anyMatch(f -> f.name().equals(field.name) && f.desc().equals(field.desc))) {
                if (node.getOpcode() == Opcodes.PUTFIELD || node.getOpcode() == Opcodes.PUTSTATIC) {
                    return true;
                }
                loaded = true;
            } else if (loaded && node instanceof MethodInsnNode call && CHANGING.contains(call.name)
                    && (call.owner.startsWith("java/util/") || call.owner.startsWith("java/lang/") || call.owner.startsWith("java/text/"))) {
                return true;
            }
        }
        return false;
    }
}
