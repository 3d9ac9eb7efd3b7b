package dev.loom.filter.explain;

import dev.loom.filter.diagnostic.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.LocalVariableNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * A method of a {@link ClassListing}.
 *
 * @param type the class that it is in, {@code com.acme.Bank$Worker}
 * @param name as the JVM knows it
 * @param descriptor as the JVM knows it
 * @param member how a filter names it, with its parameters where there are several of the name
 * @param shown as Java writes it, {@code public void transfer(Account from, long amount)}
 * @param keys what a region in it can have behind {@code by}: {@code this}, an enclosing object, its parameters
 * @param lines in order of their numbers; empty for a method without code
 */
public record ListedMethod(
        String type, String name, String descriptor, String member, String shown, List<String> keys, List<ListedLine> lines) {

    public ListedMethod {
        keys = List.copyOf(keys);
        lines = List.copyOf(lines);
    }

    static ListedMethod of(String owner, MethodNode method, boolean overloaded, @Nullable String outer, List<ListedLine> lines) {
        String type = Printable.of(owner.replace('/', '.'));
        List<String> names = parameterNames(method);
        String member = type + '#' + Printable.of(method.name) + (overloaded ? parameterTypes(method.desc) : "");
        return new ListedMethod(type, method.name, method.desc, member, shown(owner, method, names), keys(method, names, outer), lines);
    }

    /** Whether a method is one of those that people tell apart by their parameters. */
    static boolean counts(MethodNode method) {
        return method.instructions.size() > 0 && ((method.access & Opcodes.ACC_SYNTHETIC) == 0 || method.name.startsWith("lambda$"));
    }

    private static boolean isStatic(MethodNode method) {
        return (method.access & Opcodes.ACC_STATIC) != 0;
    }

    /** As the variable table has them; {@code $1}, {@code $2} where there is none. */
    private static List<String> parameterNames(MethodNode method) {
        List<String> names = new ArrayList<>();
        int slot = isStatic(method) ? 0 : 1;
        for (Type parameter : Type.getArgumentTypes(method.desc)) {
            names.add(variable(method, slot, "$" + (names.size() + 1)));
            slot += parameter.getSize();
        }
        return names;
    }

    private static String variable(MethodNode method, int slot, String otherwise) {
        if (method.localVariables != null) {
            for (LocalVariableNode variable : method.localVariables) {
                if (variable.index == slot && method.instructions.indexOf(variable.start) <= 1) {
                    return Printable.of(variable.name);
                }
            }
        }
        return otherwise;
    }

    private static List<String> keys(MethodNode method, List<String> names, @Nullable String outer) {
        List<String> keys = new ArrayList<>();
        if (!isStatic(method)) {
            keys.add("this");
            if (outer != null) {
                keys.add(Printable.of(outer.replace('/', '.')) + ".this");
            }
        }
        keys.addAll(names);
        return keys;
    }

    private static String parameterTypes(String desc) {
        return List.of(Type.getArgumentTypes(desc)).stream().map(Type::getClassName)
                .map(name -> name.startsWith("java.lang.") && name.indexOf('.', 10) < 0 ? name.substring(10) : name)
                .collect(Collectors.joining(",", "(", ")"));
    }

    private static String shown(String owner, MethodNode method, List<String> names) {
        if (method.name.equals("<clinit>")) {
            return "static { … }";
        }
        StringBuilder shown = new StringBuilder(modifiers(method.access));
        if (method.name.equals("<init>")) {
            shown.append(simple(Type.getObjectType(owner)));
        } else {
            shown.append(simple(Type.getReturnType(method.desc))).append(' ').append(method.name);
        }
        Type[] types = Type.getArgumentTypes(method.desc);
        List<String> parameters = new ArrayList<>();
        for (int i = 0; i < types.length; i++) {
            parameters.add(simple(types[i]) + (names.get(i).startsWith("$") ? "" : " " + names.get(i)));
        }
        return Printable.of(shown.append(parameters.stream().collect(Collectors.joining(", ", "(", ")"))).toString());
    }

    private static String modifiers(int access) {
        StringBuilder words = new StringBuilder();
        String[] all = {"public", "private", "protected", "static", "final", "synchronized"};
        for (int i = 0; i < all.length; i++) {
            if ((access & 1 << i) != 0) {
                words.append(all[i]).append(' ');
            }
        }
        return words.append((access & Opcodes.ACC_NATIVE) != 0 ? "native " : "").append((access & Opcodes.ACC_ABSTRACT) != 0 ? "abstract " : "").toString();
    }

    private static String simple(Type type) {
        String name = type.getClassName();
        return name.substring(Math.max(name.lastIndexOf('.'), name.lastIndexOf('$')) + 1);
    }
}
