package dev.loom.filter.weave;

import dev.loom.filter.analysis.BlockingCalls;
import java.util.HashSet;
import java.util.Set;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;

/**
 * Which methods of a class file may need update points: those with a jump backwards or a call that keeps threads waiting. One pass
 * over the bytes, nothing built: most classes that an application loads need nothing more. Says the same as {@code
 * UpdatePoints.mayHavePoints}, which asks a method that has been read. Where the methods whose frames are gone soon can be left for later,
 * these are told from the others.
 */
final class LoopScan {

    /** Lengths of the instructions from opcode 0 to 201, in bytes, as digits; 0 for the three that say it themselves. */
    private static final String LENGTHS =
            "1".repeat(16) + "23" + "233" + "22222" + "1".repeat(28) + "22222" + "1".repeat(73) + "3" + "1".repeat(20)
                    + "3".repeat(16) + "2" + "00" + "111111" + "3333333" + "55" + "323" + "11" + "33" + "11" + "0" + "4" + "33" + "55";

    private final ClassReader reader;
    private final char[] buffer;
    /** By constant: 0 not asked yet, 1 does not wait, 2 does. */
    private final byte[] waits;
    private int codeName;

    /** Methods by name and descriptor; constructors and class initializers, which get none, are counted only. */
    private final Set<String> found = new HashSet<>();

    /** Those of them whose frames are gone soon. */
    private final Set<String> brief = new HashSet<>();

    private final boolean splits;
    private int constructors;

    private LoopScan(ClassReader reader, boolean splits) {
        this.reader = reader;
        this.splits = splits;
        buffer = new char[reader.getMaxStringLength()];
        waits = new byte[reader.getItemCount()];
        scan();
    }

    /** @param splits whether methods with brief loops alone are to be told from the others */
    static LoopScan of(ClassReader reader, boolean splits) {
        return new LoopScan(reader, splits);
    }

    /** The methods that may need update points and are not {@link #brief}. */
    Set<String> methods() {
        return found;
    }

    /** The methods that may need update points, and whose frames are gone soon. */
    Set<String> brief() {
        return brief;
    }

    int constructors() {
        return constructors;
    }

    private void scan() {
        int at = reader.header + 6;
        at += 2 + 2 * reader.readUnsignedShort(at); // interfaces
        int fields = reader.readUnsignedShort(at);
        at += 2;
        for (int i = 0; i < fields; i++) {
            at = attributesEnd(at + 6);
        }
        int methods = reader.readUnsignedShort(at);
        at += 2;
        for (int i = 0; i < methods; i++) {
            int end = attributesEnd(at + 6);
            int code = codeOf(at + 6);
            if (code >= 0 && mayHavePoints(code)) {
                String name = reader.readUTF8(at + 2, buffer);
                if (name.startsWith("<")) {
                    constructors++;
                } else {
                    Set<String> kind = splits && isBrief(code) ? brief : found;
                    kind.add(name + reader.readUTF8(at + 4, buffer));
                }
            }
            at = end;
        }
    }

    private int attributesEnd(int start) {
        int at = start + 2;
        for (int left = reader.readUnsignedShort(start); left > 0; left--) {
            at += 6 + reader.readInt(at + 2);
        }
        return at;
    }

    /** Where the length of a method's code stands; -1 if it has none. */
    private int codeOf(int attributes) {
        int at = attributes + 2;
        for (int left = reader.readUnsignedShort(attributes); left > 0; left--) {
            int name = reader.readUnsignedShort(at);
            if (name == codeName || codeName == 0 && "Code".equals(reader.readUTF8(at, buffer))) {
                codeName = name;
                return at + 10;
            }
            at += 6 + reader.readInt(at + 2);
        }
        return -1;
    }

    private boolean isBrief(int length) {
        int start = length + 4;
        int end = start + reader.readInt(length);
        BriefLoops loops = new BriefLoops(reader, buffer, end - start);
        for (int at = start; at < end; at = next(at, start)) {
            int opcode = reader.readByte(at) & 0xff;
            if (isCall(opcode) && waits(reader.readUnsignedShort(at + 1)) || isSwitch(opcode) && jumpsBack(at, start) || opcode >= 200) {
                return false;
            }
            loops.add(at, isJump(opcode) ? at + reader.readShort(at + 1) : -1);
        }
        return loops.areAll();
    }

    private boolean mayHavePoints(int length) {
        int start = length + 4;
        int end = start + reader.readInt(length);
        for (int at = start; at < end; at = next(at, start)) {
            int opcode = reader.readByte(at) & 0xff;
            boolean is = isCall(opcode) ? waits(reader.readUnsignedShort(at + 1))
                    : isJump(opcode) ? reader.readShort(at + 1) <= 0
                    : isSwitch(opcode) ? jumpsBack(at, start)
                    : opcode >= 200 && reader.readInt(at + 1) <= 0; // goto_w, jsr_w
            if (is) {
                return true;
            }
        }
        return false;
    }

    private static boolean isCall(int opcode) {
        return opcode >= Opcodes.INVOKEVIRTUAL && opcode <= Opcodes.INVOKEINTERFACE;
    }

    private static boolean isJump(int opcode) {
        return opcode >= Opcodes.IFEQ && opcode <= Opcodes.JSR || opcode == Opcodes.IFNULL || opcode == Opcodes.IFNONNULL;
    }

    private static boolean isSwitch(int opcode) {
        return opcode == Opcodes.TABLESWITCH || opcode == Opcodes.LOOKUPSWITCH;
    }

    /** Where the next instruction starts. */
    private int next(int at, int start) {
        int opcode = reader.readByte(at) & 0xff;
        if (isSwitch(opcode)) {
            int operands = at + 4 - (at - start & 3);
            return opcode == Opcodes.TABLESWITCH ? operands + 12 + targets(at, operands) * 4 : operands + 8 + targets(at, operands) * 8;
        }
        if (opcode == 196) { // wide
            return at + ((reader.readByte(at + 1) & 0xff) == Opcodes.IINC ? 6 : 4);
        }
        return at + LENGTHS.charAt(opcode) - '0';
    }

    /** How many labels a switch has beside the default. */
    private int targets(int at, int operands) {
        boolean table = (reader.readByte(at) & 0xff) == Opcodes.TABLESWITCH;
        return table ? reader.readInt(operands + 8) - reader.readInt(operands + 4) + 1 : reader.readInt(operands + 4);
    }

    private boolean jumpsBack(int at, int start) {
        int operands = at + 4 - (at - start & 3);
        boolean jumps = reader.readInt(operands) <= 0;
        int step = (reader.readByte(at) & 0xff) == Opcodes.TABLESWITCH ? 4 : 8;
        for (int i = targets(at, operands), offset = operands + 12; i > 0; i--, offset += step) {
            jumps |= reader.readInt(offset) <= 0;
        }
        return jumps;
    }

    private boolean waits(int constant) {
        if (waits[constant] == 0) {
            int item = reader.getItem(constant);
            int nameAndType = reader.getItem(reader.readUnsignedShort(item + 2));
            String name = reader.readUTF8(nameAndType, buffer);
            waits[constant] = (byte) (BlockingCalls.isName(name)
                            && BlockingCalls.isBlocking(reader.readClass(item, buffer), name, reader.readUTF8(nameAndType + 2, buffer))
                    ? 2
                    : 1);
        }
        return waits[constant] == 2;
    }
}
