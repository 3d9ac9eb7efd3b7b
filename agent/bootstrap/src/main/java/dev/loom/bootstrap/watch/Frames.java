package dev.loom.bootstrap.watch;

import java.util.Arrays;
import java.util.Iterator;
import java.util.function.Function;
import java.util.stream.Stream;

/** Stacks with the instruction of each frame, which tell whether two places were reached in one call of a method. */
final class Frames {

    /** A thread that has more is not followed. */
    private static final int MOST = 200;

    private static final StackWalker.StackFrame[] NONE = {};

    /** With classes: newer JVMs tell descriptors only so. */
    private static final StackWalker WALKER = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    private static final Function<Stream<StackWalker.StackFrame>, StackWalker.StackFrame[]> TAKE = new Function<>() {
        @Override
        public StackWalker.StackFrame[] apply(Stream<StackWalker.StackFrame> stream) {
            StackWalker.StackFrame[] frames = new StackWalker.StackFrame[MOST];
            int count = 0;
            for (Iterator<StackWalker.StackFrame> all = stream.iterator(); all.hasNext(); ) {
                if (count == MOST) {
                    return NONE;
                }
                StackWalker.StackFrame frame = all.next();
                frames[count++] = frame;
                if (frame.getClassName().equals(Side.ENTRY)) {
                    count = 0;
                }
            }
            return Arrays.copyOf(frames, count);
        }
    };

    private Frames() {}

    /** Those of the calling thread, top first, without Loom's; none if there are too many. */
    static StackWalker.StackFrame[] take() {
        return WALKER.walk(TAKE);
    }

    /**
     * How many frames from the bottom two stacks of a thread have in common up to the call in which both steps were made, this one included: there
     * they stand at different instructions, the second one behind the first in the source. 0 if it is not so: the steps were made in two calls, or by one instruction.
     */
    static int common(StackWalker.StackFrame[] first, StackWalker.StackFrame[] second) {
        int most = Math.min(first.length, second.length);
        for (int i = 1; i <= most; i++) {
            StackWalker.StackFrame one = first[first.length - i];
            StackWalker.StackFrame two = second[second.length - i];
            if (!one.getMethodName().equals(two.getMethodName()) || !one.getClassName().equals(two.getClassName())) {
                return 0;
            }
            if (one.getByteCodeIndex() != two.getByteCodeIndex()) {
                return isBehind(one, two) ? i : 0;
            }
        }
        return 0;
    }

    /** By lines, if there are any: compilers put the condition of a loop behind its body. */
    private static boolean isBehind(StackWalker.StackFrame one, StackWalker.StackFrame two) {
        int from = one.getLineNumber();
        int to = two.getLineNumber();
        return from < 0 || to < 0 || from == to ? two.getByteCodeIndex() > one.getByteCodeIndex() : to > from;
    }

    /** Whether a call learns what a first step has read: it reads itself, or calls a method that returns something. */
    static boolean tells(StackWalker.StackFrame[] first, int common) {
        return first.length == common || !first[first.length - common - 1].getDescriptor().endsWith(")V");
    }
}
