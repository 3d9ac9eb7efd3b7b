package dev.loom.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.filter.diagnostic.Diagnostic;
import dev.loom.filter.resolve.BodyDigest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

class PinTest {

    private static final Sources BANK = Sources.compile(
            "Bank.java",
            """
            package com.acme;
            class Bank {
                static class Account { long money; }
                void transfer(Account from, long[][] amounts) { from.money -= amounts[0][0]; }
                void audit() {}
            }
            """);

    @Test
    void pinsAreWrittenIntoTheTextAndHold() {
        String text = """
                filter "x" {
                    use com.acme.Bank // the bank
                    Bank#transfer by this <> Bank#audit by this
                }
                """;

        String pinned = FilterCompiler.pinned(text, "x", BANK);

        assertTrue(pinned.startsWith(text.substring(0, text.length() - 2)), pinned);
        assertTrue(pinned.contains("\n    pin com.acme.Bank#transfer(com.acme.Bank$Account,long[][]) sha256:"), pinned);
        assertTrue(pinned.endsWith("\n}\n"), pinned);
        assertEquals(List.of(), FilterCompiler.compile("f", pinned, "x", BANK).diagnostics());
        assertEquals(pinned, FilterCompiler.pinned(pinned, "x", BANK));
    }

    @Test
    void stalePinsAreReplacedAndThoseOfARejectedFilterAreNot() {
        String stale = "pin com.acme.Bank#audit() sha256:" + "0".repeat(64);

        String pinned = FilterCompiler.pinned(stale + "\natomic com.acme.Bank#audit // x", "x", BANK);

        assertEquals("LOOM-050", FilterCompiler.compile("f", stale + "\natomic com.acme.Bank#audit", "x",
                BANK).diagnostics().get(0).code());
        assertTrue(pinned.startsWith("atomic com.acme.Bank#audit // x\npin com.acme.Bank#audit() sha256:"), pinned);
        assertEquals(List.of(), FilterCompiler.compile("f", pinned, "x", BANK).diagnostics());
        String broken = stale + "\natomic com.acme.Bank#nothing";
        assertEquals(broken, FilterCompiler.pinned(broken, "x", BANK));
    }

    @Test
    void aPinOfAMethodThatIsNotUsedAndAnAmbiguousOneAreRemarkedOn() {
        String digest = " sha256:" + "0".repeat(64) + "\n";
        Sources two = Sources.compile("A.java", "class A { void m() {} void m(int i) {} void n() {} }");

        assertEquals(
                List.of("LOOM-051", "LOOM-052", "LOOM-050"),
                FilterCompiler.compile("f", "pin A#n()" + digest + "atomic A#m()", "x",
                        two).diagnostics().stream().map(Diagnostic::code).toList());
        assertTrue(FilterCompiler.compile("f", "pin A#m" + digest + "atomic A#m()", "x", two).diagnostics().stream()
                .anyMatch(d -> d.code().equals("LOOM-034")));
    }

    @Test
    void theDigestIsOfWhatTheMethodDoesAndNotOfHowItWasCompiled() {
        String source = "class A { static final String S = \"s\"; int x; void m(int i) { try { x = i * 3; } finally { "
                + "System.out.println(x + S); } } }";
        String digest = digest(Sources.compile(List.of("-g"), "A.java", source));

        assertEquals(digest, digest(Sources.compile(List.of("-g:none"), "A.java", source)));
        assertEquals(digest, digest(Sources.compile("A.java",
                "class A { String other() { return \"other constants first\" + 9.5; }\n\n" + source.substring(10))));
        assertEquals(digest, digest(Sources.compile("A.java",
                source.replace("int i", "int renamed").replace("i * 3", "renamed * 3"))));
        assertNotEquals(digest, digest(Sources.compile("A.java", source.replace("i * 3", "i * 4"))));
        assertNotEquals(digest, digest(Sources.compile("A.java", source.replace("\"s\"", "\"t\""))));
        assertNotEquals(digest, digest(Sources.compile("A.java", source.replace("void m(int i)", "synchronized void m(int i)"))));
        assertNotEquals(digest, digest(Sources.compile("A.java", source.replace("finally", "catch (RuntimeException e)"))));
    }

    private static String digest(Sources sources) {
        ClassNode node = new ClassNode();
        new ClassReader(sources.find("A").orElseThrow()).accept(node, 0);
        MethodNode method = node.methods.stream().filter(m -> m.name.equals("m")).findFirst().orElseThrow();
        return BodyDigest.of(method);
    }
}
