package dev.loom.filter.suggest;

import java.util.List;

/**
 * Stacks that belong to one failure: of the threads that raced, or are in a deadlock.
 *
 * @param what a few words that tell it from the others of its text; may be empty if there are none
 * @param stacks one or more
 */
public record Failure(String what, List<StackTrace> stacks) {
    public Failure {
        stacks = List.copyOf(stacks);
    }
}
