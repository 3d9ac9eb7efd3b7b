package dev.loom.filter.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.filter.CompileResult;
import dev.loom.filter.FilterCompiler;
import dev.loom.filter.Sources;
import dev.loom.filter.diagnostic.Diagnostic;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ChecksTest {

    @Test
    void anExitThatTheEntryDoesNotLeadToIsAnError() {
        Sources sources = Sources.compile(
                "A.java",
                """
                class A {
                    int x;
                    void m(boolean b) {
                        if (b) {
                            x = 1;                             // @left
                        } else {
                            x = 2;                             // @right
                        }
                    }
                }
                """);

        assertSays("LOOM-030 error", "line 7 cannot be reached from line 5 in A#m(boolean)", "atomic { A:@left ; A:@right }",
                sources);
        assertSilent("LOOM-030", "atomic { A:@left, A:@right ; A:@left, A:@right }", sources);
    }

    @Test
    void anEntryFromWhichNoExitIsReachedIsAnError() {
        Sources sources = Sources.compile(
                "A.java",
                """
                class A {
                    int x;
                    void m(boolean b) {
                        if (b) {
                            x = 1;                             // @left
                            x = 2;                             // @end
                        } else {
                            x = 3;                             // @right
                        }
                    }
                }
                """);

        assertSays("LOOM-030 error", "no exit of the region can be reached from line 8 in A#m(boolean)",
                "atomic { A:@left, A:@right ; A:@end }", sources);
        assertSilent("LOOM-030", "atomic { A:@left, A:@right ; A:@end, A:@right }", sources);
    }

    @Test
    void aJumpIntoTheRegionIsAnErrorAndNamesItsLine() {
        Sources sources = Sources.compile(
                "A.java",
                """
                class A {
                    int x;
                    void m(boolean b) {
                        if (b) {                               // @test
                            x = 1;                             // @start
                        }
                        x = 2;                                 // @joined
                        x = 3;                                 // @end
                    }
                }
                """);

        assertSays("LOOM-031 error", "line 4 of A#m jumps into this region without passing an entry",
                "atomic { A:@start ; A:@end }", sources);
        assertSilent("LOOM-031", "atomic { A:@start, A:@joined ; A:@end }", sources);
    }

    @Test
    void abstractAndNativeMethodsHaveNothingToFilter() {
        Sources sources = Sources.compile(
                "A.java", "abstract class A { abstract void m(); void m(int i) {} native void n(); native void n(int i); void "
                        + "n(long i) {} }");

        assertSays("LOOM-026 error", "A#m() is abstract", "atomic A#m()", sources);
        assertSays("LOOM-080 warning", "A#m() is abstract: it has no bytecode that could be filtered, and is left out",
                "atomic A#m", sources);
        assertSays("LOOM-026 error", "A#n() is native", "atomic A#n", sources);
    }

    @Test
    void aConstructorRegionMustNotStartBeforeSuper() {
        Sources sources = Sources.compile(
                "A.java",
                """
                class A extends Thread {
                    int x;
                    A(String name) {
                        super(new String(name.isEmpty() ? "a" : name)); // @parent
                        x = 1;                                 // @body
                    }
                }
                """);

        assertSays("LOOM-032 error", "line 4 of A#<init>(String) begins before super(...)", "atomic { A:@parent ; A:@body }",
                sources);
        assertSilent("LOOM-032", "atomic A:@body", sources);
        assertSilent("LOOM-032", "atomic A#<init>", sources);
    }

    @Test
    void callsThatKeepAThreadWaitingInARegionAreNamedWithTheirLine() {
        Sources sources = Sources.compile(
                "A.java",
                """
                class A {
                    java.util.concurrent.BlockingQueue<String> queue;
                    String s;
                    void m() throws Exception {
                        s = queue.take();                      // @take
                        s = String.join(",", s);               // @join
                    }
                }
                """);

        assertSays("LOOM-073 warning", "a thread can wait inside this region: BlockingQueue.take in line 5", "atomic A#m",
                sources);
        assertSilent("LOOM-073", "atomic A:@join", sources);
    }

    @Test
    void aRegionThatOverlapsASynchronizedBlockIsRemarkedOn() {
        Sources sources = Sources.compile(
                "A.java",
                """
                class A {
                    int x;
                    void m() {
                        x = 0;                                 // @before
                        synchronized (this) {
                            x = 1;                             // @inside
                            x = 2;                             // @last
                        }
                        x = 3;                                 // @after
                    }
                }
                """);

        assertSays("LOOM-074 warning", "entered inside a synchronized block and left behind it",
                "atomic { A:@inside ; A:@after }", sources);
        assertSays("LOOM-074 warning", "entered outside a synchronized block and left inside it",
                "atomic { A:@before ; A:@inside }", sources);
        assertSilent("LOOM-074", "atomic { A:@before ; A:@after }", sources);
        assertSilent("LOOM-074", "atomic { A:@inside ; A:@last }", sources);
        assertSilent("LOOM-074", "atomic A#m", sources);
    }

    @Test
    void aSharedSideThatComesToAnotherSideIsRemarkedOn() {
        Sources sources = Sources.compile(
                "A.java",
                """
                class A {
                    int x;
                    int get() { if (x == 0) { refill(); } return x; }
                    void refill() { remove(); }
                    void remove() { x = 0; }
                }
                """);

        assertSays(
                "LOOM-075 warning",
                "a thread in this shared region can come to A#remove() on another side (A#get:3, A#refill:4)",
                "shared A#get by this <> A#remove by this",
                sources);
        assertSilent("LOOM-075", "A#get by this <> A#remove by this", sources);
    }

    @Test
    void constraintsThatCanBeTakenInOppositeOrdersAreRemarkedOnWithBothPaths() {
        Sources sources = Sources.compile(
                "A.java",
                """
                class A {
                    B b;
                    void a() { b.b(); }
                    void end() {}
                }
                class B {
                    A a;
                    void b() {}
                    void c() { a.end(); }
                }
                """);

        assertSays(
                "LOOM-076 warning",
                "A#a() comes to B#b() (A#a:3) and B#c() comes to A#end() (B#c:9)",
                "A#a <> A#end\nB#b <> B#c",
                sources);
        assertSilent("LOOM-076", "A#a <> A#end\natomic B#b", sources);
    }

    @Test
    void aConstraintAndAMonitorThatCanBeTakenInOppositeOrdersAreRemarkedOn() {
        Sources sources = Sources.compile(
                "A.java",
                """
                class A {
                    synchronized void close() {}
                    synchronized void add() {}
                    void evict() { add(); }
                }
                """);

        assertSays("LOOM-076 warning", "A#close() is entered with the monitor held, and from here A#add takes it (A#evict:4)",
                "A#close by this <> A#evict by this", sources);
        assertSays("LOOM-079 info", "A#close() is synchronized", "atomic A#close", sources);
    }

    @Test
    void aConstraintAndAMonitorOfABlockAreRemarkedOnWithBothPaths() {
        Sources sources = Sources.compile(
                "A.java",
                """
                class A {
                    final Object lock = new Object();
                    B b = new B();
                    void held() {
                        synchronized (lock) {
                            b.step();
                        }
                    }
                    void evict() {
                        synchronized (lock) {
                            lock.hashCode();
                        }
                    }
                }
                class B {
                    int x;
                    A a;
                    void step() { leaf(); }
                    void leaf() { x++; }
                    void other() { a.evict(); }
                    static void alone() { synchronized (B.class) { new B().leaf(); } }
                }
                """);

        assertSays(
                "LOOM-076 warning",
                "this region and the monitor of A.lock can be taken in opposite orders: A#held() holds the monitor and comes to B#leaf()"
                        + " (A#held:6, B#step:18), and from here A#evict takes it (B#other:20)",
                "B#leaf <> B#other",
                sources);
        assertSays("LOOM-076 warning", "this region takes it (line 10)", "B#leaf <> A#evict", sources);
        assertSilent("LOOM-076", "atomic B#leaf", sources);
        assertSilent("LOOM-076", "atomic B#other", sources);
        assertSilent("LOOM-076", "atomic B#alone", sources);
    }

    @Test
    void waitsInMethodsThatARegionCallsAreNamedWithTheWayThere() {
        Sources sources = Sources.compile(
                "A.java",
                """
                class A {
                    java.util.concurrent.BlockingQueue<String> queue;
                    String m() throws Exception { return next(); }
                    String next() throws Exception {
                        return queue.take();
                    }
                    void quiet() { System.out.println(queue.poll()); }
                }
                """);

        assertSays("LOOM-073 warning", "BlockingQueue.take in line 5 of A#next (by A#m:3)", "atomic A#m", sources);
        assertSilent("LOOM-073", "atomic A#quiet", sources);
    }

    @Test
    void framesThatCannotMoveToNewCodeAreRemarkedOnWithTheReason() {
        Sources sources = Sources.compile(
                "A.java",
                """
                class A {
                    final Object lock = new Object();
                    int x;
                    boolean go;
                    void inMonitor() throws Exception {
                        synchronized (lock) {
                            while (!go) {                      // @test
                                lock.wait();                   // @wait
                            }
                            x = 1;                             // @one
                        }
                    }
                    void worker(java.util.concurrent.BlockingQueue<A> queue) throws Exception {
                        while (true) {
                            A a = queue.take();                // @take
                            a.x = 2;                           // @two
                        }
                    }
                    void waits() throws Exception {
                        synchronized (lock) {
                            lock.wait();                       // @once
                            x = 3;                             // @three
                        }
                    }
                    A() throws Exception {
                        while (!go) {
                            Thread.sleep(1);                   // @sleep
                        }
                        x = 4;                                 // @four
                    }
                    void counts() {
                        for (int i = 0; i < 9; i++) {
                            x += i;
                        }
                        x = 5;
                    }
                }
                """);

        assertSays("LOOM-081 warning", "a thread that is in the loop in lines 7 to 8 of A#inMonitor when the filter is installed comes"
                + " to this region in the old code: a loop inside a synchronized block", "atomic A:@one", sources);
        assertSays("LOOM-081 warning", "a thread that is in line 21 of A#waits, in Object.wait, when the filter is installed comes to"
                + " this region in the old code: the call stands inside a synchronized block", "atomic A:@three", sources);
        assertSays("LOOM-081 warning", "constructors and class initializers cannot be called again", "atomic A:@four", sources);
        assertSays("LOOM-081 warning", "a thread that is in the loop in lines 15 to 17 of A#worker when the filter is installed is"
                + " already inside this region", "atomic A#worker", sources);
        assertSilent("LOOM-081", "atomic A:@two", sources);
        assertSilent("LOOM-081", "atomic A#counts", sources);
        assertSilent("LOOM-081", "atomic { A:@once ; A:@three }", sources);
    }

    @Test
    void classesOfTheJdkCanBeNamedButItIsSaid() {
        Sources sources = Sources.compile("A.java", "class A {}");

        assertSays("LOOM-077 warning", "java.util.Vector belongs to the JDK", "atomic java.util.Vector#trimToSize by this",
                sources);
        assertSays("LOOM-029 error", "java.lang.invoke.ConstantCallSite cannot be filtered",
                "atomic java.lang.invoke.ConstantCallSite#getTarget", sources);
    }

    @Test
    void missingTablesAreRemarkedOn() {
        Sources bare = Sources.compile(List.of("-g:none"), "A.java", "class A { int n; void m(int i) {} }");

        assertSays("LOOM-071 warning", "A was compiled without line numbers", "atomic A#m by $1", bare);
        assertSays("LOOM-072 warning", "A was compiled without the names of variables, so n is taken for a field", "atomic A#m by n", bare);
        assertSilent("LOOM-072", "atomic A#m by $1", bare);
        assertSilent("LOOM-072", "atomic A#m by this.n", bare);
        assertSilent("LOOM-072", "atomic A#m", bare);
        assertSays("LOOM-022 error", "A was compiled without line numbers", "atomic A:1", bare);
        assertSays("LOOM-040 error", "i is not known in A#m(int): the class was compiled without a variable table",
                "atomic A#m by i", bare);
    }

    @Test
    void methodsNearTheLimitsOfTheJitAndTheClassFileAreRemarkedOn() {
        Sources sources = Sources.compile("A.java",
                "class A { int x; void jit() { " + "x++;".repeat(797) + " } void full() { " + "x++;".repeat(6553)
                + "}\nvoid small() { x++; }\nvoid wide() {\n" + "x++;".repeat(6552) + "\nx++; } }");

        assertSays("LOOM-078 warning", "above 8000 the JIT does not compile it", "atomic A#jit", sources);
        assertSays("LOOM-033 error", "65535 is the limit of a class file", "atomic A#full", sources);
        assertSilent("LOOM-078", "atomic A#small", sources);
        assertSays("LOOM-033 error", "65535 is the limit of a class file", "A:2 > A:5", sources);
    }

    @Test
    void anOrderThatOneThreadMustViolateIsAnError() {
        Sources sources = Sources.compile(
                "A.java",
                """
                class A {
                    int x;
                    void m(boolean b) {
                        x = 1;                                 // @one
                        if (b) {
                            x = 2;                             // @two
                        }
                        x = 3;                                 // @three
                    }
                }
                """);

        assertSays("LOOM-060 error", "every thread comes to line 4 of A#m before it comes to line 8", "A:@three > A:@one",
                sources);
        assertSays("LOOM-060 error", "line 4 cannot come before itself", "A:@one > A:@one", sources);
        assertSilent("LOOM-060", "A:@one > A:@three", sources);
        assertSilent("LOOM-060", "A:@three > A:@two", sources);
    }

    @Test
    void anEventThatWaitsInsideAMonitorIsAWarningAndOneThatCompletesThereIsNot() {
        Sources sources = Sources.compile(
                "A.java",
                """
                class A {
                    int x;
                    void m() {
                        x = 1;                                 // @free
                        synchronized (this) {
                            x = 2;                             // @block
                        }
                        x = 3;                                 // @behind
                    }
                    synchronized void n() {
                        x = 4;                                 // @method
                    }
                    A() {
                        this(
                            Integer.parseInt("1"));            // @early
                    }
                    A(int x) {}
                }
                """);

        assertSays("LOOM-066 warning", "waits inside a synchronized block", "A:@free > A:@block", sources);
        assertSays("LOOM-066 warning", "waits inside a synchronized method", "A:@free > A:@method", sources);
        assertSilent("LOOM-066", "A:@block > A:@behind", sources);
        assertSilent("LOOM-066", "A:@method > A:@free", sources);
        assertSays("LOOM-032 error", "begins before super(...) or this(...) has returned", "A:@free > A:@early", sources);
    }

    private static void assertSays(String codeAndSeverity, String message, String filter, Sources classes) {
        List<Diagnostic> all = diagnostics(filter, classes);
        String shown = all.stream()
                .map(d -> d.code() + " " + d.severity().name().toLowerCase() + " " + d.message())
                .collect(Collectors.joining("\n"));
        assertTrue(
                all.stream().anyMatch(d -> (d.code() + " " + d.severity().name().toLowerCase()).equals(codeAndSeverity)
                        && d.message().contains(message)),
                () -> "expected " + codeAndSeverity + " " + message + ", got\n" + shown);
    }

    private static void assertSilent(String code, String filter, Sources classes) {
        assertEquals(List.of(), diagnostics(filter, classes).stream().filter(d -> d.code().equals(code)).toList());
    }

    private static List<Diagnostic> diagnostics(String filter, Sources classes) {
        CompileResult result = FilterCompiler.compile("test.loom", classes.lines(filter), "test", classes);
        return result.diagnostics();
    }
}
