package dev.loom.console.thread;

import dev.loom.client.DumpedFrame;
import dev.loom.client.DumpedLock;
import dev.loom.client.DumpedThread;
import dev.loom.client.JvmInfo;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes threads as jstack does, so that whatever reads its dumps reads these. In place of addresses there are numbers of threads and identity
 * hashes of locks.
 */
public final class DumpText {

    /** Characters; of what comes behind only the threads' heads are written. */
    private static final int MOST = 8 << 20;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final StringBuilder text = new StringBuilder();
    /** Locks that are no monitors, by who holds them, as far as somebody waits for them. */
    private final Map<Long, Set<DumpedLock>> owned = new LinkedHashMap<>();

    private DumpText(LockGraph graph) {
        for (LockGraph.Contended contended : graph.contended()) {
            DumpedThread owner = contended.owner();
            if (owner != null && !contended.waiting().get(0).state().equals("BLOCKED") && owner.held().stream().noneMatch(h -> h.lock().equals(contended.lock()))) {
                owned.computeIfAbsent(owner.id(), id -> new LinkedHashSet<>()).add(contended.lock());
            }
        }
    }

    /** The whole dump, with its deadlocks at the end. */
    public static String of(TakenDump taken) {
        return of(taken, LockGraph.of(taken.dump()), taken.dump().threads());
    }

    /** Some of its threads, with the deadlocks that they are in. */
    static String of(TakenDump taken, LockGraph graph, List<DumpedThread> threads) {
        DumpText dump = new DumpText(graph);
        dump.head(taken.at(), taken.jvm());
        threads.forEach(dump::thread);
        List<LockGraph.Deadlock> deadlocks = graph.deadlocks().stream().filter(deadlock -> threads.containsAll(deadlock.threads())).toList();
        deadlocks.forEach(dump::deadlock);
        if (!deadlocks.isEmpty()) {
            dump.text.append("Found ").append(deadlocks.size()).append(deadlocks.size() == 1 ? " deadlock.\n" : " deadlocks.\n");
        }
        return dump.text.toString();
    }

    private void head(Instant at, @Nullable JvmInfo jvm) {
        text.append(TIME.format(at)).append("\nFull thread dump ").append(jvm == null ? "of a JVM" : jvm.vmName() + " (" + jvm.javaVersion() + ")").append(":\n\n");
    }

    private void thread(DumpedThread thread) {
        text.append('"').append(thread.name()).append("\" #").append(thread.id()).append(thread.daemon() ? " daemon" : "")
                .append(" prio=").append(thread.priority()).append(String.format(Locale.ROOT, " tid=0x%016x nid=NA ", thread.id()))
                .append(does(thread)).append("\n   java.lang.Thread.State: ").append(thread.state()).append(how(thread)).append('\n');
        if (text.length() > MOST) {
            text.append("\t... its frames are left out: the dump is too large\n\n");
            return;
        }
        stack(thread);
        Set<DumpedLock> locks = owned.getOrDefault(thread.id(), Set.of());
        if (!locks.isEmpty()) {
            text.append("\n   Locked ownable synchronizers:\n");
            locks.forEach(lock -> text.append("\t- ").append(StackLines.lock(lock)).append('\n'));
        }
        text.append('\n');
    }

    private void stack(DumpedThread thread) {
        for (StackLines.Line line : StackLines.of(List.of(thread))) {
            DumpedFrame frame = line.frame();
            if (frame == null) {
                text.append("\t- ").append(line.about()).append('\n');
            } else {
                text.append("\tat ").append(frame.type()).append('.').append(frame.method()).append('(')
                        .append(frame.module().isEmpty() ? "" : frame.module() + "/").append(frame.source()).append(")\n");
            }
        }
    }

    /** What the JVM itself would say that it does. */
    private static String does(DumpedThread thread) {
        return switch (thread.state()) {
            case "RUNNABLE" -> "runnable";
            case "BLOCKED" -> "waiting for monitor entry";
            default -> thread.isNotified() ? "in Object.wait()" : "waiting on condition";
        };
    }

    private static String how(DumpedThread thread) {
        boolean sleeps = !thread.stack().isEmpty() && thread.stack().get(0).type().equals("java.lang.Thread") && thread.stack().get(0).method().startsWith("sleep");
        return switch (thread.state()) {
            case "BLOCKED" -> " (on object monitor)";
            case "WAITING", "TIMED_WAITING" -> thread.isNotified() ? " (on object monitor)" : sleeps ? " (sleeping)" : " (parking)";
            default -> "";
        };
    }

    private void deadlock(LockGraph.Deadlock deadlock) {
        text.append("\nFound one Java-level deadlock:\n=============================\n");
        List<DumpedThread> threads = deadlock.threads();
        for (int i = 0; i < threads.size(); i++) {
            DumpedThread thread = threads.get(i);
            DumpedLock lock = Objects.requireNonNull(thread.lock());
            String hash = String.format(Locale.ROOT, "0x%016x", lock.hash());
            text.append('"').append(thread.name()).append("\":\n  ")
                    .append(thread.state().equals("BLOCKED")
                            ? "waiting to lock monitor " + hash + " (object " + hash + ", a " + lock.type() + "),"
                            : "waiting for ownable synchronizer " + hash + ", (a " + lock.type() + "),")
                    .append("\n  which is held by \"").append(threads.get((i + 1) % threads.size()).name()).append("\"\n\n");
        }
        text.append("Java stack information for the threads listed above:\n===================================================\n");
        for (DumpedThread thread : threads) {
            text.append('"').append(thread.name()).append("\":\n");
            stack(thread);
        }
        text.append('\n');
    }
}
