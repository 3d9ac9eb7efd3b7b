package dev.loom.client;

import java.util.List;

/**
 * Threads that met at one object, one of them to change it.
 *
 * @param id its rank, from 1
 * @param kind {@code DATA_RACE}, {@code UNSAFE_CALLS}, {@code VOLATILE}; a newer agent may tell of others
 * @param type class of the object; of a static field, the class
 * @param count how often it was seen
 * @param pairs different pairs of lines that were seen
 * @param sides the threads, two or more
 * @param filter a filter that keeps them apart; empty if there is none
 * @param why what the filter rests on, or why there is none
 * @param alternatives more filters, for where that one turns out not to be it
 */
public record Finding(
        String id, String kind, String type, long count, int pairs, List<FindingSide> sides, String filter, String why, List<Suggestion> alternatives) {}
