package dev.loom.console.thread;

import dev.loom.client.DumpedThread;
import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What of a dump a filter may be proposed for. */
final class Evidence {

    private static final String CHOOSE = "Choose two stacks, or one that at least two threads have.";

    private Evidence() {}

    /** The deadlocks with their threads, and one thread of each other stack: more of the same say no more. */
    static String of(TakenDump taken) {
        LockGraph graph = LockGraph.of(taken.dump());
        Set<DumpedThread> told = new LinkedHashSet<>();
        graph.deadlocks().forEach(deadlock -> told.addAll(deadlock.threads()));
        StackGroup.of(taken.dump(), graph).stream().filter(group -> !group.isLooms()).forEach(group -> told.add(group.first()));
        return DumpText.of(taken, graph, List.copyOf(told));
    }

    /**
     * Two threads that somebody chose, by their numbers; of one number two of its stack.
     *
     * @throws LoomProblem if these are not two
     */
    static String of(TakenDump taken, List<Long> chosen) {
        LockGraph graph = LockGraph.of(taken.dump());
        Set<DumpedThread> two = new LinkedHashSet<>();
        chosen.stream().distinct().forEach(id -> taken.thread(id).ifPresent(two::add));
        if (two.size() == 1) {
            DumpedThread one = two.iterator().next();
            StackGroup.of(taken.dump(), graph).stream().filter(group -> group.threads().contains(one))
                    .forEach(group -> group.threads().stream().filter(other -> !other.equals(one)).findFirst().ifPresent(two::add));
        }
        if (two.size() != 2) {
            throw new LoomProblem(
                    ProblemCode.BAD_REQUEST, two.size() > 2 ? "These are " + two.size() + " stacks; a race is between two." : "No two stacks are chosen.", CHOOSE);
        }
        return DumpText.of(taken, graph, List.copyOf(two));
    }
}
