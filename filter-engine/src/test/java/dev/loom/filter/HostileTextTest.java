package dev.loom.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.filter.classes.ClassSource;
import dev.loom.filter.diagnostic.Diagnostic;
import dev.loom.filter.diagnostic.DiagnosticRenderer;
import dev.loom.filter.diagnostic.Diagnostics;
import dev.loom.filter.diagnostic.Printable;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts that nobody writes in good faith: each is answered with remarks, few and soon, and never with an exception. */
class HostileTextTest {

    private static final Sources CLASSES = Sources.compile(
            "Bank.java", "package com.acme; public class Bank { Object key; void transfer(int from) { key = null; } void "
                    + "audit() {} }");

    /** Texts a test tries; more with {@code -Dloom.fuzz.rounds}. */
    private static final int ROUNDS = Integer.getInteger("loom.fuzz.rounds", 3_000);

    private static final String GOOD =
            """
            filter "x" {
                about "text" // comment
                use com.acme.Bank as B
                region a = { B:1, B:1 ; B:1 } by this.key
                event e = com.acme.Bank:1 by from {3}
                pin com.acme.Bank#audit() sha256:0000000000000000000000000000000000000000000000000000000000000000
                a <> shared B#transfer(int) by $1 <> B#audit by com.acme.Bank.class
                e > com.acme.Bank:1 by 3 each within 5s
                observe at com.acme.Bank.transfer(Bank.java:1) <> * in com.acme.**
            }
            """;

    /** CPU that 1 MiB of anything may take, with a cold JVM; what is quadratic takes minutes. */
    private static final long MOST_CPU_NANOS = 20_000_000_000L;

    @ParameterizedTest
    @ValueSource(strings = {"{", "}", "(", ")", "[", "<", ">", "<>", "#", ":", ".", ",", ";", "=", "*", "\"", "'", "/*", "//",
            "\\", "a", "a.", "a <> ",
        "a > ", "{ C:1 ; ", "{ C:1, ", "C#m(", "C#m(int,", "C#m([", "by ", "a by x.", "filter \"x\" { ", "at ", "at a.b(",
                "region ", "shared ",
        "observe ", "in ", "sha256:", "$1", "-1", "1.", "/**/", "\n", "\r", "\t", "\uFEFF", "\uD83D", "\uD83D\uDE00", "\u202E",
                "\0", "a <> b\n", "event e = ",
        "List<", "int[]", "..."})
    void oneThingRepeatedToTheLimitOfSize(String part) {
        int most = 1 << 20;
        String text = part.repeat((most - 1) / part.getBytes(StandardCharsets.UTF_8).length);

        assertAnswered(text);
        assertAnswered("atomic C#m(" + text.substring(0, text.length() - 100));
        assertAnswered("region a = { C:1 ; " + text.substring(0, text.length() - 100));
    }

    @Test
    void namesListsAndTextsBeyondTheirLimitsAreReported() {
        assertLimit("atomic " + "a".repeat(501) + "#m");
        assertLimit("atomic " + "a.".repeat(300) + "B#m");
        assertLimit("about \"" + "x".repeat(4_001) + "\"");
        assertLimit("a" + " <> a".repeat(100));
        assertLimit("a" + " > a".repeat(100));
        assertLimit("atomic { C:1" + ", C:1".repeat(100) + " ; C:2 }");
        assertLimit("atomic C#m(int" + ", int".repeat(255) + ")");
        assertLimit("atomic C#m(int" + "[]".repeat(256) + ")");
        assertLimit("atomic a by x" + ".x".repeat(21));
        assertLimit("a <> * in b" + ", b".repeat(100));
        assertLimit("about \"x\"\n".repeat(1_001));
        assertLimit(" ".repeat((1 << 20) + 1));
        assertEquals("LOOM-004", compile(" ".repeat(2 << 20).getBytes(StandardCharsets.UTF_8)).diagnostics().get(0).code());
        assertLimit("ä".repeat((1 << 19) + 1));
    }

    private static void assertLimit(String text) {
        assertTrue(answer(text).diagnostics().stream().anyMatch(d -> d.code().equals("LOOM-004")), () -> Printable.of(text));
    }

    @Test
    void everyControlCharacterIsRefusedWhereverItStands() {
        for (int c = 0; c < 0xA0; c++) {
            if (c >= 0x20 && c < 0x7F || c == '\t' || c == '\n' || c == '\r') {
                continue;
            }
            for (String place : List.of("atomic com.acme.Bank#audit %c", "at%comic com.acme.Bank#audit",
                    "// x%cy\natomic com.acme.Bank#audit",
                    "about \"x%cy\"\natomic com.acme.Bank#audit", "/* %c */ atomic com.acme.Bank#audit",
                            "atomic com.acme.Bank#au%cdit")) {
                String text = String.format(place, (char) c);
                CompileResult result = answer(text);
                assertTrue(
                        result.diagnostics().stream().anyMatch(d -> d.code().equals("LOOM-002")),
                        () -> Printable.of(text) + ": " + result.diagnostics());
            }
        }
        assertTrue(
                answer("// \u202Eabc\natomic com.acme.Bank#audit").diagnostics().stream()
                .anyMatch(d -> d.code().equals("LOOM-002")));
    }

    @Test
    void brokenFiltersOfAnyKindAreAnswered() {
        Random random = new Random(20101023);
        for (int round = 0; round < ROUNDS; round++) {
            StringBuilder text = new StringBuilder(GOOD);
            for (int i = random.nextInt(8); i >= 0; i--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(4)) {
                    case 0 -> text.deleteCharAt(at);
                    case 1 -> text.insert(at, (char) random.nextInt(random.nextBoolean() ? 128 : 0x10000));
                    case 2 -> text.delete(at, Math.min(text.length(), at + random.nextInt(40)));
                    default -> text.insert(at, GOOD, 0, random.nextInt(GOOD.length()));
                }
                if (text.length() == 0) {
                    text.append('a');
                }
            }
            answer(text.toString());
        }
    }

    @Test
    void brokenBytesOfAnyKindAreAnswered() {
        Random random = new Random(5);
        byte[] good = GOOD.getBytes(StandardCharsets.UTF_8);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = good.clone();
            for (int i = random.nextInt(8); i >= 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            compile(bytes);
        }
        byte[] noise = new byte[1 << 20];
        random.nextBytes(noise);
        assertEquals("LOOM-003", compile(noise).diagnostics().get(0).code());
    }

    private static void assertAnswered(String text) {
        // CPU time: how long the machine lets it wait is not the parser's fault. The other limit only ends a test that hangs
        long[] nanos = new long[1];
        CompileResult result = assertTimeoutPreemptively(Duration.ofMinutes(10), () -> {
            long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            CompileResult answer = answer(text);
            nanos[0] = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
            return answer;
        }, () -> Printable.of(text));
        assertTrue(nanos[0] < MOST_CPU_NANOS,
                () -> nanos[0] / 1_000_000 + " ms of CPU for 1 MiB: is something quadratic? " + Printable.of(text));
        assertInstanceOf(CompileResult.Rejected.class, result, () -> Printable.of(text));
    }

    private static CompileResult answer(String text) {
        CompileResult result = FilterCompiler.compile("hostile.loom", text, "hostile", CLASSES);
        assertTrue(result.diagnostics().size() <= Diagnostics.MAX + 1);
        for (Diagnostic diagnostic : result.diagnostics()) {
            String shown = DiagnosticRenderer.render(diagnostic, text);
            assertTrue(shown.length() < 8_000, shown);
            assertTrue(shown.codePoints().allMatch(c -> c == '\n' || c == '\t' || Printable.isHarmless(c)),
                    () -> Printable.of(shown));
        }
        return result;
    }

    private static CompileResult compile(byte[] bytes) {
        return FilterCompiler.compile("hostile.loom", bytes, "hostile", ClassSource.empty());
    }
}
