package dev.loom.console.thread;

import dev.loom.client.DumpedFrame;
import dev.loom.client.DumpedLock;
import dev.loom.client.DumpedThread;
import dev.loom.client.ThreadDump;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Threads of the same state and stack: two hundred idle workers are one.
 *
 * @param deadlocked whether one of them is in a deadlock
 * @param holds whether one of them holds a lock that others wait for
 */
public record StackGroup(List<DumpedThread> threads, boolean deadlocked, boolean holds) {

    private static final String OWN_NAME = "loom-";
    /** What woven code calls. */
    private static final String HOOKS = "dev.loom.bootstrap.";
    private static final List<String> OWN_CODE = List.of("dev.loom.agent.", HOOKS);

    /** How classes and modules of the JDK are named. */
    private static final List<String> JDK = List.of("java.", "javax.", "jdk.", "sun.", "com.sun.");

    public StackGroup {
        threads = List.copyOf(threads);
    }

    public DumpedThread first() {
        return threads.get(0);
    }

    /** Whether they are threads of Loom's agent, which are none of the application's. */
    public boolean isLooms() {
        return threads.stream().allMatch(StackGroup::isLooms);
    }

    static boolean isLooms(DumpedThread thread) {
        return thread.name().startsWith(OWN_NAME) && thread.stack().stream().anyMatch(StackGroup::isOwn);
    }

    /** Whether they are the application's, and are in a hook of a filter just now. */
    public boolean isInHook() {
        return !isLooms() && first().stack().stream().anyMatch(frame -> frame.type().startsWith(HOOKS));
    }

    private static boolean isOwn(DumpedFrame frame) {
        return OWN_CODE.stream().anyMatch(frame.type()::startsWith);
    }

    /** The innermost frame that is none of the JDK's or of Loom's; the innermost where there is none such. */
    public DumpedFrame place() {
        List<DumpedFrame> stack = first().stack();
        return stack.stream().filter(frame -> !isOwn(frame) && JDK.stream().noneMatch(jdk -> frame.type().startsWith(jdk) || frame.module().startsWith(jdk)))
                .findFirst().orElseGet(() -> stack.isEmpty() ? new DumpedFrame("", "", "", "") : stack.get(0));
    }

    private record Key(String state, List<DumpedFrame> stack, String lock) {}

    /** Those of a dump: first what is in a deadlock, is blocked or holds up others, then what runs, then what waits, the most threads first; Loom's own last. */
    public static List<StackGroup> of(ThreadDump dump, LockGraph graph) {
        Set<Long> deadlocked = graph.deadlocked();
        Set<Long> holders = new HashSet<>();
        graph.contended().forEach(contended -> {
            if (contended.owner() != null) {
                holders.add(contended.owner().id());
            }
        });
        Map<Key, List<DumpedThread>> same = new LinkedHashMap<>();
        for (DumpedThread thread : dump.threads()) {
            DumpedLock lock = thread.lock();
            same.computeIfAbsent(new Key(thread.state(), thread.stack(), lock == null ? "" : lock.type()), k -> new ArrayList<>()).add(thread);
        }
        return same.values().stream().map(threads -> new StackGroup(
                        threads, threads.stream().anyMatch(t -> deadlocked.contains(t.id())), threads.stream().anyMatch(t -> holders.contains(t.id()))))
                .sorted(Comparator.comparingInt(StackGroup::rank).thenComparing(group -> -group.threads().size())).toList();
    }

    private int rank() {
        if (isLooms()) {
            return 6;
        }
        return deadlocked ? 0 : first().state().equals("BLOCKED") ? 1 : holds ? 2 : isInHook() ? 3 : first().state().equals("RUNNABLE") ? 4 : 5;
    }
}
