package dev.loom.filter.diagnostic;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class DiagnosticRendererTest {

    @Test
    void aRemarkShowsItsLineWithTheCaretUnderThePlace() {
        String text = "use com.acme.Bank\n\tatomic Bnak#transfer by this\n";
        int start = text.indexOf("Bnak");

        assertEquals(
                """
                bank.loom:2:9: error LOOM-020: there is no class Bnak
                    2 | \tatomic Bnak#transfer by this
                      | \t       ^~~~
                      = did you mean Bank?
                """,
                DiagnosticRenderer.render(remark(new Span(start, start + 4, 2, 9), "there is no class Bnak",
                        "did you mean Bank?"), text));
    }

    @Test
    void aPlaceAtTheEndOfTheTextStillHasACaret() {
        assertEquals(
                """
                bank.loom:1:5: error LOOM-020: message
                    1 | a <>
                      |     ^
                """,
                DiagnosticRenderer.render(remark(new Span(4, 4, 1, 5), "message", ""), "a <>"));
    }

    @Test
    void aLongLineIsCutAroundThePlace() {
        String text = "x".repeat(500) + "HERE" + "y".repeat(500);

        String shown = DiagnosticRenderer.render(remark(new Span(500, 504, 1, 501), "message", ""), text);

        String[] lines = shown.split("\n");
        assertEquals("    1 | …" + "x".repeat(40) + "HERE" + "y".repeat(76) + "…", lines[1]);
        assertEquals("      |  " + " ".repeat(40) + "^~~~", lines[2]);
    }

    @Test
    void whatCouldSteerATerminalIsShownAsAnEscape() {
        String text = "a\u001B[31mb";

        assertEquals(
                """
                bank.loom:1:2: error LOOM-020: message
                    1 | a\\u001B[31mb
                      |  ^~~~~~
                """,
                DiagnosticRenderer.render(remark(new Span(1, 2, 1, 2), "message", ""), text));
    }

    private static Diagnostic remark(Span span, String message, String hint) {
        return new Diagnostic("LOOM-020", Severity.ERROR, "bank.loom", span, message, hint);
    }
}
