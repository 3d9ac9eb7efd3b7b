package dev.loom.console.metrics;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Numbers over time, in columns of equal length; null where nothing was read.
 *
 * @param at epoch ms
 * @param hits of the filter, per second
 * @param contended of the filter, per second; of one that observes, the overlaps that it saw
 * @param overhead percent
 * @param progress of the evacuation, 0 to 1
 * @param operations the application's own count, per second
 * @param failures the application's own count, per second
 */
public record History(
        List<Long> at,
        List<@Nullable Double> hits,
        List<@Nullable Double> contended,
        List<@Nullable Double> overhead,
        List<@Nullable Double> progress,
        List<@Nullable Double> operations,
        List<@Nullable Double> failures) {}
