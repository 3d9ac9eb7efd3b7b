package dev.loom.filter.resolve;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Methods that call all of some methods, looked for in the classes of those methods: a region of one would cover them. */
final class CommonCallers {

    private CommonCallers() {}

    static List<Body> of(ClassTable classes, Collection<Body> callees) {
        Set<ClassNode> searched = new LinkedHashSet<>();
        callees.forEach(c -> searched.addAll(classes.withNested(c.owner())));
        Set<String> wanted = callees.stream().map(c -> c.owner().name + '.' + c.id().key()).collect(Collectors.toSet());
        List<Body> callers = new ArrayList<>();
        for (ClassNode owner : searched) {
            for (MethodNode method : owner.methods) {
                Body body = new Body(owner, method);
                Set<String> called = calls(method);
                called.add(owner.name + '.' + body.id().key()); // the one may call the other
                if (called.containsAll(wanted)) {
                    callers.add(body);
                }
            }
        }
        return callers.subList(0, Math.min(callers.size(), 3));
    }

    private static Set<String> calls(MethodNode method) {
        Set<String> calls = new LinkedHashSet<>();
        for (AbstractInsnNode node : method.instructions) {
            if (node instanceof MethodInsnNode call) {
                calls.add(call.owner + '.' + call.name + call.desc);
            }
        }
        return calls;
    }
}
