package dev.loom.client;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;
import org.jspecify.annotations.Nullable;

/** Turns the open types of JMX into maps and lists, under the same names. */
public final class OpenData {

    /** The order that people see; an item that is not named here comes behind these. */
    private static final List<String> ORDER = List.of(
            "filter", "state", "progress", "mode", "enabledSince", "digest", "harmful", "waitingFor", "cause", "accepted",
            "overheadPercent", "shells", "diagnostics", "stragglers", "hooks", "code", "severity", "file", "line", "column",
            "message", "hint", "thread", "threadId", "threadState", "id", "kind", "location", "stack", "sinceMillis", "reason", "hits",
            "contended", "waitNanosTotal", "waitNanosMax", "timeouts", "bypasses", "overlaps");

    private OpenData() {}

    /** The items by name, in the order that people see. */
    public static Map<String, @Nullable Object> map(CompositeData data) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (String item : ORDER) {
            if (data.containsKey(item)) {
                map.put(item, value(data.get(item)));
            }
        }
        for (String item : data.getCompositeType().keySet()) {
            if (!map.containsKey(item)) {
                map.put(item, value(data.get(item)));
            }
        }
        return map;
    }

    /** Any value: composite data as maps, tables of key and value as maps, arrays as lists. */
    public static @Nullable Object value(@Nullable Object value) {
        if (value instanceof CompositeData data) {
            return map(data);
        }
        if (value instanceof TabularData table) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            for (Object row : table.values()) {
                CompositeData data = (CompositeData) row;
                map.put(String.valueOf(data.get("key")), value(data.get("value")));
            }
            return map;
        }
        if (value != null && value.getClass().isArray()) {
            List<@Nullable Object> list = new ArrayList<>();
            for (int i = 0; i < Array.getLength(value); i++) {
                list.add(value(Array.get(value, i)));
            }
            return list;
        }
        return value;
    }
}
