package dev.loom.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
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
class StatusReaderTest {

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
        FilterStatus old = StatusReader.filter(data(Map.of("filter", "pool", "state", "ACTIVE", "overheadPercent", 0.5, "hooks", rows(1, hook))));
        assertEquals(List.of(), old.waits());
        assertEquals(List.of(), old.deadlocks());
        assertNull(old.cpuPercent(), "not told is not the same as 0 %");
        assertNull(old.waitPercent());
        assertNull(old.hooks().get(0).cpuPercent());
        assertNull(old.hooks().get(0).waitPercent());
        assertEquals(0.5, old.overheadPercent());
    }

    @Test
    void waitsAndDeadlocksAreBoundedLikeAllElse() throws OpenDataException {
        String[] many = new String[100_000];
        Arrays.fill(many, "x".repeat(5_000) + "\u001b");
        CompositeData wait = data(Map.of(
                "thread", "t".repeat(5_000), "threadId", 7L, "hook", "h".repeat(5_000), "location", "l".repeat(5_000),
                "sinceMillis", -5L, "waitsFor", many));
        FilterStatus status = StatusReader.filter(data(Map.of(
                "filter", "pool", "digest", "d".repeat(5_000), "cpuPercent", Double.NaN, "waitPercent", 1e300, "waits", rows(10_000, wait), "deadlocks", many)));
        assertEquals(80, status.digest().length(), "what a database of the console has room for");
        assertEquals(200, status.waits().size());
        OngoingWait first = status.waits().get(0);
        assertTrue(first.thread().length() <= 300);
        assertTrue(first.hook().length() <= 100);
        assertTrue(first.location().length() <= 300);
        assertEquals(0, first.sinceMillis());
        assertEquals(50, first.waitsFor().size());
        assertTrue(first.waitsFor().stream().allMatch(text -> text.length() <= 300));
        assertEquals(50, status.deadlocks().size());
        assertTrue(status.deadlocks().stream().allMatch(text -> text.length() <= 2_000));
        assertEquals(0.0, status.cpuPercent());
        assertEquals(1e6, status.waitPercent());
    }

    @Test
    void whatIsOfAnotherTypeReadsAsNotThere() throws OpenDataException {
        FilterStatus odd = StatusReader.filter(data(Map.of("filter", "pool", "waits", "many", "deadlocks", 3L, "cpuPercent", "much")));
        assertEquals(List.of(), odd.waits());
        assertEquals(List.of(), odd.deadlocks());
        assertNull(odd.cpuPercent());
    }

    @Test
    void aStateOfANewerAgentIsUnknownAndNoFailure() throws OpenDataException {
        assertEquals(FilterState.UNKNOWN, StatusReader.filter(data(Map.of("filter", "pool", "state", "PONDERING"))).state());
        assertEquals(FilterState.NONE, StatusReader.filter(data(Map.of("filter", "pool"))).state(), "a check that found no error");
        for (FilterState state : FilterState.values()) {
            assertEquals(state, FilterState.of(state.word()));
        }
    }

    @Test
    void findingsOfANewerAgentAreTakenWithKindsAndItemsThatAreNotKnownHere() throws OpenDataException {
        CompositeData side = data(Map.of(
                "place", "com.acme.Bank.pay(Bank.java:4)", "access", "read", "target", "com.acme.Bank.sum", "thread", "t".repeat(5_000),
                "stack", new String[] {"com.acme.Bank.pay(Bank.java:4)"}, "since", "not known here"));
        CompositeData torn = data(Map.of(
                "id", "1", "kind", "TORN", "type", "com.acme.Bank", "count", 3L, "sides", rows(50, side), "filter", "atomic com.acme.Bank#pay", "step", "new"));
        FindStatus status = FindReader.status(data(Map.of(
                "state", "FINDING", "classes", "com.acme.**", "elapsedMillis", -5L, "pausePercent", Double.NaN, "findings", rows(1_000, torn), "torn", 7L)));
        assertTrue(status.underWay());
        assertEquals(0, status.elapsedMillis());
        assertEquals(0.0, status.pausePercent());
        assertEquals(200, status.findings().size());
        Finding first = status.findings().get(0);
        assertEquals("TORN", first.kind());
        assertEquals(6, first.sides().size());
        assertTrue(first.sides().get(0).thread().length() <= 300);
        assertEquals(List.of("com.acme.Bank.pay(Bank.java:4)"), first.sides().get(0).stack());
        assertEquals("", first.why(), "what is missing reads as empty");
    }
}
