package dev.loom.filter.explain;

import dev.loom.filter.classes.ClassFiles;
import dev.loom.filter.diagnostic.Printable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.MethodNode;

/**
 * A class file as people read it: its methods, and what the code of each source line does. It stands in where nobody has the source.
 * Constants are left out: texts and numbers in an application's code may be secrets.
 *
 * @param type the class, {@code com.acme.Bank$Worker}
 * @param source where its source is kept, {@code com/acme/Bank.java}; empty if the class does not say
 * @param methods as they stand in the class file, without bridges
 * @param complete whether all lines are there; else those of the last methods are missing
 */
public record ClassListing(String type, String source, List<ListedMethod> methods, boolean complete) {

    public ClassListing {
        methods = List.copyOf(methods);
    }

    /**
     * Lists a class.
     *
     * @param mostLines of all its methods together
     * @throws IllegalArgumentException if it is no class file
     */
    public static ClassListing of(byte[] classFile, int mostLines) {
        ClassFiles.check(classFile);
        ClassReader reader = new ClassReader(classFile);
        Reading reading = new Reading(reader.getClassName());
        reader.accept(reading, ClassReader.SKIP_FRAMES);
        Map<String, Integer> overloads = new HashMap<>();
        reading.methods.forEach(method -> overloads.merge(method.name, ListedMethod.counts(method) ? 1 : 0, Integer::sum));
        List<ListedMethod> listed = new ArrayList<>();
        int left = mostLines;
        boolean complete = true;
        for (MethodNode method : reading.methods) {
            List<ListedLine> lines = left > 0 ? LineWords.of(reader.getClassName(), method) : List.of();
            complete &= method.instructions.size() == 0 || left > 0 && lines.size() <= left;
            lines = lines.subList(0, Math.min(lines.size(), Math.max(0, left)));
            left -= lines.size();
            listed.add(ListedMethod.of(reader.getClassName(), method, overloads.get(method.name) > 1, reading.outer, lines));
        }
        return new ClassListing(Printable.of(reader.getClassName().replace('/', '.')), reading.source(), listed, complete);
    }

    /** Goes through a class file. */
    private static final class Reading extends ClassVisitor {

        private final String type;
        private final List<MethodNode> methods = new ArrayList<>();
        private @Nullable String file;
        /** The class whose object one of this class knows, if it is an inner one. */
        private @Nullable String outer;

        Reading(String type) {
            super(Opcodes.ASM9);
            this.type = type;
        }

        @Override
        public void visitSource(@Nullable String source, @Nullable String debug) {
            file = source;
        }

        @Override
        public @Nullable MethodVisitor visitMethod(int access, String name, String desc, String signature, String[] exceptions) {
            if ((access & Opcodes.ACC_BRIDGE) != 0) {
                return null;
            }
            MethodNode method = new MethodNode(Opcodes.ASM9, access, name, desc, signature, exceptions);
            methods.add(method);
            return method;
        }

        @Override
        public org.objectweb.asm.@Nullable FieldVisitor visitField(int access, String name, String desc, String signature, Object value) {
            if ((access & Opcodes.ACC_SYNTHETIC) != 0 && name.startsWith("this$") && desc.startsWith("L")) {
                outer = desc.substring(1, desc.length() - 1);
            }
            return null;
        }

        /** {@code com/acme/Bank.java}, as sources are kept. */
        String source() {
            return file == null ? "" : Printable.of(type.substring(0, type.lastIndexOf('/') + 1) + file);
        }
    }
}
