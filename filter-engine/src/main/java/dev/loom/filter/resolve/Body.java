package dev.loom.filter.resolve;

import dev.loom.filter.plan.MethodId;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/** One method body and the class that it is in. */
public record Body(ClassNode owner, MethodNode method) {

    public MethodId id() {
        return new MethodId(owner.name, method.name, method.desc);
    }

    public boolean isStatic() {
        return has(Opcodes.ACC_STATIC);
    }

    public boolean isConstructor() {
        return method.name.equals("<init>");
    }

    /** Whether the method has one of the access flags. */
    public boolean has(int flags) {
        return (method.access & flags) != 0;
    }

    /** {@code com.acme.Bank#transfer(Account,long)}. */
    public String shown() {
        return shownName() + parameters(false);
    }

    /** {@code com.acme.Bank#transfer}. */
    public String shownName() {
        return Names.shown(owner.name) + "#" + method.name;
    }

    /** {@code com.acme.Bank#transfer(com.acme.Account,long)}: names this body and no other. */
    public String fullName() {
        return shownName() + parameters(true);
    }

    private String parameters(boolean qualified) {
        return Arrays.stream(Type.getArgumentTypes(method.desc))
                .map(t -> qualified ? t.getClassName() : Names.simple(t.getClassName()))
                .collect(Collectors.joining(",", "(", ")"));
    }

    // a node is what it is; comparing their contents would be slow and pointless
    @Override
    public boolean equals(Object other) {
        return other instanceof Body b && b.method == method;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(method);
    }
}
