package dev.loom.console.jmx;

import dev.loom.console.contract.Remark;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;
import org.jspecify.annotations.Nullable;

/** Reads the agent's composite data. What is missing or of another type reads as empty: an agent may be older or newer. */
final class OpenTypes {

    private OpenTypes() {}

    static FilterStatus filter(CompositeData data) {
        return new FilterStatus(
                text(data, "filter"),
                text(data, "state"),
                decimal(data, "progress"),
                text(data, "mode"),
                number(data, "enabledSince"),
                text(data, "digest"),
                text(data, "text"),
                flag(data, "harmful"),
                texts(item(data, "waitingFor")),
                text(data, "cause"),
                text(data, "accepted"),
                decimal(data, "overheadPercent"),
                (int) number(data, "shells"),
                list(item(data, "diagnostics"), OpenTypes::remark),
                stragglers(item(data, "stragglers")),
                list(item(data, "hooks"), OpenTypes::hook));
    }

    static List<Straggler> stragglers(@Nullable Object value) {
        return list(value, OpenTypes::straggler);
    }

    private static Remark remark(CompositeData data) {
        return new Remark(
                text(data, "code"),
                text(data, "severity"),
                text(data, "file"),
                (int) number(data, "line"),
                (int) number(data, "column"),
                text(data, "message"),
                text(data, "hint"));
    }

    private static Straggler straggler(CompositeData data) {
        return new Straggler(
                text(data, "thread"),
                number(data, "threadId"),
                text(data, "threadState"),
                text(data, "location"),
                texts(item(data, "stack")),
                number(data, "sinceMillis"),
                text(data, "reason"));
    }

    private static HookCounters hook(CompositeData data) {
        return new HookCounters(
                text(data, "id"),
                text(data, "kind"),
                text(data, "location"),
                number(data, "hits"),
                number(data, "contended"),
                number(data, "waitNanosTotal"),
                number(data, "waitNanosMax"),
                number(data, "timeouts"),
                number(data, "bypasses"),
                number(data, "overlaps"));
    }

    /** The rows of an array or table of composite data. */
    static <T> List<T> list(@Nullable Object value, Function<CompositeData, T> read) {
        Collection<?> rows = value instanceof TabularData table
                ? table.values()
                : value instanceof Object[] array ? List.of(array) : List.of();
        List<T> result = new ArrayList<>(rows.size());
        for (Object row : rows) {
            if (row instanceof CompositeData data) {
                result.add(read.apply(data));
            }
        }
        return List.copyOf(result);
    }

    /** A {@code Map<String, String>} as MXBeans show it. */
    static Map<String, String> map(@Nullable Object value) {
        Map<String, String> map = new LinkedHashMap<>();
        for (CompositeData row : list(value, data -> data)) {
            map.put(text(row, "key"), text(row, "value"));
        }
        return map;
    }

    /** Rows of {@code reason} and {@code count}. */
    static Map<String, Integer> counts(@Nullable Object value) {
        Map<String, Integer> map = new LinkedHashMap<>();
        for (CompositeData row : list(value, data -> data)) {
            map.merge(text(row, "reason"), (int) number(row, "count"), Integer::sum);
        }
        return map;
    }

    static List<String> texts(@Nullable Object value) {
        List<String> result = new ArrayList<>();
        if (value instanceof Object[] array) {
            for (Object element : array) {
                if (element != null) {
                    result.add(element.toString());
                }
            }
        }
        return List.copyOf(result);
    }

    static @Nullable Object item(CompositeData data, String name) {
        return data.containsKey(name) ? data.get(name) : null;
    }

    private static String text(CompositeData data, String name) {
        Object value = item(data, name);
        return value == null ? "" : value.toString();
    }

    private static long number(CompositeData data, String name) {
        return item(data, name) instanceof Number number ? number.longValue() : 0;
    }

    private static double decimal(CompositeData data, String name) {
        double value = item(data, name) instanceof Number number ? number.doubleValue() : 0;
        return Double.isFinite(value) ? value : 0;
    }

    private static boolean flag(CompositeData data, String name) {
        return Boolean.TRUE.equals(item(data, name));
    }
}
