package dev.loom.console.metrics;

import dev.loom.client.AgentInfo;
import dev.loom.client.FilterStatus;
import dev.loom.client.HookCounters;
import dev.loom.console.target.Snapshot;
import dev.loom.console.target.Target;
import dev.loom.console.target.TargetMonitor;
import dev.loom.console.target.TargetState;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * What Prometheus gets: the last reading of each JVM, by JVM, filter and hook. The number of series is bounded; how many did not
 * fit is a metric itself. Written as a collector of its own, because the set of labels changes with every install.
 */
@Component
class LoomMetrics implements MultiCollector {

    private static final double NANOS = 1e9;
    /** Longest label, in characters. */
    private static final int MAX_LABEL = 120;

    private final TargetMonitor monitor;
    private final int maxSeries;

    LoomMetrics(TargetMonitor monitor, ObjectProvider<PrometheusRegistry> registry, @Value("${loom.metrics.max-series:20000}") int maxSeries) {
        this.monitor = monitor;
        this.maxSeries = maxSeries;
        registry.ifAvailable(r -> r.register(this)); // none where the export is switched off
    }

    @Override
    public MetricSnapshots collect() {
        Collected collected = new Collected(maxSeries);
        Map<TargetState, Integer> states = new HashMap<>();
        Set<String> names = new HashSet<>();
        monitor.snapshots().forEach((target, snapshot) -> {
            states.merge(snapshot.state(), 1, Integer::sum);
            jvm(target, snapshot, unique(target, names), collected);
        });
        for (TargetState state : TargetState.values()) {
            collected.gauge("loom_targets", "JVMs by state", Labels.of("state", state.name()), states.getOrDefault(state, 0));
        }
        collected.gauge("loom_metrics_series_dropped", "Series that were left out to stay within the bound", Labels.EMPTY, collected.dropped);
        return collected.snapshots();
    }

    /** The JVM's name, with its number where another has the same. */
    private static String unique(Target target, Set<String> names) {
        String name = shortened(target.name());
        if (!names.add(name)) {
            name = name + " #" + target.id();
            names.add(name);
        }
        return name;
    }

    private static void jvm(Target target, Snapshot snapshot, String jvm, Collected to) {
        Labels labels = Labels.of("jvm", jvm);
        to.gauge("loom_target_up", "Whether the agent of the JVM answers", labels, snapshot.isReachable() ? 1 : 0);
        AgentInfo agent = snapshot.agent();
        if (!snapshot.isReachable() || agent == null) {
            return;
        }
        to.gauge("loom_agent_overhead_ratio", "Time in hooks as a share of CPU time, and in waits as a share of the time that passed", labels, agent.overheadPercent() / 100);
        to.gauge("loom_agent_instrumented_classes", "Classes with update points", labels, agent.instrumentedClasses());
        to.counter("loom_agent_faults", "Faults in Loom's own code, kept from the application", labels, agent.agentFaults());
        to.counter("loom_agent_transform_seconds", "CPU time in class transformation", labels, agent.transformTimeMillis() / 1000.0);
        if (snapshot.app() != null) {
            to.counter("loom_application_operations", "What the application counts as operations", labels, snapshot.app().operations());
            to.counter("loom_application_failures", "What the application counts as failures", labels, snapshot.app().failures());
        }
        for (FilterStatus filter : agent.filters()) {
            if (!filter.state().isEnd()) {
                filter(filter, jvm, to);
            }
        }
    }

    private static void filter(FilterStatus filter, String jvm, Collected to) {
        String name = shortened(filter.filter());
        Labels labels = Labels.of("jvm", jvm, "filter", name);
        to.gauge("loom_filter_state", "1 for the state that the filter is in", labels.add("state", filter.state().word()), 1);
        to.gauge("loom_filter_progress_ratio", "Share of the frames that had to leave old code and did", labels, filter.progress());
        to.gauge("loom_filter_stragglers", "Threads that are in the way", labels, filter.stragglers().size());
        to.gauge("loom_filter_harmful", "Whether the deadlock guard had to break a wait", labels, filter.harmful() ? 1 : 0);
        to.gauge("loom_filter_overhead_ratio", "Time in hooks as a share of CPU time, and in waits as a share of the time that passed", labels, filter.overheadPercent() / 100);
        for (HookCounters hook : filter.hooks()) {
            Labels hooked = Labels.of("jvm", jvm, "filter", name, "hook", shortened(hook.id()));
            to.counter("loom_hook_hits", "Entries", hooked, hook.hits());
            to.counter("loom_hook_contended", "Entries that had to wait: interleavings prevented", hooked, hook.contended());
            to.counter("loom_hook_wait_seconds", "Time in waits", hooked, hook.waitNanosTotal() / NANOS);
            to.gauge("loom_hook_wait_max_seconds", "Longest wait", hooked, hook.waitNanosMax() / NANOS);
            to.counter("loom_hook_timeouts", "Bounded waits that ran out", hooked, hook.timeouts());
            to.counter("loom_hook_bypasses", "Waits broken by the deadlock guard", hooked, hook.bypasses());
            to.counter("loom_hook_overlaps", "Observe mode: entries that found an excluded region occupied", hooked, hook.overlaps());
        }
    }

    private static String shortened(String label) {
        return label.length() > MAX_LABEL ? label.substring(0, MAX_LABEL) : label;
    }

    /** Gathers the points of each metric, up to the bound. */
    private static final class Collected {

        private record Metric(String help, boolean counter, Map<Labels, Double> points) {}

        private final Map<String, Metric> metrics = new LinkedHashMap<>();
        private final int max;
        private int series;
        private int dropped;

        Collected(int max) {
            this.max = max;
        }

        void gauge(String name, String help, Labels labels, double value) {
            add(name, help, false, labels, value);
        }

        void counter(String name, String help, Labels labels, double value) {
            add(name, help, true, labels, value);
        }

        private void add(String name, String help, boolean counter, Labels labels, double value) {
            if (series >= max && !labels.isEmpty()) {
                dropped++;
                return;
            }
            Metric metric = metrics.computeIfAbsent(name, n -> new Metric(help, counter, new LinkedHashMap<>()));
            if (metric.points().putIfAbsent(labels, value) == null) {
                series++;
            }
        }

        MetricSnapshots snapshots() {
            List<MetricSnapshot> snapshots = new ArrayList<>();
            metrics.forEach((name, metric) -> snapshots.add(metric.counter() ? counters(name, metric) : gauges(name, metric)));
            return new MetricSnapshots(snapshots);
        }

        private static MetricSnapshot counters(String name, Metric metric) {
            CounterSnapshot.Builder builder = CounterSnapshot.builder().name(name).help(metric.help());
            metric.points().forEach((labels, value) ->
                    builder.dataPoint(CounterDataPointSnapshot.builder().labels(labels).value(Math.max(0, value)).build()));
            return builder.build();
        }

        private static MetricSnapshot gauges(String name, Metric metric) {
            GaugeSnapshot.Builder builder = GaugeSnapshot.builder().name(name).help(metric.help());
            metric.points().forEach((labels, value) ->
                    builder.dataPoint(GaugeDataPointSnapshot.builder().labels(labels).value(value).build()));
            return builder.build();
        }
    }
}
