package dev.loom.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.filter.diagnostic.Diagnostic;
import dev.loom.filter.diagnostic.Diagnostics;
import dev.loom.filter.syntax.FilterParser;
import dev.loom.filter.syntax.FilterTree;
import dev.loom.filter.syntax.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What one run says about a file with several faults, and about faults that look like others. */
class DiagnosticsOfOneRunTest {

    private static final Sources SOURCES = Sources.compile(
            "Bank.java",
            """
            package com.acme;
            class Bank {
                int x;
                int audit() {
                    return x;                              // @audit
                }
                void add(int by) {
                    x += by;                               // @add
                    Runnable r = () -> x++;                // @lambda
                    r.run();
                }
            }
            """);

    @Test
    void wrongLinesAreSaidAlsoBehindASyntaxError() {
        assertEquals(
                List.of("LOOM-001", "LOOM-022", "LOOM-021"),
                errors("atomic com.acme.Bank#audit(\natomic com.acme.Bank:999\natomic com.acme.Bank#nothing\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "region a = com.acme.Bank#audit\na <> com.acme.Bank#add )",
        "region a = com.acme.Bank#audit\nregion b = com.acme.Bank#add\na <> b <> <>",
        "region transfer = com.acme.Bank#audit\natomic transfr",
        "event a = com.acme.Bank:5\natomic a",
        "region b = com.acme.Bank#add\nregion a = b by this\natomic a by x",
        "region a = com.acme.Bank#audit by this\na <> com.acme.Bank#add"})
    void aNameIsUsedAlsoWhereItsUseIsWrong(String filter) {
        List<Diagnostic> said = said(filter);
        assertTrue(said.stream().anyMatch(Diagnostic::isError), said::toString);
        assertTrue(said.stream().noneMatch(d -> d.code().equals("LOOM-018")), said::toString);
    }

    @Test
    void aNameThatNothingMentionsIsStillRemarkedOnBesideAnError() {
        assertTrue(said("region a = com.acme.Bank#audit\natomic com.acme.Bank#add )").stream().anyMatch(d -> d.code().equals("LOOM-018")));
    }

    @Test
    void allBodiesOfALineAreOffered() {
        Diagnostic said = said("atomic com.acme.Bank:9").stream().filter(d -> d.code().equals("LOOM-023")).findFirst().orElseThrow();
        assertEquals("pick one: com.acme.Bank#add:9 or com.acme.Bank#lambda$add$0:9", said.hint());
    }

    @ParameterizedTest
    @CsvSource({"abut \"x\", about", "regoin a = com.acme.Bank#audit, region", "atomc com.acme.Bank#audit, atomic",
        "tickt \"x\", ticket", "com.acme.Bank:5 > com.acme.Bank:8 witin 5s, within", "fliter \"x\" {, filter", "shard com.acme.Bank#audit <> com.acme.Bank#add, shared"})
    void aMisspeltWordIsRecognized(String text, String meant) {
        assertTrue(
                said(text + "\natomic com.acme.Bank#audit\n").stream().anyMatch(d -> d.hint().equals("did you mean " + meant + "?")),
                () -> said(text).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"audit", "add"})
    void aDeclaredNameIsNoMisspeltWord(String name) {
        assertTrue(said("region " + name + " = com.acme.Bank#audit\natomic " + name).stream().noneMatch(Diagnostic::isError));
    }

    @Test
    void theTextOfAboutMayRunOverLines() {
        String filter = "filter \"pool\" {\n    about \"An idle object is destroyed  \r\n           while it is borrowed.\" // why\n"
                + "    atomic com.acme.Bank:999\n}\n";
        FilterTree file = FilterParser.parse(filter, new Diagnostics("f"));
        assertEquals("An idle object is destroyed while it is borrowed.", assertInstanceOf(Statement.About.class, file.statements().get(0)).text());
        Diagnostic wrong = said(filter).stream().filter(Diagnostic::isError).findFirst().orElseThrow();
        assertEquals("4:12", wrong.span().line() + ":" + wrong.span().column(), "what stands behind it keeps its place");
    }

    @Test
    void aTextWhoseEndWasForgottenSwallowsNothing() {
        assertEquals(List.of("LOOM-006"), errors("about \"no end\nticket \"T-1\"\natomic com.acme.Bank#audit\n"));
        assertEquals(List.of("LOOM-006"), errors("about \"no end\natomic com.acme.Bank#audit\n"));
        assertEquals(List.of("LOOM-006"), errors("ticket \"no\nend\"\natomic com.acme.Bank#audit\n").stream().limit(1).toList());
    }

    @Test
    void aClassThatIsNotCalledLikeItsFileIsFoundByTheFile() {
        Sources sources = Sources.compile(
                "Account.java", "class Other$Name { int x; int get() {\n return x; } }").with("ns/core$fn", clojure());
        assertEquals(List.of(), errors("atomic Account.java:2", sources));
        assertEquals(List.of(), errors("atomic core.clj:12", sources));
        assertEquals(List.of(), errors("atomic at ns.core$fn.invoke(core.clj:12)", sources));
    }

    /** A function as Clojure's compiler makes it. */
    private static byte[] clojure() {
        org.objectweb.asm.ClassWriter writer = new org.objectweb.asm.ClassWriter(0);
        writer.visit(org.objectweb.asm.Opcodes.V1_8, org.objectweb.asm.Opcodes.ACC_PUBLIC, "ns/core$fn", null, "java/lang/Object", null);
        writer.visitSource("core.clj", null);
        org.objectweb.asm.MethodVisitor method = writer.visitMethod(org.objectweb.asm.Opcodes.ACC_PUBLIC, "invoke", "()V", null, null);
        org.objectweb.asm.Label start = new org.objectweb.asm.Label();
        method.visitCode();
        method.visitLabel(start);
        method.visitLineNumber(12, start);
        method.visitInsn(org.objectweb.asm.Opcodes.RETURN);
        method.visitMaxs(0, 1);
        method.visitEnd();
        writer.visitEnd();
        return writer.toByteArray();
    }

    private static List<String> errors(String filter) {
        return errors(filter, SOURCES);
    }

    private static List<String> errors(String filter, Sources sources) {
        return FilterCompiler.compile("f.loom", filter, "f", sources).diagnostics().stream().filter(Diagnostic::isError)
                .map(Diagnostic::code).toList();
    }

    private static List<Diagnostic> said(String filter) {
        return Stream.of(FilterCompiler.compile("f.loom", filter, "f", SOURCES)).flatMap(r -> r.diagnostics().stream()).toList();
    }
}
