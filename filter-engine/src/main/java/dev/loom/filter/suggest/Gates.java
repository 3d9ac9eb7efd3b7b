package dev.loom.filter.suggest;

import dev.loom.filter.classes.JdkClasses;
import dev.loom.filter.suggest.StackTrace.Frame;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * For a deadlock: gates that each thread passes before it takes the first lock of the cycle, so that only one is behind them. A gate behind
 * such a lock would be one more lock of the cycle.
 */
final class Gates {

    private Gates() {}

    /**
     * Regions, one for each thread, outermost last; empty where some thread has no code of the application outside its locks.
     *
     * @param traces the threads of the deadlock
     * @param stacks their frames in the application
     */
    static List<List<Place>> of(List<StackTrace> traces, List<List<Place>> stacks) {
        Set<String> cycle = new HashSet<>();
        traces.forEach(t -> cycle.add(t.wants()));
        cycle.remove("");
        Set<String> printed = new HashSet<>();
        traces.forEach(t -> t.frames().forEach(f -> printed.addAll(f.locks())));
        traces.forEach(t -> printed.addAll(t.owned()));
        Set<String> unseen = new HashSet<>(cycle);
        unseen.removeIf(lock -> lock.startsWith("class ") || printed.contains(lock));
        List<List<Place>> outside = new ArrayList<>();
        for (int i = 0; i < stacks.size(); i++) {
            StackTrace trace = traces.get(i);
            boolean owns = trace.owned().stream().anyMatch(cycle::contains) || unseen.stream().anyMatch(lock -> !lock.equals(trace.wants()));
            List<Place> free = outside(stacks.get(i), cycle, owns, hasCallers(trace, stacks.get(i)));
            if (free.isEmpty()) {
                return List.of();
            }
            outside.add(free);
        }
        int steps = outside.stream().mapToInt(List::size).max().orElse(0);
        List<List<Place>> gates = new ArrayList<>();
        for (int step = 0; step < steps; step++) {
            int at = step;
            gates.add(outside.stream().map(free -> free.get(Math.min(at, free.size() - 1))).toList());
        }
        return gates;
    }

    /** The frames of a stack that begin before any lock of the cycle is taken, the innermost first. */
    private static List<Place> outside(List<Place> stack, Set<String> cycle, boolean ownsUnseen, boolean hasCallers) {
        int first = 0;
        boolean seen = false;
        for (int i = 0; i < stack.size(); i++) {
            Place place = stack.get(i);
            Frame frame = place.frame();
            boolean takes = frame.locks().stream().anyMatch(cycle::contains) || ownsUnseen && place.takesLock();
            if (takes) {
                first = i;
                seen = true;
            }
        }
        if (ownsUnseen && !seen && hasCallers) {
            return List.of(); // code that is not among the classes may have taken it
        } else if (ownsUnseen && !seen) {
            first = Math.max(0, stack.size() - 1); // who took it cannot be told, so what is farthest out
        }
        while (first < stack.size() && !isGate(stack.get(first), cycle)) {
            first++;
        }
        List<Place> outside = new ArrayList<>();
        for (Place place : stack.subList(Math.min(first, stack.size()), stack.size())) {
            // a thread's main loop is the gate only where there is none before it
            if (isGate(place, cycle) && (outside.isEmpty() || !place.isLoop())) {
                outside.add(place);
            }
        }
        return outside;
    }

    /** Whether code of neither the JDK nor the classes given stands around the frames. */
    private static boolean hasCallers(StackTrace trace, List<Place> stack) {
        int outermost = stack.isEmpty() ? -1 : trace.frames().lastIndexOf(stack.get(stack.size() - 1).frame());
        return trace.frames().subList(outermost + 1, trace.frames().size()).stream()
                .anyMatch(f -> !JdkClasses.isJdk(f.type().replace('.', '/')) && !f.type().contains("$$Lambda"));
    }

    /** The region of a synchronized method begins when its monitor is held; that of an initializer inside the class's own lock. */
    private static boolean isGate(Place place, Set<String> cycle) {
        return !place.isConstruction() && !(place.isSynchronized() && (place.frame().locks().isEmpty() || place.frame().locks().stream().anyMatch(cycle::contains)));
    }
}
