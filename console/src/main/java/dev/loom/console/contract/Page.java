package dev.loom.console.contract;

import java.util.List;
import java.util.function.Function;

/**
 * A part of a list.
 *
 * @param page number of the page, from 0
 * @param size most items on a page
 * @param total items on all pages
 */
public record Page<T>(List<T> items, int page, int size, long total) {

    /** Most items that one page may have. */
    public static final int MAX_SIZE = 500;

    public Page {
        items = List.copyOf(items);
    }

    /** Checks what a caller asked for. */
    public static void check(int page, int size) {
        if (page < 0 || size < 1 || size > MAX_SIZE) {
            throw new LoomProblem(ProblemCode.BAD_REQUEST, "page must be 0 or more and size 1 to " + MAX_SIZE + ".");
        }
    }

    /** Number of pages. */
    public long pages() {
        return (total + size - 1) / size;
    }

    /** The same page of something else. */
    public <R> Page<R> map(Function<? super T, ? extends R> function) {
        return new Page<>(items.stream().<R>map(function).toList(), page, size, total);
    }
}
