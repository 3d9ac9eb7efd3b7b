package dev.loom.ctl.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.client.Interleaving;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class InterleavingReportTest {

    private final StringWriter out = new StringWriter();

    private static Interleaving seen(String end, List<String> stack, List<String> otherStack) {
        return new Interleaving(end, "h1", "com.acme.Bank#transfer:42-45", "evil\u001b[2J", 31, stack, "teller-2", 32, otherStack, 0, 1_234_567);
    }

    private String printed(boolean json, Interleaving... seen) {
        InterleavingReport.print(List.of(seen), new Printer(new PrintWriter(out, true), new PrintWriter(new StringWriter()), json, false));
        return out.toString();
    }

    @Test
    void bothThreadsAreToldWithTheirStacksAndCannotSteerTheTerminal() {
        String text = printed(false, seen("PREVENTED", List.of("com.acme.Bank.transfer(Bank.java:42)"), List.of("com.acme.Bank.transfer(Bank.java:45)")));

        assertTrue(text.contains("(31) waited 1.235 ms at h1, com.acme.Bank#transfer:42-45"), text);
        assertTrue(text.contains("\"teller-2\" (32) was inside, and left at"), text);
        assertTrue(text.contains("    at com.acme.Bank.transfer(Bank.java:45)"), text);
        assertFalse(text.contains("\u001b"), text);
    }

    @Test
    void aBypassAndAnOverlapAreNoWaitsThatWereKept() {
        assertTrue(printed(false, seen("BYPASSED", List.of(), List.of())).contains("and went on without at h1"), out.toString());
        assertTrue(printed(false, seen("OVERLAPPED", List.of(), List.of())).contains("came inside at h1"), out.toString());
    }

    @Test
    void aLongStackIsCut() {
        String text = printed(false, seen("PREVENTED", Collections.nCopies(40, "com.acme.Deep.call(Deep.java:1)"), List.of()));

        assertTrue(text.contains("… 34 more"), text);
    }

    @Test
    void noneIsSaidToBeNone() {
        assertTrue(printed(false).startsWith("No interleaving was looked at yet."), out.toString());
    }

    @Test
    void withJsonTheNamesAreThoseOfTheMBean() {
        String text = printed(true, seen("PREVENTED", List.of(), List.of()));

        assertEquals('[', text.strip().charAt(0));
        for (String name : List.of("end", "hook", "location", "thread", "threadId", "stack", "other", "otherId", "otherStack", "atMillis", "waitedNanos")) {
            assertTrue(text.contains("\"" + name + "\""), text);
        }
    }
}
