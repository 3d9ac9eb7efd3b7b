package dev.loom.filter.resolve;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.IincInsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.MultiANewArrayInsnNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * The digest of a method body that pins hold: of what it does, not of how it was compiled. Left out are lines, names of locals,
 * stack map frames, annotations, the order of the constant pool and whatever else of the class changes. A method that moved
 * in its file keeps its digest; one that does anything else does not.
 */
public final class BodyDigest {

    /** Flags that change what a call does; the others change who may call, or say where the method came from. */
    private static final int MEANT = Opcodes.ACC_STATIC | Opcodes.ACC_SYNCHRONIZED | Opcodes.ACC_NATIVE | Opcodes.ACC_ABSTRACT;

    /** Characters after which the text is hashed away; never in the middle of an instruction, where a pair of surrogates may be. */
    private static final int DRAINED = 1 << 16;

    /** Characters of all operands together: hundreds of times what the largest method has. */
    private static final long MAX_TEXT = 64L << 20;

    private final MethodNode method;
    private final Map<LabelNode, Integer> places = new IdentityHashMap<>();
    private final StringBuilder text = new StringBuilder();
    private final MessageDigest digest = sha256();
    private long length;

    private BodyDigest(MethodNode method) {
        this.method = method;
    }

    /**
     * {@code sha256:} and 64 hexadecimal digits.
     *
     * @throws IllegalArgumentException if the operands of the method's code are larger than any compiler makes them
     */
    public static String of(MethodNode method) {
        return new BodyDigest(method).digest();
    }

    /** {@code sha256:} and 64 hexadecimal digits, of any text. */
    public static String sha256(String text) {
        return "sha256:" + HexFormat.of().formatHex(sha256().digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Hashes what has been written so far, so that the constants of a method never stand in memory together. */
    private void drain() {
        length += text.length();
        if (length > MAX_TEXT) {
            throw new IllegalArgumentException("the constants of " + method.name + " are too large");
        }
        digest.update(text.toString().getBytes(StandardCharsets.UTF_8));
        text.setLength(0);
    }

    private String digest() {
        text.append(method.access & MEANT).append(' ').append(method.name).append(method.desc).append('\n');
        int place = 0;
        for (AbstractInsnNode node : method.instructions) {
            if (node instanceof LabelNode label) {
                places.put(label, place);
            } else if (node.getOpcode() >= 0) {
                place++;
            }
        }
        for (AbstractInsnNode node : method.instructions) {
            if (node.getOpcode() >= 0) {
                text.append(node.getOpcode());
                operands(node);
                text.append('\n');
                if (text.length() > DRAINED) {
                    drain();
                }
            }
        }
        for (TryCatchBlockNode block : method.tryCatchBlocks) {
            text.append("try").append(at(block.start)).append(at(block.end)).append(at(block.handler));
            text.append(' ').append(block.type).append('\n');
        }
        drain();
        return "sha256:" + HexFormat.of().formatHex(digest.digest());
    }

    private void operands(AbstractInsnNode node) {
        if (node instanceof FieldInsnNode f) {
            say(f.owner, f.name, f.desc);
        } else if (node instanceof MethodInsnNode m) {
            say(m.owner, m.name, m.desc, m.itf);
        } else if (node instanceof VarInsnNode v) {
            say(v.var);
        } else if (node instanceof TypeInsnNode t) {
            say(t.desc);
        } else if (node instanceof IntInsnNode i) {
            say(i.operand);
        } else if (node instanceof IincInsnNode i) {
            say(i.var, i.incr);
        } else if (node instanceof JumpInsnNode j) {
            text.append(at(j.label));
        } else if (node instanceof LdcInsnNode l) {
            constant(l.cst);
        } else if (node instanceof MultiANewArrayInsnNode m) {
            say(m.desc, m.dims);
        } else if (node instanceof TableSwitchInsnNode s) {
            say(s.min, s.max);
            targets(s.dflt, s.labels);
        } else if (node instanceof LookupSwitchInsnNode s) {
            say(s.keys);
            targets(s.dflt, s.labels);
        } else if (node instanceof InvokeDynamicInsnNode d) {
            say(d.name, d.desc);
            handle(d.bsm);
            for (Object argument : d.bsmArgs) {
                constant(argument);
            }
        }
    }

    private void targets(LabelNode other, List<LabelNode> labels) {
        text.append(at(other));
        labels.forEach(l -> text.append(at(l)));
    }

    private void constant(Object constant) {
        if (constant instanceof String s) {
            // the length, so that no content can look like the next operand
            say("string", s.length(), s);
        } else if (constant instanceof Type || constant instanceof Integer || constant instanceof Long) {
            say(constant.getClass().getSimpleName(), constant);
        } else if (constant instanceof Float f) {
            say("Float", Float.floatToRawIntBits(f));
        } else if (constant instanceof Double d) {
            say("Double", Double.doubleToRawLongBits(d));
        } else if (constant instanceof Handle h) {
            handle(h);
        } else if (constant instanceof ConstantDynamic c) {
            say("condy", c.getName(), c.getDescriptor());
            handle(c.getBootstrapMethod());
            for (int i = 0; i < c.getBootstrapMethodArgumentCount(); i++) {
                constant(c.getBootstrapMethodArgument(i));
            }
        } else {
            throw new IllegalStateException("unknown constant " + constant.getClass() + " in " + method.name + method.desc);
        }
    }

    private void handle(Handle h) {
        say("handle", h.getTag(), h.getOwner(), h.getName(), h.getDesc(), h.isInterface());
    }

    private void say(Object... operands) {
        for (Object operand : operands) {
            text.append(' ').append(operand);
        }
    }

    private String at(LabelNode label) {
        return " @" + places.get(label);
    }
}
