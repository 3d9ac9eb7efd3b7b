package dev.loom.filter.explain;

import dev.loom.filter.diagnostic.Printable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;

/** Puts into words what the code of each line of a method does to shared state and to the flow of control; arithmetic is left out. */
final class LineWords {

    /** What is said of one line: nobody reads more of it. */
    private static final int MOST = 12;

    private final String owner;
    private final MethodNode method;
    /** The line of each instruction. */
    private final int[] lineOf;
    /** Classes of which the code makes objects. */
    private final Set<String> made = new HashSet<>();

    private LineWords(String owner, MethodNode method) {
        this.owner = owner;
        this.method = method;
        lineOf = lines(method.instructions);
    }

    static List<ListedLine> of(String owner, MethodNode method) {
        return new LineWords(owner, method).listed();
    }

    /** A label has the line of the instruction behind it. */
    private static int[] lines(InsnList code) {
        int[] lines = new int[code.size()];
        int line = 0;
        int first = 0;
        for (int i = 0; i < lines.length; i++) {
            AbstractInsnNode insn = code.get(i);
            if (insn instanceof LineNumberNode number) {
                line = number.line;
            } else if (insn.getOpcode() >= 0) {
                for (int j = first; j <= i; j++) {
                    lines[j] = line;
                }
                first = i + 1;
            }
        }
        return lines;
    }

    private List<ListedLine> listed() {
        SortedMap<Integer, Set<String>> words = new TreeMap<>();
        for (int i = 0; i < lineOf.length; i++) {
            AbstractInsnNode insn = method.instructions.get(i);
            if (insn.getOpcode() < 0) {
                continue;
            }
            Set<String> said = words.computeIfAbsent(lineOf[i], k -> new LinkedHashSet<>());
            String word = word(insn, i);
            if (word != null && said.size() <= MOST && !said.contains(Printable.of(word))) {
                said.add(said.size() < MOST ? Printable.of(word) : "…");
            }
        }
        List<ListedLine> lines = new ArrayList<>();
        words.forEach((line, said) -> lines.add(new ListedLine(line, List.copyOf(said))));
        return lines;
    }

    private @Nullable String word(AbstractInsnNode insn, int index) {
        if (insn instanceof MethodInsnNode call) {
            return call(call);
        }
        if (insn instanceof FieldInsnNode field) {
            boolean reads = insn.getOpcode() == Opcodes.GETFIELD || insn.getOpcode() == Opcodes.GETSTATIC;
            return (reads ? "reads " : "writes ") + simple(field.owner) + "." + field.name;
        }
        if (insn instanceof JumpInsnNode jump) {
            return jump(jump, index);
        }
        if (insn instanceof InvokeDynamicInsnNode dynamic) {
            return dynamic(dynamic);
        }
        if (insn instanceof TypeInsnNode type && insn.getOpcode() == Opcodes.NEW) {
            made.add(type.desc);
            return "creates " + simple(type.desc);
        }
        return plain(insn.getOpcode());
    }

    private @Nullable String call(MethodInsnNode call) {
        if (!call.name.equals("<init>")) {
            return "calls " + simple(call.owner) + "#" + call.name;
        }
        if (made.contains(call.owner)) {
            return null; // said where the object was made
        }
        return call.owner.equals(owner) ? "calls this(…)" : "calls super(…)";
    }

    private @Nullable String jump(JumpInsnNode jump, int index) {
        int target = lineOf[method.instructions.indexOf(jump.label)];
        boolean isBack = method.instructions.indexOf(jump.label) < index;
        if (target == lineOf[index]) {
            return isBack ? "loops" : null;
        }
        String may = jump.getOpcode() == Opcodes.GOTO ? "goes" : "may go";
        return target == 0 ? null : may + (isBack ? " back to " : " to ") + target;
    }

    private static @Nullable String dynamic(InvokeDynamicInsnNode dynamic) {
        if (dynamic.bsm.getName().endsWith("etafactory")) {
            for (Object argument : dynamic.bsmArgs) {
                if (argument instanceof Handle body) {
                    return "creates a lambda of " + simple(body.getOwner()) + "#" + body.getName();
                }
            }
        }
        return dynamic.bsm.getName().startsWith("makeConcat") ? null : "calls " + dynamic.name + ", linked when it runs";
    }

    private static @Nullable String plain(int opcode) {
        if (opcode >= Opcodes.IALOAD && opcode <= Opcodes.SALOAD) {
            return "reads an element";
        }
        if (opcode >= Opcodes.IASTORE && opcode <= Opcodes.SASTORE) {
            return "writes an element";
        }
        if (opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN) {
            return "returns";
        }
        return switch (opcode) {
            case Opcodes.MONITORENTER -> "enters a monitor";
            case Opcodes.MONITOREXIT -> "leaves the monitor";
            case Opcodes.ATHROW -> "throws";
            case Opcodes.TABLESWITCH, Opcodes.LOOKUPSWITCH -> "switches";
            default -> null;
        };
    }

    private static String simple(String internalName) {
        return internalName.substring(internalName.lastIndexOf('/') + 1);
    }
}
