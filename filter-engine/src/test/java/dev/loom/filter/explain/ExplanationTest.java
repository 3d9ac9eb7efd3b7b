package dev.loom.filter.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.filter.CompileResult;
import dev.loom.filter.FilterCompiler;
import dev.loom.filter.Sources;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ExplanationTest {

    private static final Sources CLASSES = Sources.compile(
            "Bank.java",
            """
            package com.acme;
            class Bank {
                int sum;
                void add(int[] all) {
                    sum = 0;
                    for (int one : all) {
                        if (one < 0) {
                            return;
                        }
                        sum += one;
                    }
                    done();
                }
                void done() {}
                Bank() {
                    super();
                    done();
                }
            }
            """);

    @Test
    void theLinesOfARegionShowWhereItIsEnteredAndLeft() {
        assertEquals(
                """
                5|||writes Bank.sum
                6|enter 1||
                7|in 1||
                8|leave 1||returns
                10|in 1||writes Bank.sum
                12|leave 1||calls Bank#done
                13|||returns
                """,
                lines("atomic { com.acme.Bank:6 ; com.acme.Bank:12 }").replaceAll("move|in the way", ""));
    }

    @Test
    void aMethodIsEnteredAtItsFirstLineAndAConstructorBehindSuper() {
        assertTrue(lines("atomic com.acme.Bank#add").startsWith("5|enter 1|"), lines("atomic com.acme.Bank#add"));
        String constructor = lines("atomic com.acme.Bank#<init>");
        assertTrue(constructor.startsWith("16||"), constructor);
        assertTrue(constructor.contains("17|enter 1|"), constructor);
        assertTrue(constructor.contains("18|leave 1|"), constructor);
    }

    @Test
    void eventsWaitAndAreDone() {
        String lines = lines("com.acme.Bank:5 > com.acme.Bank:17");
        assertTrue(lines.contains("5|done 1|"), lines);
        assertTrue(lines.contains("17|wait 1, done 1|"), lines);
    }

    @Test
    void aBranchThatThrowsBetweenTheLinesIsInsideUntilItHasThrown() {
        Sources withUndo = Sources.compile(
                "C.java",
                """
                class C {
                    int x;
                    void m(boolean bad) {
                        x = 1;
                        if (bad) {
                            undo();
                            throw new IllegalStateException();
                        }
                        x = 2;
                    }
                    void undo() {}
                }
                """);

        String lines = lines("atomic { C:4 ; C:9 }", withUndo).replace("in the way", "");

        assertTrue(lines.contains("6|in 1||calls C#undo"), lines);
        assertTrue(lines.contains("7|in 1||"), lines);
    }

    /** The rows of the explanation, without the blanks of its columns. */
    private static String lines(String filter) {
        return lines(filter, CLASSES);
    }

    private static String lines(String filter, Sources classes) {
        CompileResult result = FilterCompiler.compile("f.loom", filter, "f", classes);
        CompileResult.Compiled compiled = assertInstanceOf(CompileResult.Compiled.class, result, () -> result.diagnostics().toString());
        String text = Explanation.of(compiled.plan(), classes);
        assertTrue(classes != CLASSES || text.contains("  source com/acme/Bank.java\n"), text);
        return text.lines().filter(l -> l.matches(" +\\d+ \\|.*")).map(l -> l.replaceAll(" *\\| *", "|").strip())
                .collect(Collectors.joining("\n", "", "\n"));
    }
}
