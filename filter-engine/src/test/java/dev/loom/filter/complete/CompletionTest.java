package dev.loom.filter.complete;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.loom.filter.Sources;
import java.util.List;
import org.junit.jupiter.api.Test;

class CompletionTest {

    private static final Sources CLASSES = Sources.compile(
            "Bank.java",
            """
            package com.acme;
            public abstract class Bank {
                static int made = 1;
                void transfer(int a, String b) {}
                void transfer(java.util.Date a) {}
                void trim() {}
                abstract void tried();
                native void tricky();
                Runnable later() { return () -> trim(); }
                class Worker { void work() { new Object() {}; } }
            }
            class Banker {}
            """);

    @Test
    void aBeginningOfTheQualifiedOrSimpleNameGivesClassesTheShortestFirst() {
        assertEquals(List.of("com.acme.Bank", "com.acme.Banker", "com.acme.Bank$Worker"), typed("com.acme.B"));
        assertEquals(List.of("com.acme.Bank", "com.acme.Banker", "com.acme.Bank$Worker"), typed("Ban"));
        assertEquals(List.of("com.acme.Bank$Worker"), typed("Wor"));
        assertEquals(List.of("com.acme.Bank$Worker"), typed("com.acme.Bank.W"));
        assertEquals(List.of(), typed("ank"));
    }

    @Test
    void behindAHashMethodsWithABodyAreGivenAndOverloadsAlsoWithTheirParameters() {
        assertEquals(
                List.of("com.acme.Bank#transfer", "com.acme.Bank#transfer(int,String)", "com.acme.Bank#transfer(java.util.Date)",
                        "com.acme.Bank#trim"),
                typed("com.acme.Bank#tr"));
        assertEquals(List.of("com.acme.Bank#lambda$later$0"), typed("com.acme.Bank#lam"));
        assertEquals(List.of("com.acme.Bank#<init>"), typed("com.acme.Bank#<"));
        assertEquals(List.of("com.acme.Bank.Worker#work"), typed("com.acme.Bank.Worker#w"));
        assertEquals(List.of(), typed("com.acme.Nowhere#"));
    }

    @Test
    void theAnswerIsBoundedAndDamagedClassesHaveNoMethods() {
        assertEquals(List.of("com.acme.Bank"), Completion.of("com", CLASSES, n -> true, 1));
        assertEquals(List.of("com.acme.Banker"), Completion.of("com", CLASSES, n -> n.endsWith("Banker"), 10));
        assertEquals(List.of(), Completion.of("x".repeat(1_000_000), CLASSES, n -> true, 10));
        assertEquals(List.of(), Completion.methods(new byte[] {1, 2, 3}));
    }

    private static List<String> typed(String text) {
        return Completion.of(text, CLASSES, n -> true, 100);
    }
}
