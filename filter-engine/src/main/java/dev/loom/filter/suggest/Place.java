package dev.loom.filter.suggest;

import dev.loom.filter.suggest.StackTrace.Frame;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * The method that a frame of the application runs.
 *
 * @param line -1 if not known
 */
record Place(ClassNode owner, MethodNode method, int line, boolean overloaded, Frame frame) {

    private static final Set<String> LOCKING = Set.of("lock", "lockInterruptibly", "tryLock", "acquire", "acquireUninterruptibly", "writeLock",
            "readLock");

    boolean isStatic() {
        return (method.access & Opcodes.ACC_STATIC) != 0;
    }

    boolean isSynchronized() {
        return (method.access & Opcodes.ACC_SYNCHRONIZED) != 0;
    }

    /** Whether it makes an object or initializes a class: nobody else has the one, and all wait for the other. */
    boolean isConstruction() {
        return method.name.startsWith("<");
    }

    /** Whether it runs for as long as its thread does: around it nothing could ever go on. */
    boolean isLoop() {
        if (method.name.equals("run") && method.desc.equals("()V") || method.name.equals("main")) {
            return true;
        }
        for (AbstractInsnNode node : method.instructions) {
            if (node.getOpcode() >= Opcodes.IRETURN && node.getOpcode() <= Opcodes.RETURN) {
                return false;
            }
        }
        return true;
    }

    /** Whether it is run by an inner class or lambda on its own, as far as its form says. */
    boolean isLambda() {
        return method.name.startsWith("lambda$");
    }

    /** Whether its object is made for a moment and shared with nobody: of an anonymous class that does not know its outer object. */
    boolean isThrowaway() {
        return owner.name.matches(".*\\$(\\d+|\\$anon.*)") && owner.fields.stream().noneMatch(f -> f.name.startsWith("this$"));
    }

    String type() {
        return owner.name.replace('/', '.');
    }

    String member() {
        String types = overloaded
                ? Arrays.stream(Type.getArgumentTypes(method.desc)).map(Type::getClassName).collect(Collectors.joining(",", "(", ")"))
                : "";
        return type() + "#" + method.name + types;
    }

    boolean isSame(Place other) {
        return method == other.method;
    }

    /** Whether it takes a lock of {@code java.util.concurrent} before the line that it is in. */
    boolean takesLock() {
        int at = -1;
        for (AbstractInsnNode node : method.instructions) {
            if (node instanceof LineNumberNode number) {
                at = number.line;
            } else if (node instanceof MethodInsnNode call && call.owner.startsWith("java/util/concurrent/") && LOCKING.contains(call.name)
                    && (line < 0 || at <= line)) {
                return true;
            }
        }
        return false;
    }
}
