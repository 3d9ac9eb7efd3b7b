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
    void behindAColonTheLinesThatHaveCodeAreGiven() {
        assertEquals(List.of("com.acme.Bank#transfer:4", "com.acme.Bank#transfer:5"), typed("com.acme.Bank#transfer:"));
        assertEquals(List.of("com.acme.Bank#later:9"), typed("com.acme.Bank#later:9"));
        assertEquals(List.of("com.acme.Bank:2", "com.acme.Bank:3", "com.acme.Bank:4", "com.acme.Bank:5", "com.acme.Bank:6", "com.acme.Bank:9"),
                typed("com.acme.Bank:"));
        assertEquals(List.of(), typed("com.acme.Bank#trim:7"));
        assertEquals(List.of(), typed("com.acme.Nowhere:"));
    }

    @Test
    void behindByTheKeysThatAMethodOffersAreGivenWithTheirTypes() {
        assertEquals(List.of("this\tBank", "$1\tint", "$2\tString", "$1\tDate", "com.acme.Bank.made\tint", "com.acme.Bank.class\tClass"),
                typed("com.acme.Bank#transfer by ").stream().map(k -> k.replaceFirst("^a\t", "\\$1\t").replaceFirst("^b\t", "\\$2\t")).toList());
        assertEquals(List.of("this\tBank"), typed("com.acme.Bank#trim by th"));
        assertEquals(List.of("this\tBank$Worker", "Bank.this\tBank", "com.acme.Bank.Worker.class\tClass"), typed("com.acme.Bank.Worker#work by "));
        assertEquals(List.of("this\tBank"), typed("com.acme.Bank:6 by th"));
        assertEquals(List.of(), typed("com.acme.Bank by th"));
        assertEquals(List.of(), typed("com.acme.Bank:999999999 by th"));
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
