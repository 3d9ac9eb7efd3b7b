package dev.loom.filter.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.filter.FilterCompiler;
import dev.loom.filter.Sources;
import dev.loom.filter.diagnostic.Diagnostic;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Regions and the initialization of classes. */
class ClassInitTest {

    private static final Sources SOURCES = Sources.compile(
            "Work.java",
            """
            class Work {
                static int m(int k) {
                    return k == 1 ? B.x() : 0;
                }
                static class B {
                    static int v = 1 + m(0);
                    static int x() { return v; }
                }

                static void far() {
                    near();
                }
                static void near() {
                    new Child();
                }
                static class Parent { static { Other.go(); } }
                static class Child extends Parent {}
                static class Other { static int n = 1; static { n = from(); } static void go() {} static int from() { far(); return 2; } }

                static int harmless() {
                    return Plain.TABLE[0];
                }
                static class Plain { static int[] TABLE = {1}; static { TABLE[0]++; } }

                static class Own {
                    static final Own IT = new Own();
                    Own() { refresh(); }
                    void refresh() { IT.getClass(); }
                }
            }
            """);

    @Test
    void aRegionThatInitializesAClassWhoseInitializerComesBackIsNamedWithBothPaths() {
        List<String> said = said("atomic Work#m");
        assertEquals(1, said.size(), said::toString);
        assertTrue(said.get(0).contains("can initialize Work$B (Work#m:3), whose initializer can come to Work#m(int) (Work$B#<clinit>:6)"),
                said::toString);
    }

    @Test
    void callsSuperclassesAndFurtherInitializersAreFollowed() {
        List<String> said = said("atomic Work#far");
        assertEquals(1, said.size(), said::toString);
        assertTrue(said.get(0).contains("can initialize Work$Parent (Work#far:11, Work#near:14), whose initializer can come to Work#far()"
                + " (Work$Other#<clinit>:18, Work$Other#from:18), by way of the initializer of Work$Other (Work$Parent#<clinit>:16)"),
                said::toString);
    }

    @Test
    void anotherRegionOfTheSameConstraintCounts() {
        assertEquals(1, said("Work#harmless <> { Work:3 ; Work:3 }").size());
        assertEquals(0, said("shared Work#m <> Work#harmless").size(), "threads of a shared side do not keep each other out");
        assertEquals(0, said("observe atomic Work#m").size());
    }

    @Test
    void aClassWhoseInitializerKeepsAwayFromTheConstraintIsNotSaid() {
        assertEquals(List.of(), said("atomic Work#harmless"));
    }

    @Test
    void aClassThatHasBeenInitializedBeforeItsCodeRunsIsNotSaid() {
        assertEquals(List.of(), said("atomic Work$Own#refresh"));
    }

    @Test
    void aRegionOfAnInitializerIsSaid() {
        List<String> said = said("atomic Work$B#<clinit>");
        assertTrue(said.get(0).startsWith("this region is in the initializer of Work$B"), said::toString);
    }

    private static List<String> said(String filter) {
        return FilterCompiler.compile("f.loom", filter, "f", SOURCES).diagnostics().stream()
                .filter(d -> d.code().equals("LOOM-082")).map(Diagnostic::message).toList();
    }
}
