package dev.loom.filter.complete;

import dev.loom.filter.classes.ClassFiles;
import dev.loom.filter.diagnostic.Printable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.LocalVariableNode;
import org.objectweb.asm.tree.MethodNode;

/** The lines of a class that have code, and the keys that its methods offer. Nothing of a class that is damaged. */
final class PlaceCompletion {

    /** Of classes that are larger nothing is told: an answer to each key that is typed is not worth so much. */
    private static final int LARGEST = 1 << 20;

    private PlaceCompletion() {}

    /** The lines that have code, in order. @param method null for all methods */
    static List<Integer> lines(byte[] classFile, @Nullable String method) {
        Set<Integer> lines = new TreeSet<>();
        for (MethodNode one : methods(read(classFile), m -> method == null || m.name.equals(method))) {
            lines.addAll(linesOf(one));
        }
        return List.copyOf(lines);
    }

    private static Set<Integer> linesOf(MethodNode method) {
        Set<Integer> lines = new TreeSet<>();
        for (AbstractInsnNode at = method.instructions.getFirst(); at != null; at = at.getNext()) {
            if (at instanceof LineNumberNode line) {
                lines.add(line.line);
            }
        }
        return lines;
    }

    /**
     * The keys that a method offers at its entry, each with its type behind a tab: this, parameters, fields.
     *
     * @param method null for the methods that have the line
     */
    static List<String> keys(byte[] classFile, @Nullable String method, int line) {
        ClassNode type = read(classFile);
        Set<String> keys = new LinkedHashSet<>();
        List<MethodNode> methods = methods(type, m -> method == null ? linesOf(m).contains(line) : m.name.equals(method));
        for (MethodNode one : methods) {
            if ((one.access & Opcodes.ACC_STATIC) == 0) {
                keys.add("this\t" + shown(Type.getObjectType(type.name)));
            }
            parameters(one, keys);
        }
        boolean isStatic = methods.stream().allMatch(m -> (m.access & Opcodes.ACC_STATIC) != 0);
        if (!methods.isEmpty()) {
            fields(type, isStatic, keys);
            keys.add(type.name.replace('/', '.').replace('$', '.') + ".class\tClass");
        }
        return keys.stream().filter(k -> k.codePoints().allMatch(c -> c == '\t' || Printable.isHarmless(c))).toList();
    }

    private static void parameters(MethodNode method, Set<String> keys) {
        int slot = (method.access & Opcodes.ACC_STATIC) != 0 ? 0 : 1;
        int number = 1;
        for (Type parameter : Type.getArgumentTypes(method.desc)) {
            keys.add(nameOf(method, slot, number) + "\t" + shown(parameter));
            slot += parameter.getSize();
            number++;
        }
    }

    private static String nameOf(MethodNode method, int slot, int number) {
        if (method.localVariables != null) {
            for (LocalVariableNode variable : method.localVariables) {
                if (variable.index == slot && method.instructions.indexOf(variable.start) <= 1) {
                    return variable.name;
                }
            }
        }
        return "$" + number;
    }

    private static void fields(ClassNode type, boolean isStatic, Set<String> keys) {
        List<String> more = new ArrayList<>();
        for (FieldNode field : type.fields) {
            boolean ofClass = (field.access & Opcodes.ACC_STATIC) != 0;
            if (field.name.startsWith("this$") && !isStatic) {
                more.add(simple(Type.getType(field.desc).getInternalName()) + ".this\t" + shown(Type.getType(field.desc)));
            } else if ((field.access & Opcodes.ACC_SYNTHETIC) == 0 && (ofClass || !isStatic)) {
                more.add((ofClass ? type.name.replace('/', '.').replace('$', '.') + "." : "this.") + field.name + "\t" + shown(Type.getType(field.desc)));
            }
        }
        keys.addAll(more);
    }

    private static String simple(String internalName) {
        String name = internalName.substring(internalName.lastIndexOf('/') + 1);
        return name.replace('$', '.');
    }

    private static String shown(Type type) {
        String name = type.getClassName();
        return name.substring(name.lastIndexOf('.') + 1);
    }

    private static List<MethodNode> methods(ClassNode type, Predicate<MethodNode> wanted) {
        return type.methods.stream().filter(wanted).toList();
    }

    /** Without methods and fields if it is damaged. */
    private static ClassNode read(byte[] classFile) {
        ClassNode type = new ClassNode();
        try {
            if (classFile.length <= LARGEST) {
                ClassFiles.check(classFile);
                new ClassReader(classFile).accept(type, ClassReader.SKIP_FRAMES);
                return type;
            }
        } catch (RuntimeException malformed) {
            // as if it had nothing
        }
        return new ClassNode();
    }
}
