package dev.loom.agent.find;

import dev.loom.agent.transform.ClassId;
import dev.loom.agent.transform.Weaving;
import dev.loom.bootstrap.watch.ObjectTypes;
import dev.loom.filter.weave.watch.ObjectCalls;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Classes that applications make of the JDK's collections. One that has a watched method anew may lock there, and is left out; any other is like
 * the class that it is made of. Told from class files.
 */
final class OwnCollections {

    private OwnCollections() {}

    /** Judges the classes of which objects have been seen since the last time. */
    static void judge(ObjectTypes types) {
        for (Class<?> type : types.asked()) {
            Class<?> top = types.top(type);
            boolean isLike = top != null;
            for (Class<?> at = type; isLike && at != top; at = at.getSuperclass()) {
                isLike = isLikeAbove(at);
            }
            if (isLike) {
                types.isLikeAbove(type);
            }
        }
    }

    private static boolean isLikeAbove(Class<?> type) {
        Optional<byte[]> classFile = Weaving.resource(ClassId.of(type));
        if (classFile.isEmpty()) {
            return false;
        }
        boolean[] hasAnew = new boolean[1];
        new ClassReader(classFile.get()).accept(
                new ClassVisitor(Opcodes.ASM9) {
                    @Override
                    public @Nullable MethodVisitor visitMethod(
                            int access, String name, String desc, @Nullable String signature, String @Nullable [] exceptions) {
                        hasAnew[0] |= ObjectCalls.isWatched(name);
                        return null;
                    }
                },
                ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        return !hasAnew[0];
    }
}
