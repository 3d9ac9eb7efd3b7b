package dev.loom.ctl.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class ColoursTest {

    private static String table(boolean terminal) {
        StringWriter out = new StringWriter();
        new Printer(new PrintWriter(out), new PrintWriter(out), false, terminal)
                .table(List.of("FILTER", "STATE", "HITS"), List.of(List.of("pool", "ACTIVE", "7"), List.of("a longer name", "FAILED", "12"), List.of("x", "EVACUATING", "0")));
        return out.toString();
    }

    @Test
    void statesHaveTheirColoursOnATerminal() {
        Colours colours = new Colours(true);
        assertEquals("\u001b[32mACTIVE\u001b[0m, 7 hits", colours.in("ACTIVE, 7 hits"));
        assertEquals("state \u001b[31mREJECTED\u001b[0m", colours.in("state REJECTED"));
        assertEquals("\u001b[33mWAITING_FOR_CLASS\u001b[0m", colours.in("WAITING_FOR_CLASS"));
        assertEquals("INACTIVE", colours.in("INACTIVE"), "a part of a word is none");
    }

    @Test
    void coloursMoveNoColumn() {
        assertEquals(table(false), table(true).replaceAll("\u001b\\[\\d+m", ""));
    }

    @Test
    void whatIsNoTerminalGetsNone() {
        assertFalse(table(false).contains("\u001b"), "an escape in what may be a file");
    }
}
