package dev.loom.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.ctl.suggested.Desk;
import dev.loom.ctl.suggested.Ledger;
import dev.loom.filter.suggest.Candidate;
import dev.loom.filter.suggest.Candidates;
import dev.loom.filter.suggest.TraceReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code suggest}, with stacks that this JVM prints itself. */
class SuggestTest {

    private static final String TYPE = Ledger.class.getName();

    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void twoExceptionsOfOneClassGiveAFilterPerObject() throws IOException {
        String traces = trace(() -> new Ledger().add(-1)) + trace(() -> new Ledger().sum(-1));

        assertEquals(0, suggest(traces), err.toString());
        String first = out.toString();
        assertTrue(first.contains("\n    atomic " + TYPE + "#check by this\n"), first);
        assertTrue(first.contains("\n    " + TYPE + "#add by this <> " + TYPE + "#sum by this\n"), first);
        assertTrue(first.contains("the checker accepts it"), first);
        assertFalse(first.contains("rejects"), first);
    }

    @Test
    void theCauseCountsAndNotWhatIsAroundIt() throws IOException {
        String cause = trace(() -> {
            try {
                new Ledger().add(-1);
            } catch (IllegalArgumentException e) {
                throw new IllegalStateException("around", e);
            }
        });
        assertTrue(cause.contains("Caused by:") && cause.contains("more"), cause);

        assertEquals(0, suggest(cause), err.toString());
        assertTrue(out.toString().contains("\n    atomic " + TYPE + "#check by this\n"), out.toString());
    }

    @Test
    void anInnerClassAndItsOuterOneMeetOnTheOuterObject() throws IOException {
        String traces = trace(() -> new Ledger().clerk().book(-1)) + trace(() -> new Ledger().audit(-1));

        assertEquals(0, suggest(traces), err.toString());
        assertTrue(out.toString().contains(TYPE + "$Clerk#book by " + TYPE + ".this <> " + TYPE + "#audit by this"), out.toString());
        assertTrue(out.toString().contains("the checker accepts it"), out.toString());
    }

    @Test
    void overloadsAreToldApartByTheirLines() throws IOException {
        assertEquals(0, suggest(trace(() -> new Ledger().pay(-1L))), err.toString());
        assertTrue(out.toString().contains("\n    atomic " + TYPE + "#pay(long) by this\n"), out.toString());
    }

    @Test
    void aDeadlockReportGivesAGateThatTheCheckerAccepts() throws Exception {
        Ledger one = new Ledger();
        Ledger other = new Ledger();
        CountDownLatch bothHold = new CountDownLatch(2);
        Thread first = thread("first", () -> one.move(other, bothHold));
        Thread second = thread("second", () -> other.take(one, bothHold));
        try {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (first.getState() != Thread.State.BLOCKED || second.getState() != Thread.State.BLOCKED) {
                assertTrue(System.nanoTime() < deadline, "no deadlock: " + first.getState() + " " + second.getState());
                Thread.sleep(10);
            }
            String dump = jstack();
            assertTrue(dump.contains("Java-level deadlock"), dump);

            assertEquals(0, suggest(dump), err.toString());
            String text = out.toString();
            // take() is synchronized, so its region would begin when the monitor is held: its caller is the gate
            assertTrue(text.startsWith("1. a gate in front of the first lock of each thread"), text);
            assertTrue(text.contains("\n    " + TYPE + "#move <> ") || text.contains(" <> " + TYPE + "#move\n"), text);
            assertFalse(text.contains(TYPE + "#take <> ") || text.contains(" <> " + TYPE + "#take\n"), text);
            assertTrue(text.contains("the checker accepts it"), text);
        } finally {
            // they stay until this JVM ends: nothing can free them
            assertTrue(first.isDaemon() && second.isDaemon());
        }
    }

    @Test
    void aDeadlockIsFoundInADumpThatDoesNotReportIt() throws IOException {
        String dump = thread("first", "BLOCKED",
                "at " + TYPE + ".add(Ledger.java)", "- waiting to lock <0x2> (a " + TYPE + ")",
                "at " + TYPE + ".move(Ledger.java)", "- locked <0x1> (a " + TYPE + ")", "at " + TYPE + ".audit(Ledger.java)")
                + thread("bystander", "RUNNABLE", "at " + TYPE + ".sum(Ledger.java)")
                + thread("second", "BLOCKED",
                        "at " + TYPE + ".give(Ledger.java)", "- waiting to lock <0x1> (a " + TYPE + ")",
                        "at " + TYPE + ".take(Ledger.java)", "- locked <0x2> (a " + TYPE + ")", "at " + TYPE + ".book(Ledger.java)");

        assertEquals(0, suggest(dump), err.toString());
        assertEquals(TYPE + "#move <> " + TYPE + "#book", firstConstraint());
    }

    @Test
    void aGateIsNotPutInsideALockOfJavaUtilConcurrentWhoseHolderNoDumpShows() throws IOException {
        String dump = thread("first", "BLOCKED",
                "at " + TYPE + ".add(Ledger.java)", "- waiting to lock <0x2> (a " + TYPE + ")",
                "at " + TYPE + ".sum(Ledger.java)", "at " + TYPE + ".underLock(Ledger.java)", "at " + TYPE + ".audit(Ledger.java)")
                + thread("second", "WAITING",
                        "at java.util.concurrent.locks.LockSupport.park(LockSupport.java:211)",
                        "- parking to wait for <0x9> (a java.util.concurrent.locks.ReentrantLock$NonfairSync)",
                        "at " + TYPE + ".check(Ledger.java)", "at " + TYPE + ".move(Ledger.java)", "- locked <0x2> (a " + TYPE + ")",
                        "at " + TYPE + ".book(Ledger.java)");

        assertEquals(0, suggest(dump), err.toString());
        assertEquals(TYPE + "#underLock <> " + TYPE + "#move", firstConstraint());

        assertEquals(1, suggest(dump.replace(TYPE + ".underLock", "org.other.Caller.call").replace("at " + TYPE + ".audit", "at org.other.Caller.run")));
        assertTrue(err.toString().contains("a gate must lie outside all locks of the deadlock"), err.toString());
        assertTrue(err.toString().contains("org.other.Caller"), err.toString());
    }

    @Test
    void threadsThatInitializeClassesOfEachOtherAreADeadlock() throws IOException {
        String dump = thread("first", "RUNNABLE",
                "at " + TYPE + "$Clerk.<clinit>(Ledger.java:1)", "- waiting on the Class initialization monitor for " + TYPE,
                "at " + TYPE + ".audit(Ledger.java)")
                + thread("second", "RUNNABLE",
                        "at java.lang.reflect.Method.invoke(Method.java:569)", "- waiting on the Class initialization monitor for " + TYPE + "$Clerk",
                        "at " + TYPE + ".sum(Ledger.java)");

        assertEquals(0, suggest(dump), err.toString());
        assertEquals(TYPE + "#audit <> " + TYPE + "#sum", firstConstraint());
    }

    @Test
    void aConstructorIsNotProposedByItsOwnObject() throws IOException {
        assertEquals(0, suggest("java.lang.Error\n\tat " + TYPE + "$Clerk.<init>(Ledger.java:1)\n\tat " + TYPE + ".clerk(Ledger.java)\n"), err.toString());
        assertEquals("atomic " + TYPE + "#clerk", firstConstraint());
        assertFalse(out.toString().contains("<init>"), out.toString());
    }

    @Test
    void ofOneTraceTheMethodsThatChangeTheSameFieldsAreTheOtherSide() throws IOException {
        assertEquals(0, suggest(trace(() -> new Ledger().audit(-1))), err.toString());
        assertTrue(firstConstraint().startsWith(TYPE + "#audit by this <> " + TYPE + "#add by this <> "), firstConstraint());
    }

    @Test
    void behindThePairComeAllThatUseTheFieldAndTheObjectFurtherOut() throws IOException {
        String drawer = Desk.class.getName() + "$Drawer";
        // what two threads were seen at, as a search for races tells it: of two exceptions each has proposals of its own between these
        String text = Candidates.of(TraceReader.read(trace(() -> new Desk().open(1)) + trace(() -> new Desk().close(1))), ClassPath.open("target/test-classes")).stream()
                .map(Candidate::text).collect(Collectors.joining());
        int pair = text.indexOf("\n    " + drawer + "#fill by this <> " + drawer + "#empty by this\n");
        int users = text.indexOf("\n    " + drawer + "#fill by this <> " + drawer + "#empty by this <> " + drawer + "#count by this\n");
        int further = text.indexOf("\n    " + Desk.class.getName() + "#open by this <> " + Desk.class.getName() + "#close by this\n");
        assertTrue(pair >= 0 && pair < users && users < further, text);
    }

    @Test
    void tracesOfOtherFormsAreRead() throws IOException {
        String expected = TYPE + "#add by this <> " + TYPE + "#sum by this";
        String json = "{\"level\":\"ERROR\",\"message\":\"a \\\"b\\\"\",\"stack_trace\":\"x.AException: no\\n\\tat " + TYPE + ".%s(Ledger.java)\\n\"}\n";
        String j9 = "3XMTHREADINFO      \"%1$s\" J9VMThread:0x0000000007C39700, omrthread_t:0x00007F9E940D1308, java/lang/Thread:0x06B5, state:R, prio=5\n"
                + "3XMTHREADINFO3           Java callstack:\n4XESTACKTRACE                at " + TYPE.replace('.', '/')
                + ".%1$s(Ledger.java:19999(Compiled Code))\n";
        String toFile = "#41 \"%1$s\" virtual\n      " + TYPE + ".%1$s(Ledger.java:19999)\n      java.base/java.lang.VirtualThread.run(VirtualThread.java:309)\n\n";
        String toJson = "{ \"threadDump\": { \"processId\": \"7\", \"threadContainers\": [ { \"container\": \"<root>\", \"threads\": ["
                + "{\"tid\": \"1\", \"name\": \"a\", \"stack\": [ \"" + TYPE + ".add(Ledger.java:19999)\", \"java.base/java.lang.Thread.run(Thread.java:1)\" ]},"
                + "{\"tid\": 2, \"name\": \"b\", \"stack\": [ \"app//" + TYPE + ".sum(Ledger.java:19999)\" ]} ] } ] } }";
        String prefixed = "2018-05-09 11:20:05 ERROR [w] java.lang.IllegalStateException: no\n2018-05-09 11:20:05 ERROR [w]  at " + TYPE + ".%s(Ledger.java)\n";
        for (String form : new String[] {json, j9, toFile, prefixed}) {
            assertEquals(0, suggest(form.formatted("add") + form.formatted("sum")), form + err);
            assertEquals(expected, firstConstraint(), form);
        }
        assertEquals(0, suggest(toJson), err.toString());
        assertEquals(expected, firstConstraint());
    }

    /** The constraint of the first proposal. */
    private String firstConstraint() {
        return out.toString().lines().filter(l -> l.startsWith("    ") && !l.contains("about")).findFirst().orElse(out.toString()).strip();
    }

    private static String thread(String name, String state, String... lines) {
        StringBuilder text = new StringBuilder("\"" + name + "\" #1 prio=5 tid=0x1 nid=0x2 runnable\n   java.lang.Thread.State: " + state + "\n");
        for (String line : lines) {
            text.append('\t').append(line).append('\n');
        }
        return text.append('\n').toString();
    }

    @Test
    void ofALargeDumpTheThreadsHaveToBeNamed() throws IOException {
        StringBuilder dump = new StringBuilder();
        String[] methods = {"add", "sum", "check", "audit", "add", "sum", "check", "audit"};
        for (int i = 0; i < methods.length; i++) {
            dump.append("\"worker-").append(i).append("\" #").append(i).append(" prio=5 tid=0x1 nid=0x2 runnable\n")
                    .append("   java.lang.Thread.State: RUNNABLE\n\tat ").append(TYPE).append('.').append(methods[i])
                    .append("(Ledger.java)\n\n");
        }

        assertEquals(1, suggest(dump.toString()));
        assertTrue(err.toString().contains("8 threads run code of the application"), err.toString());
        assertTrue(err.toString().contains("worker-0, worker-1"), err.toString());

        assertEquals(0, suggest(dump.toString(), "--thread", "worker-0", "--thread", "worker-1"), err.toString());
        assertTrue(out.toString().contains(TYPE + "#add by this <> " + TYPE + "#sum by this"), out.toString());
    }

    @Test
    void textWithoutStacksAndStacksOfOthersAreFailuresThatSayWhy() throws IOException {
        assertEquals(1, suggest("nothing here\n"));
        assertTrue(err.toString().contains("no stack trace is in the text"), err.toString());
        assertEquals(1, suggest("java.lang.Error\n\tat org.other.Thing.run(Thing.java:1)\n"));
        assertTrue(err.toString().contains("no stack has a frame of the classes given"), err.toString());
        assertEquals(1, suggest("\tat " + TYPE + ".add(Ledger.java:1)\n", "--thread", "nobody"));
    }

    @Test
    void jsonHasTheFilterAndTheOpinion() throws IOException {
        assertEquals(0, suggest(trace(() -> new Ledger().add(-1)), "--json"), err.toString());
        assertTrue(out.toString().startsWith("[{\"why\":\"what works on the same fields as the innermost frame, one object at a time\",\"text\":\"filter "),
                out.toString());
        assertTrue(out.toString().contains("\"accepted\":true,\"diagnostics\":["), out.toString());
    }

    private int suggest(String traces, String... more) throws IOException {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        Path file = Files.writeString(directory.resolve("traces.txt"), traces);
        String[] arguments = new String[4 + more.length];
        arguments[0] = "suggest";
        arguments[1] = file.toString();
        arguments[2] = "--classpath";
        arguments[3] = Path.of(Ledger.class.getProtectionDomain().getCodeSource().getLocation().getPath()).toString();
        System.arraycopy(more, 0, arguments, 4, more.length);
        return LoomCtl.run(new LoomCtl(directory.resolve("loom-agent.jar"), "1.2.3"), new PrintWriter(out), new PrintWriter(err), arguments);
    }

    private static String trace(Runnable failing) {
        StringWriter text = new StringWriter();
        // a thread of its own, so that the stack has nothing of this test in it that is not called by the lambda
        Thread thread = new Thread(() -> {
            try {
                failing.run();
                throw new AssertionError("did not fail");
            } catch (IllegalArgumentException | IllegalStateException e) {
                e.printStackTrace(new PrintWriter(text, true));
            }
        });
        thread.start();
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return text.toString();
    }

    private static Thread thread(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** What {@code jstack} prints of this JVM, from another one. */
    private static String jstack() throws IOException, InterruptedException {
        Path tool = Path.of(System.getProperty("java.home"), "bin", "jstack");
        Process process = new ProcessBuilder(tool.toString(), String.valueOf(ManagementFactory.getRuntimeMXBean().getPid()))
                .redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), text);
        return text;
    }
}
