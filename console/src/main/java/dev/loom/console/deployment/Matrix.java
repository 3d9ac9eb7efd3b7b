package dev.loom.console.deployment;

import dev.loom.client.AgentInfo;
import dev.loom.client.FilterStatus;
import dev.loom.console.contract.Page;
import dev.loom.console.target.Snapshot;
import dev.loom.console.target.TargetMonitor;
import dev.loom.console.target.TargetService;
import dev.loom.console.target.TargetView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/**
 * Puts {@link MatrixView} together, for any number of JVMs: the database counts and pages, what JVMs last said is in memory, and no JVM is asked.
 */
@Service
public class Matrix {

    /** Filters beside each other on a page. */
    public static final int COLUMNS = 8;

    private final DeploymentRepository repository;
    private final DeploymentStore store;
    private final TargetService targets;
    private final TargetMonitor monitor;
    private final Drifts drifts;

    Matrix(DeploymentRepository repository, DeploymentStore store, TargetService targets, TargetMonitor monitor, Drifts drifts) {
        this.repository = repository;
        this.store = store;
        this.targets = targets;
        this.monitor = monitor;
        this.drifts = drifts;
    }

    /**
     * A part of it.
     *
     * @param search for JVMs, as in their list
     * @param filter what the filters' names contain
     * @param drifted whether only JVMs with a drift are wanted
     */
    public MatrixView view(String search, String filter, boolean drifted, int page, int size, int filterPage) {
        Page.check(page, size);
        Page.check(filterPage, COLUMNS);
        List<DriftView> drift = drifts.all();
        List<MatrixView.Column> columns = columns(drift, filter.strip().toLowerCase(Locale.ROOT));
        List<MatrixView.Column> shown = columns.stream().skip((long) filterPage * COLUMNS).limit(COLUMNS).toList();
        Page<TargetView> jvms = drifted ? drifted(drift, search, page, size) : targets.list(search, page, size);
        Set<String> names = shown.stream().map(MatrixView.Column::filter).collect(Collectors.toCollection(LinkedHashSet::new));
        Map<Long, List<DeploymentRepository.Wish>> wishes =
                store.openOn(jvms.items().stream().map(TargetView::id).collect(Collectors.toSet()));
        return new MatrixView(
                shown, filterPage, COLUMNS, columns.size(), jvms.map(jvm -> row(jvm, names, wishes.getOrDefault(jvm.id(), List.of()))));
    }

    private List<MatrixView.Column> columns(List<DriftView> drift, String part) {
        Map<String, Integer> drifted = new HashMap<>();
        drift.forEach(d -> drifted.merge(d.filter(), 1, Integer::sum));
        TreeMap<String, MatrixView.Column> columns = new TreeMap<>();
        drifted.forEach((name, count) -> columns.put(name, new MatrixView.Column(name, 0, 0, count)));
        for (DeploymentRepository.Wanted wanted : repository.wanted()) {
            columns.put(
                    wanted.filter(),
                    new MatrixView.Column(wanted.filter(), wanted.jvms(), wanted.inForce(), drifted.getOrDefault(wanted.filter(), 0)));
        }
        return columns.values().stream().filter(c -> c.filter().toLowerCase(Locale.ROOT).contains(part)).toList();
    }

    private Page<TargetView> drifted(List<DriftView> drift, String search, int page, int size) {
        String part = search.strip().toLowerCase(Locale.ROOT);
        Map<Long, String> names = new HashMap<>();
        drift.stream().filter(d -> d.targetName().toLowerCase(Locale.ROOT).contains(part)).forEach(d -> names.put(d.target(), d.targetName()));
        List<Long> ids = names.keySet().stream()
                .sorted(Comparator.<Long, String>comparing(id -> String.valueOf(names.get(id))).thenComparing(id -> id)).toList();
        List<Long> shown = ids.stream().skip((long) page * size).limit(size).toList();
        var found = targets.stored(shown);
        return new Page<>(shown.stream().filter(found::containsKey).map(id -> targets.view(found.get(id))).toList(), page, size, ids.size());
    }

    private MatrixView.Row row(TargetView jvm, Set<String> filters, List<DeploymentRepository.Wish> open) {
        Snapshot snapshot = monitor.snapshot(jvm.id());
        Map<String, DeploymentRepository.Wish> newest = Drifts.newest(open);
        List<MatrixView.Cell> cells = new ArrayList<>();
        for (String filter : filters) {
            MatrixView.Cell cell = cell(filter, snapshot, newest.get(filter));
            if (cell != null) {
                cells.add(cell);
            }
        }
        return new MatrixView.Row(jvm.id(), jvm.name(), jvm.state().name(), jvm.labels(), cells);
    }

    private static MatrixView.@Nullable Cell cell(String filter, Snapshot snapshot, DeploymentRepository.@Nullable Wish wish) {
        AgentInfo agent = snapshot.agent();
        FilterStatus there = agent == null ? null : agent.filter(filter);
        Drift drift = snapshot.isReachable() ? Drift.of(wish, there) : null;
        if (wish == null) {
            return drift == null || there == null ? null
                    : new MatrixView.Cell(filter, there.state().word(), there.progress(), null, null, there.mode(), drift);
        }
        Assignment a = wish.assignment();
        Deployment d = wish.deployment();
        boolean silent = !snapshot.isReachable() && !a.state().isEnd();
        return new MatrixView.Cell(
                filter, silent ? JvmState.UNREACHABLE.name() : a.state().name(), Views.progress(a), d.id(), d.version(), d.mode().text(), drift);
    }
}
