package dev.loom.ctl.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FindReportTest {

    private final StringWriter out = new StringWriter();

    @Test
    void aRaceIsToldWithBothThreadsAndAFilter() {
        Map<String, Object> write = Map.of("access", "write", "target", "com.acme.Bank.sum", "thread", "w\u001b1", "monitor", true,
                "stack", List.of("com.acme.Bank.pay(Bank.java:7)", "com.acme.Main.run(Main.java:3)"));
        Map<String, Object> read = Map.of("access", "read", "target", "com.acme.Bank.sum", "thread", "r", "monitor", false, "stack", List.of(),
                "place", "com.acme.Bank.show:9");
        Map<String, Object> finding = Map.of("id", "1", "kind", "DATA_RACE", "type", "com.acme.Bank", "count", 12L, "pairs", 2, "sides",
                List.of(write, read), "filter", "filter \"suggested\" {\n    atomic com.acme.Bank#pay\n}\n", "why", "the methods", "alternatives",
                List.of(Map.of("filter", "filter \"suggested\" {\n    about \"x\"\n\n    atomic com.acme.Main#run\n}\n", "why", "their callers")));

        FindReport.print(status(List.of(finding), List.of("com.acme.Old: the JVM refused it")), printer());

        assertEquals("""
                Looked for 20.0 s at 30 places in 2 classes: threads came to 20 of them, and paused at 10.
                Took 1.25 % of the time in pauses and about 0.10 % of a processor in watch points; the budget is 3.00 %.

                1. data race on com.acme.Bank.sum, an object of com.acme.Bank, seen 12 times (at 2 pairs of lines)
                   write of com.acme.Bank.sum in thread "w\\u001B1", which holds the object's monitor
                      at com.acme.Bank.pay(Bank.java:7)
                      at com.acme.Main.run(Main.java:3)
                   read of com.acme.Bank.sum in thread "r"
                      at com.acme.Bank.show:9
                   a filter that keeps them apart, by the methods:
                      filter "suggested" {
                          atomic com.acme.Bank#pay
                      }
                   or, by their callers:
                      atomic com.acme.Main#run

                Not looked at:
                    com.acme.Old: the JVM refused it
                """, out.toString().replace(System.lineSeparator(), "\n"));
    }

    @Test
    void nothingSeenIsNoPromise() {
        FindReport.print(status(List.of(), List.of()), printer());

        assertTrue(out.toString().contains("No race was seen. One that is rare takes longer"), out.toString());
    }

    private static Map<String, Object> status(List<?> findings, List<?> uncovered) {
        Map<String, Object> status = new HashMap<>(Map.of("elapsedMillis", 20_000L, "places", 30, "watchedClasses", 2, "reached", 20, "paused", 10,
                "pausePercent", 1.25, "watchPercent", 0.1, "budgetPercent", 3.0));
        status.put("findings", findings);
        status.put("uncovered", uncovered);
        return status;
    }

    private Printer printer() {
        return new Printer(new PrintWriter(out, true), new PrintWriter(new StringWriter()), false, false);
    }
}
