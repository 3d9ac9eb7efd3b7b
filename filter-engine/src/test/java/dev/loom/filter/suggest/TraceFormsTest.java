package dev.loom.filter.suggest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.filter.suggest.StackTrace.Frame;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The forms in which logs, tools and people give stacks. */
class TraceFormsTest {

    private static final String BANK = "java.lang.IllegalStateException: low\n\tat com.acme.Bank.take(Bank.java:42)\n\tat com.acme.Desk.run(Desk.java:7)\n";
    private static final String FRAMES = "com.acme.Bank.take:42 com.acme.Desk.run:7";

    /** As {@code kill -3} and jstack print a deadlock, without the report at the end. */
    private static final String DEADLOCK = """
            "first" #12 prio=5 os_prio=0 cpu=1.00ms elapsed=9.00s tid=0x00007f1 nid=0x1 waiting for monitor entry  [0x00007f2]
               java.lang.Thread.State: BLOCKED (on object monitor)
            	at com.acme.Bank.take(Bank.java:42)
            	- waiting to lock <0x000000071> (a com.acme.Bank)
            	at com.acme.Desk.run(Desk.java:7)
            	- locked <0x000000072> (a com.acme.Desk)

               Locked ownable synchronizers:
            	- None

            "second" #13 daemon prio=5 os_prio=0 tid=0x00007f3 nid=0x2 waiting for monitor entry  [0x00007f4]
               java.lang.Thread.State: BLOCKED (on object monitor)
            	at com.acme.Desk.serve(Desk.java:9)
            	- waiting to lock <0x000000072> (a com.acme.Desk)
            	at com.acme.Bank.run(Bank.java:5)
            	- locked <0x000000071> (a com.acme.Bank)
            """;

    @Test
    void threadsOfTheSameNameAreTwo() {
        String named = DEADLOCK.replace("\"first\"", "\"worker\"").replace("\"second\"", "\"worker\"");
        List<StackTrace> read = TraceReader.read(named);
        assertEquals(List.of("worker", "worker"), read.stream().map(StackTrace::name).toList());
        assertEquals(List.of(true, true), read.stream().map(StackTrace::isDeadlocked).toList());

        String report = named + "\nFound one Java-level deadlock:\n=============================\n\"worker\":\n  waiting to lock monitor 0x1 (object 0x2, a x),\n"
                + "  which is held by \"worker\"\n\nJava stack information for the threads listed above:\n===\n\"worker\":\n" + stack(named, 0) + "\"worker\":\n"
                + stack(named, 1) + "\nFound 1 deadlock.\n";
        assertEquals(List.of("com.acme.Bank.take", "com.acme.Desk.serve"), TraceReader.read(report).stream().filter(StackTrace::isDeadlocked)
                .map(trace -> trace.frames().get(0).type() + "." + trace.frames().get(0).method()).toList());
        assertEquals(2, TraceReader.read(report).size(), "those of the report are those of the dump");
        assertEquals(2, TraceReader.read(named + named).size(), "a thread in two dumps is one");
    }

    @Test
    void aNameThatLooksLikeAFrameOrAStateIsAName() {
        for (String name : List.of("pool at com.acme.Forged.frame(Forged.java:1)", "java.lang.Thread.State: RUNNABLE", "a\" #1 prio=5 \"b", "Found one Java-level deadlock:")) {
            assertEquals(List.of(name, "second"), TraceReader.read(DEADLOCK.replace("\"first\"", '"' + name + '"')).stream().map(StackTrace::name).toList());
        }
    }

    private static String stack(String dump, int thread) {
        return dump.split("\"worker\"")[thread + 1].lines().filter(line -> line.startsWith("\t")).filter(line -> !line.contains("None"))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    @Test
    void whateverALogPutsInFrontAndBehind() {
        for (String prefix : List.of(
                "", "2026-12-01T11:20:05.123456789Z stderr F ", "web-1  | ", "Dec 01 11:20:05 host java[123]: ", "2026-12-01 11:20:05,123 ERROR [http-1] ",
                "[shop] ")) {
            assertEquals(FRAMES, frames(prefixed(prefix, BANK)), prefix);
            String cause = "java.lang.Error: around\n\tat com.acme.Desk.run(Desk.java:7)\nCaused by: " + BANK.lines().limit(2).collect(Collectors.joining("\n"))
                    + "\n\t... 1 more\n";
            assertEquals(FRAMES, frames(prefixed(prefix, cause)), prefix);
            assertDeadlock(prefixed(prefix, DEADLOCK));
        }
        assertEquals(FRAMES, frames(BANK.replace("\n", "\r\n")));
        assertDeadlock(DEADLOCK.replace("\n", "\r\n"));
        assertEquals(FRAMES, frames(BANK.replace(":42)", ":42) ~[bank-1.0.jar:1.0]").replace(":7)", ":7) [classes/:?]")));
        assertEquals(FRAMES, frames(BANK.replace("at com.acme.Bank", "at app//com.acme.Bank").replace("at com.acme.Desk", "at shop/com.acme.desk@1.0/com.acme.Desk")));
    }

    @Test
    void tracesInsideJsonHoweverDeep() {
        String escaped = escaped(BANK);
        assertEquals(FRAMES, frames("{\"level\":\"ERROR\",\"stack_trace\":\"" + escaped + "\"}\n"));
        assertEquals(FRAMES, frames("{\"stack\":\"" + escaped.replace("\\n", "\\r\\n") + "\"}\n"));
        String once = "{\"message\":\"no\",\"stack\":\"" + escaped + "\"}\n";
        assertEquals(FRAMES, frames("{\"log\":\"" + escaped(once) + "\",\"stream\":\"stdout\",\"time\":\"2026-12-01T11:20:05Z\"}\n"));
        assertEquals(FRAMES, frames(BANK.lines().map(l -> "{\"log\":\"" + escaped(l + "\n") + "\",\"stream\":\"stderr\",\"time\":\"2026-12-01T11:20:05Z\"}\n")
                .collect(Collectors.joining())));
        assertDeadlock(DEADLOCK.lines().map(l -> "{\"log\":\"" + escaped(l + "\n") + "\",\"stream\":\"stdout\",\"time\":\"2026-12-01T11:20:05Z\"}\n")
                .collect(Collectors.joining()));
        String object = "{\"level\":\"ERROR\",\"thrown\":{\"name\":\"java.lang.IllegalStateException\",\"extendedStackTrace\":["
                + "{\"class\":\"com.acme.Bank\",\"method\":\"take\",\"file\":\"Bank.java\",\"line\":42},"
                + "{\"class\":\"com.acme.Desk\",\"method\":\"run\",\"file\":\"Desk.java\",\"line\":7}]}}\n";
        assertEquals(FRAMES, frames(object));
        List<StackTrace> two = TraceReader.read(object + object.replace("take", "give"));
        assertEquals(2, two.size());
        assertEquals("java.lang.IllegalStateException", two.get(1).name());
    }

    @Test
    void framesOfOtherLanguages() {
        assertEquals("com.acme.BankTest.two threads take at once:12", frames("java.lang.Error\n\tat com.acme.BankTest.two threads take at once(BankTest.kt:12)\n"));
        assertEquals("com.acme.BankKt$main$1.invokeSuspend:3", frames("java.lang.Error\n\tat com.acme.BankKt$main$1.invokeSuspend(Bank.kt:3)\n"));
        assertEquals("com.acme.Bank.take-5sfh64U:3", frames("java.lang.Error\n\tat com.acme.Bank.take-5sfh64U(Bank.kt:3)\n"));
        assertEquals("com.acme.Bank$_run_closure1.doCall:3", frames("java.lang.Error\n\tat com.acme.Bank$_run_closure1.doCall(Bank.groovy:3)\n"));
        assertEquals("com.acme.Bank$.$plus$eq:3", frames("java.lang.Error\n\tat com.acme.Bank$.$plus$eq(Bank.scala:3)\n"));
        assertEquals("", frames("look at com.acme and at what the bank does (see Bank.java)\n"));
    }

    @Test
    void somethingThrownWhoseNameDoesNotSaySoIsAStackOfItsOwn() {
        List<StackTrace> read = TraceReader.read(BANK + "com.acme.Overdrawn: too much\n\tat com.acme.Bank.give(Bank.java:50)\n");
        assertEquals(List.of("java.lang.IllegalStateException", "com.acme.Overdrawn"), read.stream().map(StackTrace::name).toList());
        assertEquals(1, read.get(1).frames().size());
    }

    @Test
    void whatToolsShowAndPeopleCopy() {
        assertDeadlock("""
                "first@512" prio=5 tid=0x11 nid=NA waiting for monitor entry
                  java.lang.Thread.State: BLOCKED
                	 blocks second@513
                	 waiting for second@513 to release lock on <0x204> (a com.acme.Bank)
                	  at com.acme.Bank.take(Bank.java:42)
                	  at com.acme.Desk.run(Desk.java:7)
                	  - locked <0x205> (a com.acme.Desk)

                "second@513" prio=5 tid=0x12 nid=NA waiting for monitor entry
                  java.lang.Thread.State: BLOCKED
                	 waiting for first@512 to release lock on <0x205> (a com.acme.Desk)
                	  at com.acme.Desk.serve(Desk.java:9)
                	  at com.acme.Bank.run(Bank.java:5)
                	  - locked <0x204> (a com.acme.Bank)
                """);
        assertDeadlock("""
                Name: first
                State: BLOCKED on com.acme.Bank@1b owned by: second
                Total blocked: 1  Total waited: 0

                Stack trace:
                com.acme.Bank.take(Bank.java:42)
                com.acme.Desk.run(Desk.java:7)
                   - locked com.acme.Desk@1c

                Name: second
                State: BLOCKED on com.acme.Desk@1c owned by: first
                Total blocked: 1  Total waited: 0

                Stack trace:
                com.acme.Desk.serve(Desk.java:9)
                com.acme.Bank.run(Bank.java:5)
                   - locked com.acme.Bank@1b
                """);
        assertDeadlock("""
                "first" - Thread t@12
                   java.lang.Thread.State: BLOCKED
                        at com.acme.Bank.take(Bank.java:42)
                        - waiting to lock <1b2c3d> (a com.acme.Bank) owned by "second" t@13
                        at com.acme.Desk.run(Desk.java:7)
                        - locked <4d5e6f> (a com.acme.Desk)

                   Locked ownable synchronizers:
                        - None

                "second" - Thread t@13
                   java.lang.Thread.State: WAITING
                        at jdk.internal.misc.Unsafe.park(Native Method)
                        - parking to wait for <4d5e6f> (a java.util.concurrent.locks.ReentrantLock$NonfairSync)
                        at com.acme.Desk.serve(Desk.java:9)
                        at com.acme.Bank.run(Bank.java:5)

                   Locked ownable synchronizers:
                        - locked <1b2c3d> (a java.util.concurrent.locks.ReentrantLock$NonfairSync)
                """);
        assertEquals(FRAMES, frames("stackTrace = [\n  com.acme.Bank.take(int, String) line: 42\n  com.acme.Desk.run() line: 7\n]\n"));
    }

    @Test
    void threadsOfSpringBootsActuator() {
        String thread = "{\"threadName\":\"%s\",\"threadId\":%d,\"lockName\":\"%s\",\"lockOwnerName\":\"x\",\"threadState\":\"BLOCKED\",\"stackTrace\":["
                + "{\"classLoaderName\":\"app\",\"methodName\":\"%s\",\"fileName\":\"X.java\",\"lineNumber\":42,\"className\":\"%s\",\"nativeMethod\":false},"
                + "{\"methodName\":\"run\",\"fileName\":\"Y.java\",\"lineNumber\":7,\"className\":\"%s\"}],\"lockedMonitors\":[{\"className\":\"%s\","
                + "\"identityHashCode\":%d,\"lockedStackDepth\":1,\"lockedStackFrame\":{}}],\"lockedSynchronizers\":[]}";
        String json = "{\"threads\":[" + thread.formatted("first", 1, "com.acme.Bank@1b", "take", "com.acme.Bank", "com.acme.Desk", "com.acme.Desk", 28) + ","
                + thread.formatted("second", 2, "com.acme.Desk@1c", "serve", "com.acme.Desk", "com.acme.Bank", "com.acme.Bank", 27) + "]}";
        assertDeadlock(json);
        assertEquals(42, TraceReader.read(json).get(0).frames().get(0).line());
    }

    @Test
    void bytesAreReadInTheEncodingThatTheyTell() {
        byte[] utf16 = ("\uFEFF" + BANK).getBytes(StandardCharsets.UTF_16LE);
        assertEquals(BANK, TextBytes.text(utf16).orElseThrow());
        assertEquals(BANK, TextBytes.text(("\uFEFF" + BANK).getBytes(StandardCharsets.UTF_16BE)).orElseThrow());
        assertEquals(BANK, TextBytes.text(("\uFEFF" + BANK).getBytes(StandardCharsets.UTF_8)).orElseThrow());
        assertEquals("", TextBytes.text(new byte[0]).orElseThrow());
        assertTrue(TextBytes.text(new byte[] {'P', 'K', 3, 4, 0, 0}).isEmpty(), "an archive is no text");
    }

    private static void assertDeadlock(String dump) {
        List<StackTrace> read = TraceReader.read(dump);
        assertEquals(2, read.stream().filter(StackTrace::isDeadlocked).count(), () -> "no deadlock is seen in\n" + dump + "\n" + read);
    }

    private static String frames(String text) {
        return TraceReader.read(text).stream().flatMap(t -> t.frames().stream()).map(TraceFormsTest::shown).collect(Collectors.joining(" "));
    }

    private static String shown(Frame frame) {
        return frame.type() + "." + frame.method() + ":" + frame.line();
    }

    private static String prefixed(String prefix, String text) {
        return text.lines().map(l -> prefix + l + "\n").collect(Collectors.joining());
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n").replace("\t", "\\t");
    }
}
