package dev.loom.agent.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.loom.agent.control.FilterState;
import dev.loom.agent.filter.FilterTransitions.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class FilterTransitionsTest {

    /** Each state, then the step for each event; a dot for NOTHING. The columns are in the order of {@link Event}. */
    private static final String TABLE = """
            state              INSTALL  TICK     SECOND   COMPLETE  CLEAR     UNCLEAR   OUT_OF_PATIENCE  MISFIT  BROKEN        ACCEPT  CANCEL   REMOVE
            CHECKING           REFUSE   .        .        .         .         .         .                .       .             REFUSE  REFUSE   LEAVE
            WAITING_FOR_CLASS  REPLACE  LOOK     .        EVACUATE  .         .         .                FAIL    MARK_HARMFUL  REFUSE  REVERSE  LEAVE
            EVACUATING         REFUSE   LOOK     .        .         ACTIVATE  .         REVERSE          FAIL    MARK_HARMFUL  ACCEPT  REVERSE  LEAVE
            ACCEPTED           REPLACE  LOOK     .        .         ACTIVATE  .         .                FAIL    MARK_HARMFUL  ACCEPT  REVERSE  LEAVE
            ACTIVE             REPLACE  RECEIVE  RECHECK  .         .         EVACUATE  .                FAIL    MARK_HARMFUL  REFUSE  REFUSE   LEAVE
            OBSERVING          REPLACE  RECEIVE  RECHECK  .         .         EVACUATE  .                FAIL    MARK_HARMFUL  REFUSE  REFUSE   LEAVE
            REMOVING           REFUSE   .        .        .         .         .         .                .       .             REFUSE  REFUSE   .
            REMOVED            INSTALL  .        .        .         .         .         .                .       .             REFUSE  REFUSE   .
            REJECTED           INSTALL  .        .        .         .         .         .                .       .             REFUSE  REFUSE   .
            FAILED             INSTALL  .        .        .         .         .         .                .       .             REFUSE  REFUSE   .
            """;

    @Test
    void everyEventInEveryStateLeadsToTheStepOfTheTable() {
        Map<String, String> expected = new TreeMap<>();
        List<String> lines = TABLE.lines().toList();
        String[] events = lines.get(0).split(" +");
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(" +");
            for (int i = 1; i < cells.length; i++) {
                expected.put(cells[0] + " on " + events[i], cells[i]);
            }
        }
        Map<String, String> found = new TreeMap<>();
        for (FilterState state : FilterState.values()) {
            for (Event event : Event.values()) {
                FilterTransitions.Step step = FilterTransitions.step(state, event);
                found.put(state + " on " + event, step == FilterTransitions.Step.NOTHING ? "." : step.name());
            }
        }
        List<String> differences = new ArrayList<>();
        expected.forEach((pair, step) -> {
            if (!step.equals(found.get(pair))) {
                differences.add(pair + ": " + found.get(pair) + " instead of " + step);
            }
        });
        assertEquals(List.of(), differences, "steps that the table does not have");
        assertEquals(expected.keySet(), found.keySet(), "the table has to name each state and each event");
    }
}
