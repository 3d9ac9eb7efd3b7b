package dev.loom.filter.suggest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.filter.FilterSuggestions;
import dev.loom.filter.FilterSuggestions.Proposal;
import dev.loom.filter.Sources;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Reports as Infer's documentation and its own description of {@code report.json} have them: the fields of an issue, the labels of a trace of two accesses,
 * the sentences of RacerD. No Infer wrote them.
 */
class RacerReportTest {

    private static final String FILE = "app/src/main/java/com/acme/Account.java";
    private static final String WHY = "\\n Reporting because the current class is annotated `@ThreadSafe`, so we assume that this method can run in parallel"
            + " with other non-private methods in the class (including itself).";

    private static final Sources CODE = Sources.compile("com/acme/Account.java", """
            package com.acme;

            import java.util.HashMap;
            import java.util.Map;

            public class Account {
                private int mBalance;
                private final Map<String, Integer> map = new HashMap<>();

                public void deposit(int amount) {
                    if (amount > 0) {
                        mBalance += amount; // @deposit
                    }
                }

                public int withdraw(int amount) {
                    if (amount >= 0 && mBalance - amount >= 0) { // @withdraw
                        mBalance -= amount; // @taken
                        return mBalance;
                    }
                    return 0;
                }

                public Integer getIndexSet(String key) {
                    return map.get(key); // @get
                }

                public void setIndexSet(String key, Integer value) {
                    put(key, value); // @set
                }

                private void put(String key, Integer value) {
                    map.put(key, value); // @put
                }

                public int total() {
                    return peek(); // @total
                }

                private int peek() {
                    return mBalance; // @peek
                }

                public void call(Listener listener) {
                    listener.changed(); // @call
                }

                public class Teller {
                    public void close() {
                        mBalance = 0; // @close
                    }
                }
            }

            interface Listener {
                void changed();
            }

            class Desk {
                void serve(Drawer drawer) {
                    drawer.fill(); // @serve
                }
            }

            class Drawer {
                private Integer x;

                void fill() {
                    x = 88; // @fill
                }
            }
            """);

    @Test
    void aReadThatRacesWithAWriteGivesBothMethodsForOneObject() {
        String issue = issue(
                "THREAD_SAFETY_VIOLATION", "com.acme.Account.withdraw(int):int", CODE.line("withdraw"),
                "Read/Write race. Non-private method `Account.withdraw(...)` reads without synchronization from `this.mBalance`."
                        + " Potentially races with write in method `Account.deposit(...)`." + WHY,
                step(0, "withdraw", "<Read trace>"), step(0, "withdraw", "access to `this.mBalance`"),
                step(0, "deposit", "<Write trace>"), step(0, "deposit", "access to `this.mBalance`"));
        Proposal first = first("[" + issue + "]");
        assertEquals("com.acme.Account#withdraw by this <> com.acme.Account#deposit by this", constraint(first));
        assertFalse(first.isRejected(), first.toString());
        assertTrue(first.candidate().text().contains("Suggested for Read/Write race in com.acme.Account.withdraw"), first.candidate().text());
        assertEquals(constraint(first), constraint(first(issue)), "one issue alone, as it is copied");
    }

    @Test
    void anUnprotectedWriteGivesTheMethodByWhichThreadsComeToItAndWhatElseUsesTheField() {
        Proposal first = first("[" + issue(
                "THREAD_SAFETY_VIOLATION", "com.acme.Account.setIndexSet(java.lang.String,java.lang.Integer):void", CODE.line("set"),
                "Unprotected write. Non-private method `Account.setIndexSet(...)` indirectly mutates container `this.map` via call to `Map.put(...)`"
                        + " outside of synchronization." + WHY,
                step(0, "set", "call to void Account.put(String,Integer)"), step(1, "put", "Write to container `this.map` via call to `put`")) + "]");
        assertEquals("com.acme.Account#setIndexSet by this <> com.acme.Account#getIndexSet by this", constraint(first));
        assertFalse(first.isRejected(), first.toString());
    }

    @Test
    void callsAreFollowedOnBothSides() {
        Proposal first = first("[" + issue(
                "THREAD_SAFETY_VIOLATION", "com.acme.Account.total():int", CODE.line("total"),
                "Read/Write race. Non-private method `int Account.total()` indirectly reads without synchronization from `this.mBalance`."
                        + " Potentially races with unsynchronized write in method `Account$Teller.close()`." + WHY,
                step(0, "total", "<Read trace>"), step(0, "total", "call to int Account.peek()"), step(1, "peek", "access to `this.mBalance`"),
                step(0, "close", "<Write trace>"), step(0, "close", "access to `this.this$0.mBalance`")) + "]");
        assertEquals("com.acme.Account#total by this <> com.acme.Account$Teller#close by com.acme.Account.this", constraint(first));
        assertFalse(first.isRejected(), first.toString());
    }

    @Test
    void theOtherWriteThatNoSentenceNamesIsToldFromItsLine() {
        Proposal first = first("[" + issue(
                "THREAD_SAFETY_VIOLATION", "com.acme.Account.deposit(int):void", CODE.line("deposit"),
                "Unprotected write. Non-private method `Account.deposit(...)` writes to field `this.mBalance` outside of synchronization.\\n Reporting because"
                        + " another access to the same memory occurs on a background thread, although this access may not.",
                step(0, "deposit", "<Write on unknown thread>"), step(0, "deposit", "access to `this.mBalance`"),
                step(0, "taken", "<Write on background thread>"), step(0, "taken", "access to `this.mBalance`")) + "]");
        assertEquals("com.acme.Account#deposit by this <> com.acme.Account#withdraw by this", constraint(first));
    }

    @Test
    void aCallIntoAnotherClassOfTheSameSourceGivesTheObjectThere() {
        Proposal first = first("[" + issue(
                "THREAD_SAFETY_VIOLATION", "com.acme.Desk.serve(com.acme.Drawer):void", CODE.line("serve"),
                "Unprotected write. Non-private method `Desk.serve(...)` indirectly writes to field `drawer.x` outside of synchronization." + WHY,
                step(0, "serve", "call to void Drawer.fill()"), step(1, "fill", "access to `this.x`")) + "]");
        assertEquals("atomic com.acme.Drawer#fill by this", constraint(first));
        assertFalse(first.isRejected(), first.toString());
    }

    @Test
    void anInterfaceThatIsNotThreadSafeGivesTheMethodThatCallsIt() {
        Proposal first = first("[" + issue(
                "INTERFACE_NOT_THREAD_SAFE", "com.acme.Account.call(com.acme.Listener):void", CODE.line("call"),
                "Unprotected call to method `void Listener.changed()` of un-annotated interface `com.acme.Listener`. Consider annotating the interface with"
                        + " `@ThreadSafe` or adding a lock.",
                step(0, "call", "Call to un-annotated interface method void Listener.changed()")) + "]");
        assertTrue(constraint(first).startsWith("atomic com.acme.Account#call"), constraint(first));
        assertFalse(first.isRejected(), first.toString());
    }

    @Test
    void reportsOfOlderVersionsNameMethodsWithoutTheirPackageAndSeveralWrites() {
        Proposal first = first("[{\"bug_class\":\"PROVER\",\"kind\":\"ERROR\",\"bug_type\":\"THREAD_SAFETY_VIOLATION\",\"qualifier\":\"Read/Write race. Public method"
                + " int Account.withdraw(int) reads from field Account.mBalance. Potentially races with writes in methods void Account.deposit(int),"
                + " int Account.withdraw(int)\",\"line\":" + CODE.line("withdraw") + ",\"procedure\":\"int Account.withdraw(int)\",\"file\":\"" + FILE + "\"}]");
        assertEquals("com.acme.Account#withdraw by this <> com.acme.Account#deposit by this", constraint(first));
    }

    @Test
    void theNamesCountWhereTheLinesAreOfAnotherVersionAndThePathOfAnotherLayout() {
        String issue = issue(
                "THREAD_SAFETY_VIOLATION", "com.acme.Account.getIndexSet(java.lang.String):java.lang.Integer", 4_000,
                "Read/Write race. Non-private method `Account.getIndexSet(...)` reads without synchronization from container `this.map` via call to"
                        + " `Map.get(...)`, which races with the write in method `Account.setIndexSet(...)`." + WHY).replace(FILE, "C:\\\\work\\\\Account.kt");
        assertEquals("com.acme.Account#getIndexSet by this <> com.acme.Account#setIndexSet by this", constraint(first("[" + issue + "]")));
    }

    @Test
    void ofSeveralRacesEachGetsItsFirstProposalOnce() {
        List<String> issues = new ArrayList<>();
        issues.add(issue("NULL_DEREFERENCE", "com.acme.Account.total():int", 1, "object could be null."));
        for (int i = 0; i < 3; i++) {
            issues.add(issue(
                    "THREAD_SAFETY_VIOLATION", "com.acme.Desk.serve(com.acme.Drawer):void", CODE.line("serve"),
                    "Unprotected write. Non-private method `Desk.serve(...)` indirectly writes to field `drawer.x` outside of synchronization." + WHY,
                    step(0, "serve", "call to void Drawer.fill()"), step(1, "fill", "access to `this.x`")));
        }
        issues.add(issue(
                "THREAD_SAFETY_VIOLATION", "com.acme.Account.deposit(int):void", CODE.line("deposit"),
                "Unprotected write. Non-private method `Account.deposit(...)` writes to field `this.mBalance` outside of synchronization." + WHY,
                step(0, "deposit", "access to `this.mBalance`")));
        List<Proposal> proposals = proposals("[" + String.join(",", issues) + "]");
        assertEquals("atomic com.acme.Drawer#fill by this", constraint(proposals.get(0)));
        assertEquals("Unprotected write in com.acme.Desk.serve", proposals.get(0).failure());
        assertTrue(constraint(proposals.get(1)).contains("com.acme.Account#deposit by this"), constraint(proposals.get(1)));
        assertEquals("Unprotected write in com.acme.Account.deposit", proposals.get(1).failure());
        assertEquals(proposals.size(), proposals.stream().map(RacerReportTest::constraint).distinct().count());
    }

    @Test
    void aReportWithoutRacesSaysWhatItHas() {
        String other = issue("NULL_DEREFERENCE", "com.acme.Account.total():int", 1, "object could be null.");
        assertEquals("Infer's report has no race of RacerD; it has 2 NULL_DEREFERENCE", Evidence.of(List.of("[" + other + "," + other + "]")).missing());
        assertEquals("the report is empty", Evidence.of(List.of("[]\n")).missing());
    }

    @Test
    void whatIsDamagedOrOfOtherClassesIsNoFailure() {
        String foreign = issue(
                "THREAD_SAFETY_VIOLATION", "org.other.Thing.run():void", 7, "Unprotected write. Non-private method `Thing.run()` writes.",
                "{\"level\":0,\"filename\":\"src/org/other/Thing.java\",\"line_number\":7,\"description\":\"access to `this.f`\"}");
        assertEquals(List.of(), Evidence.of(List.of("[" + foreign + "]")).failures(CODE));
        String whole = "[" + foreign + "]";
        for (int end = 1; end < whole.length(); end += 7) {
            Evidence.of(List.of(whole.substring(0, end) + "]")).failures(CODE);
        }
        Evidence.of(List.of("[".repeat(100_000) + "]".repeat(100_000))).failures(CODE);
        assertEquals(List.of(), Evidence.of(List.of("[{\"bug_type\":\"THREAD_SAFETY_VIOLATION\",\"qualifier\":\"\",\"line\":99999999999,\"bug_trace\":[1,{}]}]"))
                .failures(CODE));
    }

    private static Proposal first(String report) {
        List<Proposal> proposals = proposals(report);
        assertFalse(proposals.isEmpty(), report);
        return proposals.get(0);
    }

    private static List<Proposal> proposals(String report) {
        Evidence evidence = Evidence.of(List.of(report));
        assertEquals("", evidence.missing());
        return FilterSuggestions.of(evidence.failures(CODE), CODE, 6);
    }

    private static String constraint(Proposal proposal) {
        return proposal.candidate().text().lines().filter(l -> l.startsWith("    ") && !l.contains("about")).findFirst().orElse("").strip();
    }

    /** An issue with the fields that Infer writes. */
    private static String issue(String type, String procedure, int line, String qualifier, String... trace) {
        return """
                {"bug_type":"%s","qualifier":"%s","severity":"WARNING","category":"Concurrency","line":%d,"column":-1,"procedure":"%s",
                 "procedure_start_line":%d,"file":"%s","bug_trace":[%s],"bug_trace_length":%d,"bug_trace_max_depth":1,
                 "key":"Account.java|x|%s","hash":"f81d4fae","bug_type_hum":"Thread Safety Violation"}"""
                .formatted(type, qualifier, line, procedure, line - 1, FILE, String.join(",", trace), trace.length, type);
    }

    private static String step(int level, String line, String description) {
        return "{\"level\":%d,\"filename\":\"%s\",\"line_number\":%d,\"column_number\":-1,\"description\":\"%s\"}"
                .formatted(level, FILE, CODE.line(line), description);
    }
}
