package dev.loom.agent.weave.torture;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * One generated program: its class files, each call of {@link T} behind a numbered site.
 *
 * @param main name of the class with {@code run}
 * @param classes class files by binary name
 */
record Program(String label, String main, Map<String, byte[]> classes) {

    private static final String T_NAME = "dev/loom/agent/weave/torture/T";

    /** Puts a site in front of each call of T. */
    static Program of(String label, String main, Map<String, byte[]> classes) {
        Map<String, byte[]> numbered = new LinkedHashMap<>();
        int[] next = {100_000};
        classes.forEach((name, bytes) -> numbered.put(name, number(bytes, next)));
        return new Program(label, main, numbered);
    }

    private static byte[] number(byte[] bytes, int[] next) {
        ClassReader reader = new ClassReader(bytes);
        ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
        reader.accept(new ClassVisitor(Opcodes.ASM9, writer) {
            @Override
            public MethodVisitor visitMethod(int access, String name, String desc, String signature, String[] exceptions) {
                return new MethodVisitor(Opcodes.ASM9, super.visitMethod(access, name, desc, signature, exceptions)) {
                    @Override
                    public void visitMethodInsn(int opcode, String owner, String called, String calledDesc, boolean itf) {
                        if (owner.equals(T_NAME)) {
                            super.visitLdcInsn(next[0]++);
                            super.visitMethodInsn(Opcodes.INVOKESTATIC, T_NAME, "site", "(I)V", false);
                        }
                        super.visitMethodInsn(opcode, owner, called, calledDesc, itf);
                    }
                };
            }
        }, 0);
        return writer.toByteArray();
    }

    /** The class file as a tree. */
    static ClassNode tree(byte[] bytes) {
        ClassNode node = new ClassNode();
        new ClassReader(bytes).accept(node, ClassReader.EXPAND_FRAMES);
        return node;
    }

    /** Methods with a body that frames could move in. */
    static List<MethodNode> bodies(ClassNode node) {
        List<MethodNode> result = new ArrayList<>();
        for (MethodNode method : node.methods) {
            if (method.instructions.size() > 0 && !method.name.startsWith("<")) {
                result.add(method);
            }
        }
        return result;
    }

    static TreeSet<Integer> lines(MethodNode method) {
        TreeSet<Integer> lines = new TreeSet<>();
        for (AbstractInsnNode insn : method.instructions) {
            if (insn instanceof LineNumberNode line) {
                lines.add(line.line);
            }
        }
        return lines;
    }

    /** Instruction index of each site in a body. */
    static Map<Integer, Integer> sites(MethodNode method) {
        Map<Integer, Integer> sites = new HashMap<>();
        AbstractInsnNode[] all = method.instructions.toArray();
        for (int i = 1; i < all.length; i++) {
            if (all[i] instanceof MethodInsnNode call && call.owner.equals(T_NAME) && call.name.equals("site")) {
                AbstractInsnNode push = all[i - 1];
                sites.put(push instanceof LdcInsnNode ldc ? (Integer) ldc.cst : ((IntInsnNode) push).operand, i);
            }
        }
        return sites;
    }
}
