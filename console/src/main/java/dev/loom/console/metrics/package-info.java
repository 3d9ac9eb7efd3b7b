/**
 * Numbers over time: {@link dev.loom.console.metrics.HistoryService} keeps what the charts show, {@link
 * dev.loom.console.metrics.LoomMetrics} gives the present to Prometheus.
 */
@NullMarked
package dev.loom.console.metrics;

import org.jspecify.annotations.NullMarked;
