package dev.loom.filter.plan;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What one filter asks of one set of classes: the constraints, and for each method body what to put where. Immutable, and equal
 * for equal text and classes.
 *
 * @param filter name of the filter
 * @param waitingFor internal names of classes that the filter names and the class source does not have yet
 */
public record WeavingPlan(
        String filter, List<ConstraintPlan> constraints, List<MethodPlan> methods, SortedSet<String> waitingFor) {

    public WeavingPlan {
        constraints = List.copyOf(constraints);
        methods = List.copyOf(methods);
        waitingFor = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(waitingFor));
    }

    /** Internal names of the classes that have to be woven. */
    public SortedSet<String> classes() {
        return methods.stream().map(m -> m.method().owner()).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The methods to weave in one class. */
    public List<MethodPlan> methodsOf(String internalName) {
        return methods.stream().filter(m -> m.method().owner().equals(internalName)).toList();
    }
}
