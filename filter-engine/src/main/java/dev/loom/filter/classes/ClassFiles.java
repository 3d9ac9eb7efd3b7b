package dev.loom.filter.classes;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.objectweb.asm.Opcodes;

/**
 * The structure of a class file (JVMS 4), read before anything else reads it. Class files come from anywhere, and a reader that
 * believes the lengths and counts in one can be made to fill the memory or to run for hours; after this look it cannot. Whether the
 * code means anything is for others to say. Thread-safe.
 */
public final class ClassFiles {

    /** Largest class file that is read, bytes; real ones stay below a quarter of it. */
    public static final int MAX_SIZE = 8 << 20;

    /** Instructions times handlers around them, in one method; real ones stay below a thousandth of it. */
    private static final long MAX_COVERED = 4_000_000;

    /** Handlers around one instruction. */
    private static final int MAX_HANDLERS = 200;

    /** Bytes of code times slots for locals in one method. */
    private static final long MAX_LOCALS = 64_000_000;

    /** Values in values of annotations and constants. */
    private static final int MAX_DEPTH = 200;

    private final byte[] bytes;
    private int at;
    private int[] constants = {};
    private final Map<String, Integer> sizes = new HashMap<>();

    private ClassFiles(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Looks at a class file.
     *
     * @throws IllegalArgumentException if it is damaged, or larger or deeper than any compiler makes one; the message says what is wrong
     */
    public static void check(byte[] classFile) {
        new ClassFiles(classFile).read();
    }

    /** Bytes of code by method name and descriptor, of methods that have code. Throws like {@link #check}. */
    public static Map<String, Integer> codeSizes(byte[] classFile) {
        ClassFiles file = new ClassFiles(classFile);
        file.read();
        return file.sizes;
    }

    private void read() {
        if (bytes.length > MAX_SIZE) {
            throw new IllegalArgumentException("it is larger than " + (MAX_SIZE >> 20) + " MiB");
        }
        if (u4() != 0xCAFEBABE) {
            throw new IllegalArgumentException("it does not begin like a class file");
        }
        skip(4);
        constants();
        references();
        skip(2);
        kind(u2(), 7);
        optional(u2(), 7);
        for (int interfaces = u2(); interfaces > 0; interfaces--) {
            kind(u2(), 7);
        }
        for (int fields = u2(); fields > 0; fields--) {
            skip(4);
            descriptor(utf8(u2()), false);
            attributes("", bytes.length);
        }
        for (int methods = u2(); methods > 0; methods--) {
            boolean hasCode = (u2() & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE)) == 0;
            String key = utf8(u2());
            String desc = utf8(u2());
            descriptor(desc, true);
            key += desc;
            if (sizes.containsKey(key)) {
                throw new IllegalArgumentException("it has two methods " + key);
            }
            attributes(key, bytes.length);
            if (hasCode != sizes.containsKey(key)) {
                throw new IllegalArgumentException("the method " + key + (hasCode ? " has no code" : " has code"));
            }
        }
        attributes("", bytes.length);
    }

    private void constants() {
        int count = u2();
        constants = new int[Math.max(1, count)];
        for (int i = 1; i < count; i++) {
            constants[i] = at;
            int tag = u1();
            switch (tag) {
                case 1 -> skip(u2());
                case 3, 4, 9, 10, 11, 12, 17, 18 -> skip(4);
                case 5, 6 -> {
                    skip(8);
                    i++;
                }
                case 7, 8, 16, 19, 20 -> skip(2);
                case 15 -> skip(3);
                default -> throw new IllegalArgumentException("a constant of unknown kind " + tag);
            }
        }
    }

    /** Looks at what the constants refer to, and at descriptors: readers follow and take them apart without looking. */
    private void references() {
        for (int constant : constants) {
            if (constant == 0) {
                continue;
            }
            switch (bytes[constant]) {
                case 7, 8, 19, 20 -> utf8(unsigned(constant + 1));
                case 9, 10, 11 -> {
                    kind(unsigned(constant + 1), 7);
                    kind(unsigned(constant + 3), 12);
                }
                case 12 -> {
                    utf8(unsigned(constant + 1));
                    String desc = utf8(unsigned(constant + 3));
                    descriptor(desc, desc.startsWith("("));
                }
                case 15 -> kind(unsigned(constant + 2), 9, 10, 11);
                case 16 -> descriptor(utf8(unsigned(constant + 1)), true);
                case 17, 18 -> kind(unsigned(constant + 3), 12);
                default -> {}
            }
        }
        for (int constant : constants) {
            if (constant != 0 && (bytes[constant] >= 9 && bytes[constant] <= 11 || bytes[constant] == 18)) {
                // a field has no parameters, a method has
                int nameAndType = constants[unsigned(constant + 3)];
                boolean ofMethod = utf8(unsigned(nameAndType + 3)).startsWith("(");
                if (ofMethod == (bytes[constant] == 9)) {
                    throw new IllegalArgumentException("it takes a field for a method");
                }
            }
        }
    }

    /** That a constant is there and of one of some kinds. */
    private void kind(int index, int... kinds) {
        if (index > 0 && index < constants.length && constants[index] != 0) {
            for (int kind : kinds) {
                if (bytes[constants[index]] == kind) {
                    return;
                }
            }
        }
        throw new IllegalArgumentException("constant " + index + " is not what it is used for");
    }

    private static void target(BitSet targets, long target, int size, String method) {
        if (target < 0 || target >= size) {
            throw new IllegalArgumentException("a jump of " + method + " leaves its code");
        }
        targets.set((int) target);
    }

    private void optional(int index, int kind) {
        if (index != 0) {
            kind(index, kind);
        }
    }

    private void operand(int opcode, int at, int left) {
        switch (opcode) {
            case Opcodes.LDC -> kind(left < 2 ? 0 : bytes[at + 1] & 0xFF, 3, 4, 7, 8, 15, 16, 17);
            case 19 -> kind(left < 3 ? 0 : unsigned(at + 1), 3, 4, 7, 8, 15, 16, 17);
            case 20 -> kind(left < 3 ? 0 : unsigned(at + 1), 5, 6, 17);
            case Opcodes.GETFIELD, Opcodes.PUTFIELD, Opcodes.GETSTATIC, Opcodes.PUTSTATIC -> kind(left < 3 ? 0 : unsigned(at + 1), 9);
            case Opcodes.INVOKEVIRTUAL, Opcodes.INVOKESPECIAL, Opcodes.INVOKESTATIC, Opcodes.INVOKEINTERFACE ->
                    kind(left < 3 ? 0 : unsigned(at + 1), 10, 11);
            case Opcodes.INVOKEDYNAMIC -> kind(left < 3 ? 0 : unsigned(at + 1), 18);
            case Opcodes.NEW, Opcodes.ANEWARRAY, Opcodes.CHECKCAST, Opcodes.INSTANCEOF, Opcodes.MULTIANEWARRAY ->
                    kind(left < 3 ? 0 : unsigned(at + 1), 7);
            default -> {}
        }
    }

    private static void descriptor(String desc, boolean ofMethod) {
        int i = 0;
        boolean isRight = !desc.isEmpty();
        if (isRight && ofMethod) {
            isRight = desc.charAt(0) == '(';
            i = 1;
            while (isRight && i < desc.length() && desc.charAt(i) != ')') {
                i = type(desc, i, false);
                isRight = i > 0;
            }
            isRight &= i < desc.length();
            i++;
        }
        isRight = isRight && type(desc, i, ofMethod) == desc.length();
        if (!isRight) {
            throw new IllegalArgumentException("it names a type " + (desc.length() > 100 ? desc.substring(0, 100) + " …" : desc)
                    + " that cannot be");
        }
    }

    /** Where a type ends that starts at an index of a descriptor; -1 if none does. */
    private static int type(String desc, int start, boolean mayBeVoid) {
        int i = start;
        while (i < desc.length() && desc.charAt(i) == '[') {
            i++;
        }
        if (i >= desc.length() || i - start > 255) {
            return -1;
        }
        char c = desc.charAt(i);
        if (c == 'L') {
            int end = desc.indexOf(';', i);
            // a parenthesis is allowed in a name, and nobody writes one: readers take it for the end of the parameters
            boolean isName = end > i + 1 && desc.chars().skip(i + 1).limit(end - i - 1).noneMatch(x -> "()[.".indexOf(x) >= 0);
            return isName ? end + 1 : -1;
        }
        return "BCDFIJSZ".indexOf(c) >= 0 || c == 'V' && mayBeVoid && i == start ? i + 1 : -1;
    }

    private String utf8(int index) {
        if (index <= 0 || index >= constants.length || constants[index] == 0 || bytes[constants[index]] != 1) {
            throw new IllegalArgumentException("constant " + index + " is no text");
        }
        int start = constants[index] + 1;
        int length = unsigned(start);
        // as ASM reads it, which takes what is no UTF-8 for something too
        char[] chars = new char[length];
        int count = 0;
        int i = start + 2;
        int end = i + length;
        while (i < end) {
            int b = bytes[i++];
            if ((b & 0x80) != 0) {
                int more = (b & 0xE0) == 0xC0 ? 1 : 2;
                if (i + more > end) {
                    throw new IllegalArgumentException("constant " + index + " is no text");
                }
                b = more == 1 ? (b & 0x1F) << 6 | bytes[i] & 0x3F : (b & 0xF) << 12 | (bytes[i] & 0x3F) << 6 | bytes[i + 1] & 0x3F;
                i += more;
            }
            chars[count++] = (char) b;
        }
        return new String(chars, 0, count);
    }

    private void attributes(String method, int end) {
        for (int count = u2(); count > 0; count--) {
            String name = utf8(u2());
            long length = Integer.toUnsignedLong(u4());
            if (at + length > end) {
                throw new IllegalArgumentException("the attribute " + name + " is longer than the file");
            }
            int next = (int) (at + length);
            switch (name) {
                case "Code" -> code(method, next);
                case "Record" -> {
                    for (int parts = u2(); parts > 0; parts--) {
                        skip(4);
                        attributes("", next);
                    }
                }
                case "RuntimeVisibleAnnotations", "RuntimeInvisibleAnnotations" -> annotations(next);
                case "RuntimeVisibleParameterAnnotations", "RuntimeInvisibleParameterAnnotations" -> {
                    for (int parameters = u1(); parameters > 0 && at < next; parameters--) {
                        annotations(next);
                    }
                }
                case "AnnotationDefault" -> value(0);
                case "RuntimeVisibleTypeAnnotations", "RuntimeInvisibleTypeAnnotations" -> depthOfBytes(next);
                case "LocalVariableTable" -> {
                    for (int variables = u2(); variables > 0; variables--) {
                        skip(6);
                        descriptor(utf8(u2()), false);
                        skip(2);
                    }
                }
                case "NestMembers" -> {
                    for (int members = u2(); members > 0; members--) {
                        kind(u2(), 7);
                    }
                }
                case "InnerClasses" -> {
                    for (int inner = u2(); inner > 0; inner--) {
                        kind(u2(), 7);
                        optional(u2(), 7);
                        optional(u2(), 1);
                        skip(2);
                    }
                }
                case "BootstrapMethods" -> bootstrapMethods(next);
                default -> at = next;
            }
            at = next;
        }
    }

    private void annotations(int end) {
        for (int count = u2(); count > 0 && at < end; count--) {
            annotation(0);
        }
    }

    private void annotation(int depth) {
        skip(2);
        for (int pairs = u2(); pairs > 0; pairs--) {
            skip(2);
            value(depth + 1);
        }
    }

    private void value(int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("annotations are nested too deep");
        }
        int tag = u1();
        switch (tag) {
            case 'e' -> skip(4);
            case '@' -> annotation(depth);
            case '[' -> {
                for (int count = u2(); count > 0; count--) {
                    value(depth + 1);
                }
            }
            default -> skip(2);
        }
    }

    /** Type annotations have many forms; nesting needs three bytes a level, so that no more than that can be deep. */
    private void depthOfBytes(int end) {
        int opened = 0;
        for (int i = at; i < end; i++) {
            opened += bytes[i] == '[' || bytes[i] == '@' ? 1 : 0;
        }
        if (opened > 20 * MAX_DEPTH) {
            throw new IllegalArgumentException("type annotations are nested too deep");
        }
    }

    /** A dynamic constant may have others as arguments: a circle, or a tower that doubles at each floor, would never end. */
    private void bootstrapMethods(int end) {
        int count = u2();
        int[][] arguments = new int[count][];
        for (int i = 0; i < count; i++) {
            skip(2);
            int size = u2();
            if (at + 2L * size > end) {
                throw new IllegalArgumentException("the bootstrap methods are longer than their attribute");
            }
            arguments[i] = new int[size];
            for (int a = 0; a < size; a++) {
                arguments[i][a] = u2();
            }
        }
        long[] weights = new long[count];
        for (int i = 0; i < count; i++) {
            weight(i, arguments, weights, 0);
        }
    }

    /** Constants in the arguments of a bootstrap method, each counted as often as it is named. */
    private long weight(int bootstrap, int[][] arguments, long[] weights, int depth) {
        if (bootstrap >= arguments.length) {
            throw new IllegalArgumentException("a constant names bootstrap method " + bootstrap + ", which is not there");
        }
        if (weights[bootstrap] < 0 || depth > MAX_DEPTH) {
            throw new IllegalArgumentException("a dynamic constant needs itself");
        }
        if (weights[bootstrap] == 0) {
            weights[bootstrap] = -1;
            long sum = 1;
            for (int constant : arguments[bootstrap]) {
                sum++;
                if (constant > 0 && constant < constants.length && constants[constant] != 0 && bytes[constants[constant]] == 17) {
                    int from = constants[constant];
                    sum += weight(unsigned(from + 1), arguments, weights, depth + 1);
                }
                if (sum > 100_000) {
                    throw new IllegalArgumentException("a dynamic constant has too many arguments");
                }
            }
            weights[bootstrap] = sum;
        }
        return weights[bootstrap];
    }

    private void code(String method, int end) {
        skip(2);
        int locals = u2();
        int size = u4();
        if (size <= 0 || size > 65_535 || at + size > end) {
            throw new IllegalArgumentException("the code of " + method + " has an impossible length");
        }
        if ((long) locals * size > MAX_LOCALS && locals > 4_096) {
            throw new IllegalArgumentException("the code of " + method + " has too many variables");
        }
        sizes.put(method, size);
        int start = at;
        BitSet starts = new BitSet(size);
        instructions(method, start, size, starts);
        at = start + size;
        handlers(method, size, starts);
        attributes("", end);
    }

    private void handlers(String method, int size, BitSet starts) {
        int[] change = new int[size + 1];
        for (int blocks = u2(); blocks > 0; blocks--) {
            int from = u2();
            int to = u2();
            int handler = u2();
            optional(u2(), 7);
            if (from >= to || !starts.get(from) || to != size && !starts.get(to) || !starts.get(handler)) {
                throw new IllegalArgumentException("an exception handler of " + method + " is not where code begins");
            }
            if (from < to && to <= size) {
                change[from]++;
                change[to]--;
            }
        }
        long covered = 0;
        int depth = 0;
        for (int i = 0; i < size; i++) {
            depth += change[i];
            covered += depth;
            if (depth > MAX_HANDLERS || covered > MAX_COVERED) {
                throw new IllegalArgumentException("the code of " + method + " has too many exception handlers");
            }
        }
    }

    private void instructions(String method, int start, int size, BitSet starts) {
        BitSet targets = new BitSet(size);
        int end = start + size;
        int i = start;
        while (i < end) {
            int opcode = bytes[i] & 0xFF;
            int length = LENGTHS[opcode];
            starts.set(i - start);
            if (opcode == Opcodes.TABLESWITCH || opcode == Opcodes.LOOKUPSWITCH) {
                int operands = i + 4 - (i - start & 3);
                if (operands + (opcode == Opcodes.LOOKUPSWITCH ? 8 : 12) > end) {
                    throw new IllegalArgumentException("a switch of " + method + " is cut off");
                }
                long cases = opcode == Opcodes.LOOKUPSWITCH ? int4(operands + 4)
                        : (long) int4(operands + 8) - int4(operands + 4) + 1;
                long whole = opcode == Opcodes.LOOKUPSWITCH ? 8 + 8 * cases : 12 + 4 * cases;
                if (cases < 0 || operands + whole > end) {
                    throw new IllegalArgumentException("a switch of " + method + " is longer than its code");
                }
                length = (int) (operands + whole - i);
                target(targets, i - start + (long) int4(operands), size, method);
                int first = operands + 12; // default, then low and high, or the count and the first key
                int step = opcode == Opcodes.LOOKUPSWITCH ? 8 : 4;
                for (int c = 0; c < cases; c++) {
                    target(targets, i - start + (long) int4(first + c * step), size, method);
                }
            } else if (opcode == 196) { // wide
                length = i + 1 < end && (bytes[i + 1] & 0xFF) == Opcodes.IINC ? 6 : 4;
            }
            if (length == 0) {
                throw new IllegalArgumentException("the code of " + method + " has the unknown instruction " + opcode);
            }
            if (i + length <= end) {
                if (opcode == 200 || opcode == 201) {
                    target(targets, i - start + (long) int4(i + 1), size, method);
                } else if (opcode >= Opcodes.IFEQ && opcode <= Opcodes.JSR || opcode == Opcodes.IFNULL || opcode == Opcodes.IFNONNULL) {
                    target(targets, i - start + (short) unsigned(i + 1), size, method);
                }
            }
            operand(opcode, i, end - i);
            i += length;
        }
        if (i != end) {
            throw new IllegalArgumentException("the last instruction of " + method + " is cut off");
        }
        targets.andNot(starts);
        if (!targets.isEmpty()) {
            throw new IllegalArgumentException("a jump of " + method + " goes into the middle of an instruction");
        }
    }

    private int u1() {
        return bytes[moved(1)] & 0xFF;
    }

    private int u2() {
        return unsigned(moved(2));
    }

    private int unsigned(int from) {
        return (bytes[from] & 0xFF) << 8 | bytes[from + 1] & 0xFF;
    }

    private int u4() {
        return int4(moved(4));
    }

    private int int4(int from) {
        return bytes[from] << 24 | (bytes[from + 1] & 0xFF) << 16 | (bytes[from + 2] & 0xFF) << 8 | bytes[from + 3] & 0xFF;
    }

    private void skip(long count) {
        moved(count);
    }

    private int moved(long count) {
        int from = at;
        if (count > bytes.length - from) {
            throw new IllegalArgumentException("it is cut off");
        }
        at = (int) (from + count);
        return from;
    }

    /** Bytes of each instruction; 0 for those that are not in class files, -1 is never used. */
    private static final int[] LENGTHS = lengths();

    private static int[] lengths() {
        int[] lengths = new int[256];
        Arrays.fill(lengths, 0, 202, 1);
        lengths[Opcodes.BIPUSH] = 2;
        lengths[Opcodes.LDC] = 2;
        lengths[Opcodes.NEWARRAY] = 2;
        lengths[Opcodes.RET] = 2;
        Arrays.fill(lengths, Opcodes.ILOAD, Opcodes.ALOAD + 1, 2);
        Arrays.fill(lengths, Opcodes.ISTORE, Opcodes.ASTORE + 1, 2);
        for (int three : new int[] {Opcodes.SIPUSH, 19, 20, Opcodes.IINC, Opcodes.NEW, Opcodes.ANEWARRAY, Opcodes.CHECKCAST,
                Opcodes.INSTANCEOF, Opcodes.IFNULL, Opcodes.IFNONNULL}) {
            lengths[three] = 3;
        }
        Arrays.fill(lengths, Opcodes.IFEQ, Opcodes.JSR + 1, 3);
        Arrays.fill(lengths, Opcodes.GETSTATIC, Opcodes.INVOKESTATIC + 1, 3);
        lengths[Opcodes.INVOKEINTERFACE] = 5;
        lengths[Opcodes.INVOKEDYNAMIC] = 5;
        lengths[Opcodes.MULTIANEWARRAY] = 4;
        lengths[200] = 5; // goto_w
        lengths[201] = 5; // jsr_w
        return lengths;
    }
}
