package dev.loom.console.notify;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * What Prometheus gets of notifiers, so that somebody learns by another way that events are told to nobody. What was last seen of them: no
 * question to the database. Thread-safe.
 */
@Component
class NotifierMetrics implements MultiCollector {

    private final Deliveries deliveries;

    NotifierMetrics(Deliveries deliveries, ObjectProvider<PrometheusRegistry> registry) {
        this.deliveries = deliveries;
        registry.ifAvailable(r -> r.register(this)); // none where the export is switched off
    }

    @Override
    public MetricSnapshots collect() {
        GaugeSnapshot.Builder failing = GaugeSnapshot.builder().name("loom_notifier_failing_tries").help("Tries in a row that were not taken");
        CounterSnapshot.Builder told = CounterSnapshot.builder().name("loom_notifier_told").help("Events that were taken");
        CounterSnapshot.Builder passedOver = CounterSnapshot.builder().name("loom_notifier_passed_over").help("Events that were given up");
        for (Notifier n : deliveries.lastSeen()) {
            Labels labels = Labels.of("notifier", n.name(), "kind", n.kind().name());
            failing.dataPoint(GaugeDataPointSnapshot.builder().labels(labels).value(n.attempts()).build());
            told.dataPoint(CounterDataPointSnapshot.builder().labels(labels).value(n.told()).build());
            passedOver.dataPoint(CounterDataPointSnapshot.builder().labels(labels).value(n.passedOver()).build());
        }
        return new MetricSnapshots(failing.build(), told.build(), passedOver.build());
    }
}
