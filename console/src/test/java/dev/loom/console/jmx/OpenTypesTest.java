package dev.loom.console.jmx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import javax.management.openmbean.ArrayType;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.CompositeDataSupport;
import javax.management.openmbean.CompositeType;
import javax.management.openmbean.OpenDataException;
import javax.management.openmbean.OpenType;
import javax.management.openmbean.SimpleType;
import org.junit.jupiter.api.Test;

/** What an agent may leave out, and how much of what it says is taken. */
class OpenTypesTest {

    private static CompositeData data(Map<String, Object> items) throws OpenDataException {
        Map<String, Object> sorted = new TreeMap<>(items);
        String[] names = sorted.keySet().toArray(String[]::new);
        OpenType<?>[] types = new OpenType<?>[names.length];
        for (int i = 0; i < names.length; i++) {
            types[i] = type(sorted.get(names[i]));
        }
        return new CompositeDataSupport(new CompositeType("test", "test", names, names, types), sorted);
    }

    private static OpenType<?> type(Object value) throws OpenDataException {
        if (value instanceof String[]) {
            return ArrayType.getArrayType(SimpleType.STRING);
        }
        if (value instanceof CompositeData[] rows) {
            return ArrayType.getArrayType(rows[0].getCompositeType());
        }
        return value instanceof Double ? SimpleType.DOUBLE : value instanceof Long ? SimpleType.LONG : SimpleType.STRING;
    }

    private static CompositeData[] rows(int count, CompositeData row) {
        CompositeData[] rows = new CompositeData[count];
        Arrays.fill(rows, row);
        return rows;
    }

    @Test
    void anAgentOfTheFirstReleaseTellsNoWaitsAndNoPartsOfItsOverhead() throws OpenDataException {
        CompositeData hook = data(Map.of("id", "borrow", "hits", 12L));
        FilterStatus old = OpenTypes.filter(data(Map.of("filter", "pool", "state", "ACTIVE", "overheadPercent", 0.5, "hooks", rows(1, hook))));
        assertThat(old.waits()).isEmpty();
        assertThat(old.deadlocks()).isEmpty();
        assertThat(old.cpuPercent()).as("not told is not the same as 0 %").isNull();
        assertThat(old.waitPercent()).isNull();
        assertThat(old.hooks().get(0).cpuPercent()).isNull();
        assertThat(old.hooks().get(0).waitPercent()).isNull();
        assertThat(old.overheadPercent()).isEqualTo(0.5);
    }

    @Test
    void waitsAndDeadlocksAreBoundedLikeAllElse() throws OpenDataException {
        String[] many = new String[100_000];
        Arrays.fill(many, "x".repeat(5_000) + "\u001b");
        CompositeData wait = data(Map.of(
                "thread", "t".repeat(5_000), "threadId", 7L, "hook", "h".repeat(5_000), "location", "l".repeat(5_000),
                "sinceMillis", -5L, "waitsFor", many));
        FilterStatus status = OpenTypes.filter(data(Map.of(
                "filter", "pool", "cpuPercent", Double.NaN, "waitPercent", 1e300, "waits", rows(10_000, wait), "deadlocks", many)));
        assertThat(status.waits()).hasSize(200);
        OngoingWait first = status.waits().get(0);
        assertThat(first.thread().length()).isLessThanOrEqualTo(300);
        assertThat(first.hook().length()).isLessThanOrEqualTo(100);
        assertThat(first.location().length()).isLessThanOrEqualTo(300);
        assertThat(first.sinceMillis()).isZero();
        assertThat(first.waitsFor()).hasSize(50).allMatch(text -> text.length() <= 300);
        assertThat(status.deadlocks()).hasSize(50).allMatch(text -> text.length() <= 2_000);
        assertThat(status.cpuPercent()).isZero();
        assertThat(status.waitPercent()).isEqualTo(1e6);
    }

    @Test
    void whatIsOfAnotherTypeReadsAsNotThere() throws OpenDataException {
        FilterStatus odd = OpenTypes.filter(data(Map.of("filter", "pool", "waits", "many", "deadlocks", 3L, "cpuPercent", "much")));
        assertThat(odd.waits()).isEmpty();
        assertThat(odd.deadlocks()).isEmpty();
        assertThat(odd.cpuPercent()).isNull();
    }
}
