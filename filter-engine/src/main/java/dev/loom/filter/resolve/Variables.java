package dev.loom.filter.resolve;

import dev.loom.filter.plan.KeyPlan.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.LocalVariableNode;
import org.objectweb.asm.tree.MethodNode;

/** Parameters and local variables of a method body. */
final class Variables {

    private final Body body;
    private final MethodNode method;
    private final Type[] types;

    Variables(Body body) {
        this.body = body;
        this.method = body.method();
        this.types = Type.getArgumentTypes(method.desc);
    }

    /** Whether the compiler wrote a variable table. */
    boolean hasTable() {
        return method.localVariables != null && !method.localVariables.isEmpty();
    }

    int parameters() {
        return types.length;
    }

    /** A parameter by its number, from 1. */
    Slot parameter(int number) {
        int slot = body.isStatic() ? 0 : 1;
        for (int i = 0; i < number - 1; i++) {
            slot += types[i].getSize();
        }
        return new Slot(slot, types[number - 1].getDescriptor());
    }

    /** A parameter by its name. */
    Optional<Slot> parameter(String name) {
        for (int i = 1; i <= types.length; i++) {
            if (name.equals(nameOf(i))) {
                return Optional.of(parameter(i));
            }
        }
        return Optional.empty();
    }

    private @Nullable String nameOf(int number) {
        int slot = parameter(number).index();
        if (hasTable()) {
            for (LocalVariableNode variable : method.localVariables) {
                if (variable.index == slot && method.instructions.indexOf(variable.start) <= firstInstruction()) {
                    return variable.name;
                }
            }
        }
        return method.parameters != null && method.parameters.size() == types.length ? method.parameters.get(number - 1).name : null;
    }

    private int firstInstruction() {
        for (int i = 0; i < method.instructions.size(); i++) {
            if (method.instructions.get(i).getOpcode() >= 0) {
                return i;
            }
        }
        return 0;
    }

    /** A local variable or parameter by its name, at an instruction. */
    Optional<Slot> at(int instruction, String name) {
        if (method.localVariables != null) {
            for (LocalVariableNode variable : method.localVariables) {
                if (variable.name.equals(name) && covers(variable, instruction)) {
                    return Optional.of(new Slot(variable.index, variable.desc));
                }
            }
        }
        return hasTable() ? Optional.empty() : parameter(name);
    }

    private boolean covers(LocalVariableNode variable, int instruction) {
        return method.instructions.indexOf(variable.start) <= instruction && instruction < method.instructions.indexOf(variable.end);
    }

    /** Names in scope at an instruction; the parameters' where it is -1. */
    List<String> namesAt(int instruction) {
        SortedSet<String> names = new TreeSet<>();
        if (instruction >= 0 && hasTable()) {
            method.localVariables.stream().filter(v -> covers(v, instruction)).map(v -> v.name).forEach(names::add);
        } else {
            for (int i = 1; i <= types.length; i++) {
                String name = nameOf(i);
                names.add(name == null ? "$" + i : name);
            }
        }
        names.remove("this");
        return new ArrayList<>(names);
    }

    /** Lines at which a variable of this name is in scope. */
    SortedSet<Integer> linesOf(String name) {
        SortedSet<Integer> lines = new TreeSet<>();
        for (int line : Lines.of(method)) {
            if (at(Lines.start(method, line), name).isPresent()) {
                lines.add(line);
            }
        }
        return lines;
    }
}
