package dev.loom.client;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;
import org.jspecify.annotations.Nullable;

/** Reads the agent's composite data. What is missing or of another type reads as empty: an agent may be older or newer. */
public final class StatusReader {

    private StatusReader() {}

    /** The status of a filter, as {@code install}, {@code check} and the others answer it. */
    public static FilterStatus filter(CompositeData data) {
        return new FilterStatus(
                raw(data, "filter").length() < Bounds.SHORT ? text(data, "filter") : raw(data, "filter").substring(0, Bounds.SHORT),
                FilterState.of(raw(data, "state")),
                Bounds.share(decimal(data, "progress")),
                Bounds.mode(raw(data, "mode")),
                Math.max(0, number(data, "enabledSince")),
                Bounds.cut(raw(data, "digest"), Bounds.DIGEST),
                Bounds.cut(raw(data, "text"), Bounds.TEXT),
                flag(data, "harmful"),
                texts(item(data, "waitingFor"), Bounds.MAX_DIAGNOSTICS),
                Bounds.cut(raw(data, "cause"), Bounds.LONG),
                Bounds.cut(raw(data, "accepted"), Bounds.LONG),
                Bounds.percent(decimal(data, "overheadPercent")),
                percent(data, "cpuPercent"),
                percent(data, "waitPercent"),
                (int) number(data, "shells"),
                list(item(data, "diagnostics"), StatusReader::remark, Bounds.MAX_DIAGNOSTICS),
                stragglers(item(data, "stragglers")),
                list(item(data, "hooks"), StatusReader::hook, Bounds.MAX_HOOKS),
                list(item(data, "waits"), StatusReader::wait, Bounds.MAX_WAITS),
                texts(item(data, "deadlocks"), Bounds.MAX_DEADLOCKS, Bounds.LONG));
    }

    static List<FilterStatus> filters(@Nullable Object value, int most) {
        return list(value, StatusReader::filter, most);
    }

    /** The agent, of its attributes. */
    static AgentInfo agent(Map<String, Object> values, List<FilterStatus> filters, List<String> remarks) {
        return new AgentInfo(
                brief(values.get("Version")),
                brief(values.get("Mode")),
                brief(values.get("Name")),
                Bounds.labels(map(values.get("Labels"), 10 * Bounds.MAX_LABELS), remarks),
                number(values.get("Uptime")),
                (int) number(values.get("InstrumentedClasses")),
                (int) number(values.get("InstrumentedMethods")),
                counts(values.get("SkippedMethods")),
                number(values.get("TransformTimeMillis")),
                percent(values.get("OverheadPercent")),
                number(values.get("AgentFaults")),
                List.copyOf(filters),
                List.copyOf(remarks));
    }

    /** A text of one line. */
    static String brief(@Nullable Object said) {
        return said instanceof String text ? Bounds.cut(text, Bounds.SHORT).replaceAll("\\s+", " ") : "";
    }

    private static long number(@Nullable Object said) {
        return said instanceof Number number ? number.longValue() : 0;
    }

    private static double percent(@Nullable Object said) {
        double percent = said instanceof Number number ? number.doubleValue() : 0;
        return Double.isFinite(percent) ? Bounds.percent(percent) : 0;
    }

    static List<Straggler> stragglers(@Nullable Object value) {
        return list(value, StatusReader::straggler, Bounds.MAX_STRAGGLERS);
    }

    private static Remark remark(CompositeData data) {
        return new Remark(
                text(data, "code"),
                text(data, "severity"),
                text(data, "file"),
                (int) number(data, "line"),
                (int) number(data, "column"),
                Bounds.cut(raw(data, "message"), Bounds.LONG),
                Bounds.cut(raw(data, "hint"), Bounds.LONG));
    }

    private static Straggler straggler(CompositeData data) {
        return new Straggler(
                Bounds.cut(raw(data, "thread"), Bounds.MEDIUM),
                number(data, "threadId"),
                text(data, "threadState"),
                Bounds.cut(raw(data, "location"), Bounds.MEDIUM),
                texts(item(data, "stack"), Bounds.MAX_FRAMES),
                number(data, "sinceMillis"),
                Bounds.cut(raw(data, "reason"), Bounds.MEDIUM));
    }

    private static HookCounters hook(CompositeData data) {
        return new HookCounters(
                text(data, "id"),
                text(data, "kind"),
                Bounds.cut(raw(data, "location"), Bounds.MEDIUM),
                number(data, "hits"),
                number(data, "contended"),
                number(data, "waitNanosTotal"),
                number(data, "waitNanosMax"),
                number(data, "timeouts"),
                number(data, "bypasses"),
                number(data, "overlaps"),
                percent(data, "cpuPercent"),
                percent(data, "waitPercent"));
    }

    private static OngoingWait wait(CompositeData data) {
        return new OngoingWait(
                Bounds.cut(raw(data, "thread"), Bounds.MEDIUM),
                number(data, "threadId"),
                text(data, "hook"),
                Bounds.cut(raw(data, "location"), Bounds.MEDIUM),
                Math.max(0, number(data, "sinceMillis")),
                texts(item(data, "waitsFor"), Bounds.MAX_WAITED_FOR));
    }

    static List<Interleaving> interleavings(@Nullable Object value) {
        return list(value, StatusReader::interleaving, Bounds.MAX_INTERLEAVINGS);
    }

    private static Interleaving interleaving(CompositeData data) {
        return new Interleaving(
                text(data, "end"),
                text(data, "hook"),
                Bounds.cut(raw(data, "location"), Bounds.MEDIUM),
                Bounds.cut(raw(data, "thread"), Bounds.MEDIUM),
                number(data, "threadId"),
                texts(item(data, "stack"), Bounds.MAX_FRAMES),
                Bounds.cut(raw(data, "other"), Bounds.MEDIUM),
                number(data, "otherId"),
                texts(item(data, "otherStack"), Bounds.MAX_FRAMES),
                Math.max(0, number(data, "atMillis")),
                Math.max(0, number(data, "waitedNanos")));
    }

    /** The rows of an array or table of composite data. */
    static <T> List<T> list(@Nullable Object value, Function<CompositeData, T> read, int most) {
        Collection<?> rows = value instanceof TabularData table
                ? table.values()
                : value instanceof Object[] array ? Arrays.asList(array) : List.of();
        List<T> result = new ArrayList<>(Math.min(rows.size(), most));
        for (Object row : rows) {
            if (result.size() >= most) {
                break;
            }
            if (row instanceof CompositeData data) {
                result.add(read.apply(data));
            }
        }
        return List.copyOf(result);
    }

    /** A {@code Map<String, String>} as MXBeans show it, of at most so many rows. */
    static Map<String, String> map(@Nullable Object value, int most) {
        Map<String, String> map = new LinkedHashMap<>();
        for (CompositeData row : list(value, data -> data, most)) {
            map.put(raw(row, "key"), raw(row, "value"));
        }
        return map;
    }

    /** Rows of {@code reason} and {@code count}. */
    static Map<String, Integer> counts(@Nullable Object value) {
        Map<String, Integer> map = new LinkedHashMap<>();
        for (CompositeData row : list(value, data -> data, Bounds.MAX_REASONS)) {
            map.merge(text(row, "reason"), (int) number(row, "count"), Integer::sum);
        }
        return map;
    }

    static List<String> texts(@Nullable Object value, int most) {
        return texts(value, most, Bounds.MEDIUM);
    }

    static List<String> texts(@Nullable Object value, int most, int characters) {
        List<String> result = new ArrayList<>();
        if (value instanceof Object[] array) {
            for (Object element : array) {
                if (element != null && result.size() < most) {
                    result.add(Bounds.cut(element.toString(), characters));
                }
            }
        }
        return List.copyOf(result);
    }

    static @Nullable Object item(CompositeData data, String name) {
        return data.containsKey(name) ? data.get(name) : null;
    }

    static String raw(CompositeData data, String name) {
        Object value = item(data, name);
        return value instanceof String || value instanceof Number || value instanceof Boolean ? value.toString() : "";
    }

    static String text(CompositeData data, String name) {
        return Bounds.cut(raw(data, name), Bounds.SHORT);
    }

    static long number(CompositeData data, String name) {
        return item(data, name) instanceof Number number ? number.longValue() : 0;
    }

    static double decimal(CompositeData data, String name) {
        double value = item(data, name) instanceof Number number ? number.doubleValue() : 0;
        return Double.isFinite(value) ? value : 0;
    }

    /** Null where it is not there: an agent of 0.1.0 does not tell, which is not the same as none. */
    private static @Nullable Double percent(CompositeData data, String name) {
        return item(data, name) instanceof Number ? Double.valueOf(Bounds.percent(decimal(data, name))) : null;
    }

    static boolean flag(CompositeData data, String name) {
        return Boolean.TRUE.equals(item(data, name));
    }
}
