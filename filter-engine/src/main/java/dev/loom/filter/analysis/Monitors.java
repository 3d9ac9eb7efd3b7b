package dev.loom.filter.analysis;

import java.util.Arrays;
import org.objectweb.asm.Opcodes;

/** How many monitors a frame holds by {@code monitorenter} before each instruction; the most that any path may hold. */
public final class Monitors {

    /** More than any compiler nests: where a loop seems to gain monitors, counting ends here. */
    private static final int LIMIT = 64;

    private final int[] held;

    private Monitors(int[] held) {
        this.held = held;
    }

    /** Counts the monitors of a body. */
    public static Monitors of(ControlFlow code) {
        int[] held = new int[code.size()];
        boolean any = false;
        for (int i = 0; i < code.size() && !any; i++) {
            any = code.insn(i).getOpcode() == Opcodes.MONITORENTER;
        }
        if (!any) {
            return new Monitors(held);
        }
        Arrays.fill(held, -1);
        int[] stack = new int[code.size() * 2 + 16];
        int top = 0;
        held[0] = 0;
        stack[top++] = 0;
        while (top > 0) {
            int at = stack[--top];
            int before = held[at];
            int after = switch (code.insn(at).getOpcode()) {
                case Opcodes.MONITORENTER -> Math.min(LIMIT, before + 1);
                case Opcodes.MONITOREXIT -> Math.max(0, before - 1);
                default -> before;
            };
            for (int to : code.successors(at)) {
                if (after > held[to]) {
                    held[to] = after;
                    stack = push(stack, top++, to);
                }
            }
            // an instruction that throws leaves the monitors as they were, also a monitorenter; a monitorexit fails only where the
            // monitor is not held
            int thrown = Math.min(before, after);
            for (int to : code.handlers(at)) {
                if (thrown > held[to]) {
                    held[to] = thrown;
                    stack = push(stack, top++, to);
                }
            }
        }
        for (int i = 0; i < held.length; i++) {
            held[i] = Math.max(0, held[i]);
        }
        return new Monitors(held);
    }

    /** Monitors held before an instruction. */
    public int before(int index) {
        return held[index];
    }

    private static int[] push(int[] stack, int top, int value) {
        int[] room = top < stack.length ? stack : Arrays.copyOf(stack, stack.length * 2);
        room[top] = value;
        return room;
    }
}
