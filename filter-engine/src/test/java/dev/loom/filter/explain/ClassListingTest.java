package dev.loom.filter.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.filter.CompileResult;
import dev.loom.filter.FilterCompiler;
import dev.loom.filter.Kotlin;
import dev.loom.filter.Sources;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The listing of a class")
class ClassListingTest {

    private static final String SOURCE = """
            package com.acme;
            public class Bank implements Comparable<Bank> {
                static int made;
                private long total;
                final long[] slots = new long[2];
                Bank(int start) {
                    made++; // @made
                }
                public synchronized void transfer(Bank from, long amount) {
                    if (from.total < amount) { // @test
                        throw new IllegalArgumentException(); // @refused
                    }
                    synchronized (slots) { // @monitor
                        slots[0] += amount; // @element
                    }
                    audit(from); // @call
                }
                void transfer(String text) {
                    for (int i = 0; i < 9; i++) { // @head
                        audit(this); // @body
                    }
                }
                void audit(Bank bank) {}
                public int compareTo(Bank other) { return 0; }
                Runnable later(int extra) {
                    return () -> total += extra; // @lambda
                }
                native void outside();
                class Worker {
                    void work(int times) { total = times; } // @work
                }
            }
            """;
    private static final Sources CLASSES = Sources.compile("Bank.java", SOURCE);

    private static ClassListing listing(Sources classes, String type) {
        return ClassListing.of(classes.find(type).orElseThrow(), 10_000);
    }

    private static ListedMethod method(ClassListing listing, String member) {
        return listing.methods().stream().filter(m -> m.member().equals(member)).findFirst()
                .orElseThrow(() -> new AssertionError(member + " is not among " + listing.methods().stream().map(ListedMethod::member).toList()));
    }

    private static String at(ListedMethod method, String mark) {
        int line = CLASSES.line(mark);
        return method.lines().stream().filter(l -> l.line() == line).map(l -> String.join(", ", l.does())).collect(Collectors.joining("|"));
    }

    @Test
    @DisplayName("says what each line does to shared state and to the flow of control")
    void whatLinesDo() {
        ClassListing bank = listing(CLASSES, "com/acme/Bank");
        assertEquals("com.acme.Bank", bank.type());
        assertEquals("com/acme/Bank.java", bank.source());
        assertTrue(bank.complete());

        ListedMethod transfer = method(bank, "com.acme.Bank#transfer(com.acme.Bank,long)");
        assertEquals("public synchronized void transfer(Bank from, long amount)", transfer.shown());
        assertEquals("reads Bank.total, may go to " + CLASSES.line("monitor"), at(transfer, "test"));
        assertEquals("creates IllegalArgumentException, throws", at(transfer, "refused"));
        assertTrue(at(transfer, "monitor").startsWith("reads Bank.slots, enters a monitor"), at(transfer, "monitor"));
        assertEquals("reads Bank.slots, reads an element, writes an element", at(transfer, "element"));
        assertEquals("calls Bank#audit", at(transfer, "call"));

        ListedMethod loop = method(bank, "com.acme.Bank#transfer(String)");
        assertTrue(at(loop, "head").endsWith("loops"), at(loop, "head"));
        assertEquals("calls Bank#audit", at(loop, "body"));
    }

    @Test
    @DisplayName("names members and keys as a filter writes them: the checker accepts what is made of them")
    void whatFiltersWrite() {
        ClassListing bank = listing(CLASSES, "com/acme/Bank");
        ClassListing worker = listing(CLASSES, "com/acme/Bank$Worker");
        assertEquals(List.of("this", "from", "amount"), method(bank, "com.acme.Bank#transfer(com.acme.Bank,long)").keys());
        assertEquals(List.of("this", "com.acme.Bank.this", "times"), method(worker, "com.acme.Bank$Worker#work").keys());
        assertEquals("Bank(int start)", method(bank, "com.acme.Bank#<init>").shown());
        assertEquals("writes Bank.made", at(method(bank, "com.acme.Bank#<init>"), "made").replace("reads Bank.made, ", ""));
        assertTrue(bank.methods().stream().noneMatch(m -> m.descriptor().equals("(Ljava/lang/Object;)I")), "a bridge is nobody's code");
        assertEquals(List.of(), method(bank, "com.acme.Bank#outside").lines());

        for (ClassListing listing : List.of(bank, worker)) {
            for (ListedMethod method : listing.methods()) {
                if (!method.lines().isEmpty()) {
                    List<ListedLine> lines = method.lines();
                    String whole = "atomic " + method.member() + (method.keys().isEmpty() || method.name().equals("<init>") ? "" : " by " + method.keys().get(method.keys().size() - 1));
                    String region = "atomic { " + method.member() + ":" + lines.get(0).line() + " ; " + method.member() + ":"
                            + lines.get(lines.size() - 1).line() + " }";
                    for (String text : method.name().equals("<init>") ? List.of(whole) : List.of(whole, region)) {
                        CompileResult result = FilterCompiler.compile("x.loom", text, "x", CLASSES);
                        assertTrue(result instanceof CompileResult.Compiled, text + ": " + result.diagnostics());
                    }
                }
            }
        }
    }

    @Test
    @DisplayName("lists the body of a lambda as a method of its own, and names it where it is made")
    void lambdas() {
        ClassListing bank = listing(CLASSES, "com/acme/Bank");
        assertTrue(at(method(bank, "com.acme.Bank#later"), "lambda").startsWith("creates a lambda of Bank#lambda$later$0"));
        assertEquals("reads Bank.total, writes Bank.total, returns", at(method(bank, "com.acme.Bank#lambda$later$0"), "lambda"));
    }

    @Test
    @DisplayName("of a class without tables has one row for each method, and parameters by number")
    void withoutTables() {
        Sources bare = Sources.compile(List.of("-g:none"), "Bank.java", SOURCE);
        ClassListing bank = listing(bare, "com/acme/Bank");
        ListedMethod transfer = method(bank, "com.acme.Bank#transfer(com.acme.Bank,long)");
        assertEquals("", bank.source());
        assertEquals(List.of(0), transfer.lines().stream().map(ListedLine::line).toList());
        assertTrue(transfer.lines().get(0).does().contains("calls Bank#audit"), transfer.lines().toString());
        assertEquals(List.of("this", "$1", "$2"), transfer.keys());
        assertEquals("public synchronized void transfer(Bank, long)", transfer.shown());
    }

    @Test
    @DisplayName("is bounded: lines beyond the bound are left out and it says so; of one line twelve things are said")
    void bounded() {
        String calls = IntStream.range(0, 2_000).mapToObj(i -> "a(" + i + ");\n").collect(Collectors.joining());
        String one = IntStream.range(0, 40).mapToObj(i -> "f" + i + "++;").collect(Collectors.joining());
        String fields = IntStream.range(0, 40).mapToObj(i -> "int f" + i + ";").collect(Collectors.joining());
        Sources huge = Sources.compile("H.java", "class H { void a(int x) {}\n" + fields + "\nvoid b() {" + one + "}\nvoid c() {\n" + calls + "}\nvoid d() {}\n}");
        byte[] file = huge.find("H").orElseThrow();
        ClassListing all = ClassListing.of(file, 10_000);
        assertTrue(all.complete());
        assertEquals(2_001, method(all, "H#c").lines().size());
        List<String> said = method(all, "H#b").lines().get(0).does();
        assertEquals(13, said.size());
        assertEquals("…", said.get(12));

        ClassListing some = ClassListing.of(file, 100);
        assertFalse(some.complete());
        assertEquals(100, some.methods().stream().mapToInt(m -> m.lines().size()).sum());
        assertEquals(all.methods().size(), some.methods().size(), "the methods are there all the same");
        assertThrows(IllegalArgumentException.class, () -> ClassListing.of(new byte[] {1, 2, 3}, 10));
    }

    @Test
    @DisplayName("of Kotlin's classes has the lines of the Kotlin source")
    void kotlin(@TempDir Path scratch) throws Exception {
        Path classes = Kotlin.compile(scratch, "Shop.kt", """
                package com.acme

                class Shop(private var stock: Int) {
                    fun sell(pieces: Int, then: (Int) -> Unit) {
                        if (stock >= pieces) {
                            stock -= pieces
                            then(stock)
                        }
                    }
                }

                fun open() = Shop(3).sell(1) { println(it) }
                """);
        ClassListing shop = ClassListing.of(Files.readAllBytes(classes.resolve("com/acme/Shop.class")), 1_000);
        ListedMethod sell = method(shop, "com.acme.Shop#sell");
        assertEquals("com/acme/Shop.kt", shop.source());
        assertTrue(sell.keys().containsAll(List.of("this", "pieces", "then")), sell.keys().toString());
        assertTrue(sell.lines().stream().anyMatch(l -> l.line() == 6 && l.does().contains("writes Shop.stock")), sell.lines().toString());
        assertTrue(sell.lines().stream().anyMatch(l -> l.line() == 7 && l.does().contains("calls Function1#invoke")), sell.lines().toString());
        ClassListing file = ClassListing.of(Files.readAllBytes(classes.resolve("com/acme/ShopKt.class")), 1_000);
        assertTrue(method(file, "com.acme.ShopKt#open").lines().stream().anyMatch(l -> l.line() == 12));
    }
}
