package dev.loom.agent.control;

import java.util.List;

/**
 * Two places that collided: two threads were about to use one object at the same moment, and one of them to change it. Or two steps of one thread, with
 * another thread that came to the object in between.
 *
 * @param id its rank, from 1
 * @param kind {@code DATA_RACE}, {@code UNSAFE_CALLS}, {@code TORN} or {@code VOLATILE}
 * @param type class of the object; for a static field, the class
 * @param count how often it was seen
 * @param pairs different pairs of lines of the two methods that were seen
 * @param sides the two threads; of a torn step, its first step, the other thread, and its second step
 * @param filter a filter that keeps the two apart, which the checker accepts; empty if there is none
 * @param why what the filter rests on, or why there is none
 * @param alternatives more filters, for where that one turns out not to be it
 */
public record Finding(
        String id, String kind, String type, long count, int pairs, List<FindingSide> sides, String filter, String why, List<Suggestion> alternatives) {}
