package dev.loom.filter.resolve;

import dev.loom.filter.analysis.ControlFlow;
import dev.loom.filter.analysis.RegionInterior;
import dev.loom.filter.plan.KeyPlan.Slot;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
    private final ControlFlow code;
    private final Type[] types;

    Variables(Body body) {
        this.body = body;
        this.method = body.method();
        this.code = ControlFlow.of(method);
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
                if (variable.index == slot && method.instructions.indexOf(variable.start) <= code.real(0)) {
                    return variable.name;
                }
            }
        }
        return method.parameters != null && method.parameters.size() == types.length ? method.parameters.get(number - 1).name
                : null;
    }

    /**
     * A local variable or parameter by its name, wherever control reaches a line; empty unless it is the same slot everywhere.
     */
    Optional<Slot> onLine(int line, String name) {
        Set<Optional<Slot>> slots = new HashSet<>();
        for (int entry : RegionInterior.entriesOf(code, line)) {
            slots.add(at(entry, name));
        }
        return slots.size() == 1 ? slots.iterator().next() : Optional.empty();
    }

    private Optional<Slot> at(int instruction, String name) {
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
        return method.instructions.indexOf(variable.start) <= instruction
                && instruction < method.instructions.indexOf(variable.end);
    }

    /** Names in scope on a line; the parameters' where it is 0. */
    List<String> namesOn(int line) {
        SortedSet<String> names = new TreeSet<>();
        if (line > 0 && hasTable()) {
            method.localVariables.stream().map(v -> v.name).filter(n -> onLine(line, n).isPresent()).forEach(names::add);
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
            if (onLine(line, name).isPresent()) {
                lines.add(line);
            }
        }
        return lines;
    }
}
