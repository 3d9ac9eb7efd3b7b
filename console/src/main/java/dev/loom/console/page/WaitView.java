package dev.loom.console.page;

import dev.loom.client.DumpedFrame;
import dev.loom.client.DumpedLock;
import dev.loom.client.DumpedThread;
import dev.loom.console.thread.LockGraph;
import dev.loom.console.thread.StackLines;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A thread that waits, or some that wait for the same, and whom they wait for; on the page of a JVM's threads.
 *
 * @param waiting names, as far as they are shown
 * @param more of how many others the name is not shown
 * @param lock what they wait for
 * @param at where the first of them waits
 * @param holder name of who holds it; empty if that one is not in the dump
 * @param does what that one does meanwhile, and where
 */
public record WaitView(List<String> waiting, int more, String lock, String at, String holder, String does) {

    private static final int MOST_NAMES = 10;

    /** The threads of a deadlock, each with the one that it waits for. */
    static List<WaitView> of(LockGraph.Deadlock deadlock) {
        List<DumpedThread> threads = deadlock.threads();
        List<WaitView> cycle = new ArrayList<>();
        for (int i = 0; i < threads.size(); i++) {
            DumpedThread thread = threads.get(i);
            DumpedLock lock = Objects.requireNonNull(thread.lock());
            DumpedThread holder = threads.get((i + 1) % threads.size());
            cycle.add(new WaitView(List.of(thread.name()), 0, StackLines.lock(lock), innermost(thread), holder.name(), took(holder, lock)));
        }
        return cycle;
    }

    static WaitView of(LockGraph.Contended contended) {
        List<DumpedThread> waiting = contended.waiting();
        DumpedThread owner = contended.owner();
        int shown = Math.min(MOST_NAMES, waiting.size());
        return new WaitView(
                waiting.stream().limit(shown).map(DumpedThread::name).toList(), waiting.size() - shown, StackLines.lock(contended.lock()),
                innermost(waiting.get(0)), owner == null ? "" : owner.name(),
                owner == null ? "" : owner.state().replace('_', ' ') + (innermost(owner).isEmpty() ? "" : " at " + innermost(owner)));
    }

    private static String innermost(DumpedThread thread) {
        return thread.stack().isEmpty() ? "" : thread.stack().get(0).text();
    }

    /** Where a thread took a monitor; empty where that is not known. */
    private static String took(DumpedThread holder, DumpedLock lock) {
        return holder.held().stream().filter(held -> held.lock().equals(lock) && held.depth() < holder.stack().size()).map(held -> holder.stack().get(held.depth()))
                .map(DumpedFrame::text).findFirst().orElse("");
    }
}
