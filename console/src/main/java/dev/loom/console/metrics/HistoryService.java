package dev.loom.console.metrics;

import dev.loom.client.AgentInfo;
import dev.loom.client.FilterStatus;
import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import dev.loom.console.jmx.AppReading;
import dev.loom.console.target.Snapshot;
import dev.loom.console.target.Target;
import dev.loom.console.target.TargetListener;
import dev.loom.console.target.TargetService;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;

/**
 * Keeps what the charts show: the last minutes in memory at the readings' own pace, and means over ten seconds in the database
 * for as long as {@code loom.history.retention} says. Readings of a JVM and of its filters share their times.
 */
@Service
public class HistoryService implements TargetListener {

    private static final Logger log = LoggerFactory.getLogger(HistoryService.class);

    /** Most points that one answer has. */
    private static final int MAX_POINTS = 720;
    /** Time between two stored points, ms. */
    private static final long STORED_STEP = 10_000;

    /** Readings, one a second, that tell how things are now. */
    private static final int RECENT = 10;

    private final SampleRepository repository;
    private final TargetService targets;
    private final Clock clock;
    private final Duration retention;
    private final Map<Key, Series> series = new ConcurrentHashMap<>();

    /** A series; filter empty for the JVM itself. */
    private record Key(long target, String filter) {}

    HistoryService(
            SampleRepository repository,
            TargetService targets,
            Clock clock,
            @Value("${loom.history.retention:7d}") Duration retention) {
        this.repository = repository;
        this.targets = targets;
        this.clock = clock;
        this.retention = retention;
    }

    @Override
    public void onSnapshot(Target target, Snapshot before, Snapshot now) {
        if (!now.isReachable()) {
            if (before.isReachable()) {
                series.forEach((key, s) -> {
                    if (key.target() == target.id()) {
                        s.add(Point.gap(now.atMillis()));
                    }
                });
            }
            return;
        }
        AgentInfo agent = now.agent();
        double seconds = (now.atNanos() - before.atNanos()) / 1e9;
        boolean comparable = before.isReachable() && seconds > 0.05 && java.util.Objects.equals(before.jvm(), now.jvm());
        if (agent == null || (before.isReachable() && !comparable)) {
            return;
        }
        AppReading app = now.app();
        AppReading appBefore = comparable ? before.app() : null;
        double operations = Point.NONE;
        double failures = Point.NONE;
        if (app != null && appBefore != null && app.bean().equals(appBefore.bean()) && app.atNanos() - appBefore.atNanos() > 0) {
            double appSeconds = (app.atNanos() - appBefore.atNanos()) / 1e9;
            operations = rate(app.operations() - appBefore.operations(), appSeconds);
            failures = rate(app.failures() - appBefore.failures(), appSeconds);
        }
        add(target.id(), "", new Point(now.atMillis(), Point.NONE, Point.NONE, agent.overheadPercent(), Point.NONE, operations, failures));
        AgentInfo agentBefore = comparable ? before.agent() : null;
        for (FilterStatus filter : agent.filters()) {
            if (filter.state().isEnd()) {
                continue;
            }
            FilterStatus old = agentBefore == null ? null : agentBefore.filter(filter.filter());
            boolean same = old != null && !old.state().isEnd() && old.enabledSince() == filter.enabledSince();
            add(target.id(), filter.filter(), new Point(
                    now.atMillis(),
                    same ? rate(filter.hits() - old.hits(), seconds) : Point.NONE,
                    same ? rate(met(filter) - met(old), seconds) : Point.NONE,
                    filter.overheadPercent(),
                    filter.progress(),
                    Point.NONE,
                    Point.NONE));
        }
    }

    /** Interleavings: those that were prevented, and, while the filter only observes, those that were seen. */
    private static long met(FilterStatus filter) {
        return filter.isObserve() ? filter.overlaps() : filter.contended();
    }

    /** A counter that was reset says nothing about this second. */
    private static double rate(long difference, double seconds) {
        return difference < 0 ? Point.NONE : difference / seconds;
    }

    private void add(long target, String filter, Point point) {
        series.computeIfAbsent(new Key(target, filter), k -> new Series()).add(point);
    }

    @Override
    public void onRemoved(long targetId) {
        series.keySet().removeIf(key -> key.target() == targetId);
        repository.deleteTarget(targetId);
    }

    /** Entries per second of a filter in a JVM, as last read; null if that is not known. */
    public @Nullable Double hitsPerSecond(long target, String filter) {
        Series s = series.get(new Key(target, filter));
        Point last = s == null ? null : s.last();
        return last == null ? null : orNull(last.hits());
    }

    /** The application's own failures per second, mean of the last moments; null if it counts none. */
    public @Nullable Double failuresPerSecond(long target) {
        Series s = series.get(new Key(target, ""));
        if (s == null) {
            return null;
        }
        OptionalDouble mean = s.last(RECENT).stream()
                .mapToDouble(Point::failures).filter(f -> !Double.isNaN(f)).average();
        return mean.isPresent() ? Double.valueOf(mean.getAsDouble()) : null;
    }

    /**
     * Numbers of a JVM, and of a filter there, over time.
     *
     * @param filter null for the JVM alone
     */
    public History history(long target, @Nullable String filter, Instant from, Instant to) {
        targets.stored(target);
        if (!from.isBefore(to)) {
            throw new LoomProblem(ProblemCode.BAD_REQUEST, "from must be before to.");
        }
        TreeMap<Long, Point> application = new TreeMap<>();
        points(target, "", from.toEpochMilli(), to.toEpochMilli()).forEach(p -> application.put(p.at(), p));
        TreeMap<Long, Point> merged = new TreeMap<>(application);
        if (filter != null) {
            merged.replaceAll((at, p) -> new Point(at, Point.NONE, Point.NONE, Point.NONE, Point.NONE, p.operations(), p.failures()));
            for (Point p : points(target, filter, from.toEpochMilli(), to.toEpochMilli())) {
                Point app = application.getOrDefault(p.at(), Point.gap(p.at()));
                merged.put(p.at(), new Point(p.at(), p.hits(), p.contended(), p.overhead(), p.progress(), app.operations(), app.failures()));
            }
        }
        List<Point> points = new ArrayList<>(merged.values());
        return new History(
                points.stream().map(Point::at).toList(),
                column(points, Point::hits),
                column(points, Point::contended),
                column(points, Point::overhead),
                column(points, Point::progress),
                column(points, Point::operations),
                column(points, Point::failures));
    }

    private List<Point> points(long target, String filter, long from, long to) {
        Series kept = series.get(new Key(target, filter));
        if (to - from > MAX_POINTS * 1000L) {
            long step = (to - from + MAX_POINTS * STORED_STEP - 1) / (MAX_POINTS * STORED_STEP) * STORED_STEP;
            return repository.between(target, filter, from, to, step);
        }
        // The JVM's own series says how far memory reaches back: the filter may be younger.
        Series whole = series.get(new Key(target, ""));
        long remembered = whole == null ? Long.MAX_VALUE : whole.oldest();
        List<Point> points = new ArrayList<>();
        if (remembered > from) {
            points.addAll(repository.between(target, filter, from, Math.min(to, remembered - 1), STORED_STEP));
        }
        if (kept != null) {
            points.addAll(kept.between(Math.max(from, remembered), to));
        }
        return points;
    }

    private static List<@Nullable Double> column(List<Point> points, ToDoubleFunction<Point> value) {
        List<@Nullable Double> column = new ArrayList<>(points.size());
        for (Point point : points) {
            column.add(orNull(value.applyAsDouble(point)));
        }
        return column;
    }

    private static @Nullable Double orNull(double value) {
        return Double.isNaN(value) ? null : Double.valueOf(Math.round(value * 1000) / 1000.0);
    }

    /** Stores what came since the last time. */
    @Scheduled(fixedDelay = STORED_STEP, initialDelay = STORED_STEP)
    void flush() {
        List<SampleRepository.Sample> samples = new ArrayList<>();
        long now = clock.millis();
        series.forEach((key, s) -> {
            List<Point> points = s.unflushed();
            if (!points.isEmpty()) {
                samples.add(new SampleRepository.Sample(key.target(), key.filter(), mean(points)));
            } else if (now - s.newest() > Series.SIZE * 1000L) {
                series.remove(key, s);
            }
        });
        if (!samples.isEmpty()) {
            try {
                repository.insert(samples);
            } catch (org.springframework.dao.DataAccessException e) {
                log.warn("{} points of chart history were not stored: {}", samples.size(), e.getMessage());
            }
        }
    }

    private static Point mean(List<Point> points) {
        return new Point(
                points.get(points.size() - 1).at(),
                mean(points, Point::hits),
                mean(points, Point::contended),
                mean(points, Point::overhead),
                mean(points, Point::progress),
                mean(points, Point::operations),
                mean(points, Point::failures));
    }

    private static double mean(List<Point> points, ToDoubleFunction<Point> value) {
        return points.stream().mapToDouble(value).filter(v -> !Double.isNaN(v)).average().orElse(Point.NONE);
    }

    /** Deletes what is older than the retention. */
    @Scheduled(fixedDelay = 3_600_000, initialDelay = 60_000)
    void prune() {
        repository.prune(clock.millis() - retention.toMillis());
    }
}
