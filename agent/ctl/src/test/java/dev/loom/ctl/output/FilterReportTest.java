package dev.loom.ctl.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class FilterReportTest {

    private final StringWriter out = new StringWriter();

    @Test
    void aTableLinesUpItsColumns() {
        printer(false).table(List.of("FILTER", "HITS"), List.of(List.of("bank", "7"), List.of("logback-interrupt", "12345")));

        assertEquals("""
                FILTER              HITS
                bank                   7
                logback-interrupt  12345
                """, out.toString().replace(System.lineSeparator(), "\n"));
    }

    @Test
    void whatComesFromAJvmCannotSteerTheTerminal() {
        printer(false).table(List.of("THREAD"), List.of(List.of("evil\u001b[2J\nnext")));

        assertFalse(out.toString().contains("\u001b"));
        assertEquals(2, out.toString().lines().count());
    }

    @Test
    void withJsonNothingElseIsOnStdout() {
        Printer printer = printer(true);
        printer.line("for people");
        printer.table(List.of("A"), List.of());
        printer.text("text");
        printer.json(List.of());

        assertEquals("[]", out.toString().strip());
    }

    private Printer printer(boolean json) {
        return new Printer(new PrintWriter(out, true), new PrintWriter(new StringWriter()), json, false);
    }
}
