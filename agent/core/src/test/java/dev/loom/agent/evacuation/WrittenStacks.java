package dev.loom.agent.evacuation;

import dev.loom.agent.stack.StackLooks;
import dev.loom.agent.stack.ThreadStack;
import dev.loom.filter.analysis.UnsafeLines;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Stacks that a test has written down, one thread a line: its number, then its frames, the top first. A frame is {@code
 * type#method@line}, with a {@code *} behind it in superseded code; a number with a {@code ~} is that of a stack that was cut.
 *
 * <pre>{@code
 * 1: acme.Tools#sleep@3 acme.Pool#borrow@12*
 * ~2: acme.Tools#sleep@3
 * }</pre>
 */
final class WrittenStacks implements StackLooks {

    private Map<Long, ThreadStack> stacks = new HashMap<>();
    private boolean all = true;

    /** What is there from now on. */
    WrittenStacks are(String text) {
        stacks = new HashMap<>();
        text.lines().map(String::strip).filter(line -> !line.isEmpty()).forEach(line -> {
            ThreadStack stack = stack(line);
            stacks.put(stack.id(), stack);
        });
        return this;
    }

    /** From now on there may be threads that nobody sees. */
    void hideSome() {
        all = false;
    }

    static ThreadStack stack(String line) {
        boolean cut = line.startsWith("~");
        long id = Long.parseLong(line.substring(cut ? 1 : 0, line.indexOf(':')));
        List<StackTraceElement> frames = new ArrayList<>();
        for (String frame : line.substring(line.indexOf(':') + 1).strip().split(" +")) {
            if (!frame.isEmpty()) {
                frames.add(frame(frame));
            }
        }
        return new ThreadStack(id, "thread-" + id, "RUNNABLE", frames.toArray(new StackTraceElement[0]), cut);
    }

    static StackTraceElement frame(String text) {
        boolean superseded = text.endsWith("*");
        String plain = superseded ? text.substring(0, text.length() - 1) : text;
        String type = plain.substring(0, plain.indexOf('#'));
        String method = plain.substring(plain.indexOf('#') + 1, plain.indexOf('@'));
        String file = superseded ? null : type.substring(type.lastIndexOf('.') + 1) + ".java";
        return new StackTraceElement(type, method, file, Integer.parseInt(plain.substring(plain.indexOf('@') + 1)));
    }

    /** A method {@code (V)} with lines 10 to 19, of which some are unsafe whatever the frame does there. */
    static WatchedMethod method(String type, String name, Integer... unsafe) {
        UnsafeLines lines = lines(unsafe);
        return new WatchedMethod(type, name + "()V", lines, lines, true);
    }

    static UnsafeLines lines(Integer... unsafe) {
        Set<Integer> all = Set.of(10, 11, 12, 13, 14, 15, 16, 17, 18, 19);
        return new UnsafeLines(Set.of(unsafe), all, true, Set.of(), Set.of(), Map.of());
    }

    @Override
    public List<ThreadStack> all() {
        return List.copyOf(stacks.values());
    }

    @Override
    public Map<Long, ThreadStack> of(Collection<Long> ids) {
        Map<Long, ThreadStack> some = new HashMap<>(stacks);
        some.keySet().retainAll(ids);
        return some;
    }

    @Override
    public boolean seesAll() {
        return all;
    }

    @Override
    public boolean isNew(StackTraceElement frame) {
        return frame.getFileName() != null;
    }
}
