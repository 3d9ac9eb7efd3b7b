package dev.loom.filter.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.filter.diagnostic.Diagnostic;
import dev.loom.filter.diagnostic.Diagnostics;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterParserTest {

    @Test
    void theFilterOfTheSpecificationIsRead() {
        FilterTree file = parse(
                """
                filter "pool-evictor" {
                    about  "The evictor destroys an idle object while another thread borrows it."
                    ticket "POOL-xxx"                                   // shown in the console, searchable
                    use    org.acme.pool.impl.GenericPool               // lets the lines below write GenericPool

                    region evict  = GenericPool#evict                   // every overload; #evict(int) picks one
                    region borrow = { GenericPool:1120 ; GenericPool:1135, GenericPool:1150 }
                    event  ready  = org.acme.Boot:31
                    event  serve  = org.acme.Server:88

                    evict by this <> shared borrow by this              // per pool instance; borrowers stay concurrent
                    ready > serve within 5s                             // then go on, and count it as timed out
                }
                """);

        assertEquals("pool-evictor", file.name());
        assertEquals(
                List.of(
                        "about \"The evictor destroys an idle object while another thread borrows it.\"",
                        "ticket \"POOL-xxx\"",
                        "use org.acme.pool.impl.GenericPool",
                        "region evict = GenericPool#evict",
                        "region borrow = { GenericPool:1120 ; GenericPool:1135, GenericPool:1150 }",
                        "event ready = org.acme.Boot:31",
                        "event serve = org.acme.Server:88",
                        "evict by this <> shared borrow by this",
                        "ready > serve within 5s"),
                texts(file));
        assertEquals(5, file.comments().size());
        assertEquals(Duration.ofSeconds(5), ((Statement.Order) file.statements().get(8)).within());
    }

    @Test
    void theFilterOfThePaperIsComplete() {
        FilterTree file = parse("{ log.Log:874 ; log.Log:917 } <> *");

        assertNull(file.name());
        Statement.Unilateral unilateral = (Statement.Unilateral) file.statements().get(0);
        assertEquals(List.of(), unilateral.scope());
        assertEquals("{ log.Log:874 ; log.Log:917 }", SourceText.of(unilateral.region()));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "atomic com.acme.Bank#transfer",
        "atomic com.acme.Bank#transfer() by this",
        "atomic com.acme.Bank#transfer(Account,long[],java.util.Map.Entry[][]) by $1.owner.id",
        "atomic com.acme.Bank#<init>(int) by com.acme.Bank.class",
        "atomic com.acme.Bank#<clinit>",
        "atomic com.acme.Bank#<init>:12",
        "atomic com.acme.Bank$Worker:12 by com.acme.Bank.this.lock",
        "atomic com.acme.Bank#lambda$run$0:42 by account",
        "atomic com.acme.Kt#value-impl(int)",
        "atomic Bank.java:42",
        "atomic at com.acme.Bank.transfer(Bank.java:42)",
        "a by this <> b by $2 <> shared c by 42L",
        "a by \"x\" <> b by 'y' <> c by -7 <> d by true <> e by 1.5",
        "observe a <> shared b",
        "observe atomic a",
        "r <> *",
        "observe r <> * in com.acme.**, com.acme.Bank, com.acme.Foo*",
        "e1 > e2 > e3",
        "e1 by key {3} > e2 by key each within 250ms",
        "com.acme.Bank:1 {this.parties} > com.acme.Bank:2 within 2m",
        "e1 > e2 within 1.5ms",
        "use com.acme.Bank as B",
        "region r = { a, com.acme.Bank:1 by x ; com.acme.Bank#m(int):2 } by k",
        "event e = com.acme.Bank:1 by x {2}",
        "event.handler.Region:12 <> use.shared.Pin#filter",
        "pin com.acme.Bank#m(int) sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
    })
    void everyFormOfTheGrammarIsReadAndWrittenAsItIs(String statement) {
        assertEquals(List.of(statement), texts(parse(statement)));
    }

    @Test
    void aCountAndARegionBehindAnEventAreToldApart() {
        FilterTree file = parse(
                """
                event a = C:1 {3}
                event b = C:2
                { C:3 ; C:4 } <> *
                event c = C:5 by x {this.n}
                { a ; b } <> *
                """);

        assertEquals(
                List.of("event a = C:1 {3}", "event b = C:2", "{ C:3 ; C:4 } <> *", "event c = C:5 by x {this.n}",
                        "{ a ; b } <> *"), texts(file));
    }

    @Test
    void commentsAreLeftOutWhereverTheyStand() {
        assertEquals(
                List.of("a <> b"),
                texts(parse("# one\n  # two\n/* three\n still three */ a // four\n <> /* five */ b\n")));
    }

    @Test
    void allSyntaxErrorsAreFoundInOneRunEachAtItsPlace() {
        assertEquals(
                """
                1:10 LOOM-001 expected '=' behind the region's name, found 'C'
                2:16 LOOM-001 expected ';' between the entries and the exits of the region, found '}'
                3:3 LOOM-001 expected '<>' or '>' behind the region or event, found 'b'
                4:11 LOOM-007 '0' is not a line number
                5:8 LOOM-001 a class name alone is neither a region nor an event
                6:12 LOOM-001 a key cannot call a method
                7:14 LOOM-007 '5parsecs' is not a duration
                8:13 LOOM-001 a region of lines is not written as a range
                9:14 LOOM-001 regions cannot stand inside each other
                10:7 LOOM-006 this text has no end on its line
                11:20 LOOM-001 expected ',' or ')', found 'from'
                12:11 LOOM-001 a digest has 64 hexadecimal digits behind 'sha256:'
                13:1 LOOM-017 a count belongs to an event of an order, not to a region
                14:5 LOOM-001 expected a region or event, found the end of the file""",
                errors(
                        """
                        region a C:1
                        region a = { b }
                        a b
                        atomic Cc:0
                        atomic com.acme.Bank
                        a <> b by x()
                        a > b within 5parsecs
                        atomic Bank:42-45
                        region c = { { C:1 ; C:2 } ; C:3 }
                        about "open
                        atomic C#m(Account from)
                        pin C#m() sha256:0123456789abcdef
                        C:1 {3} <> d
                        a <>"""));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "filter \"\" { atomic C#m }|LOOM-005",
        "filter \"a/b\" { atomic C#m }|LOOM-005",
        "filter \"a\" { atomic C#m|LOOM-001",
        "filter \"a\" { atomic C#m } atomic C#n|LOOM-001",
        "filter \"a\" { filter \"b\" { atomic C#m } }|LOOM-001",
        "filter { atomic C#m }|LOOM-001",
        "atomic C#m filter \"a\" { }|LOOM-001",
        "a <> b <> *|LOOM-001",
        "* <> a|LOOM-001",
        "shared a <> *|LOOM-001",
        "atomic shared a|LOOM-001",
        "shared a > b|LOOM-001",
        "C#m > b|LOOM-012",
        "{ C#m ; C:1 } <> a|LOOM-012",
        "{ ; C:1 } <> a|LOOM-001",
        "{ C:1 ; } <> a|LOOM-001",
        "a <> b by null|LOOM-001",
        "a <> b by x + 1|LOOM-001",
        "a <> b by x[0]|LOOM-001",
        "a <> b by $0|LOOM-007",
        "a <> b by $256|LOOM-007",
        "a <> b by 99999999999|LOOM-007",
        "a <> b by 'xy'|LOOM-007",
        "a > b {0}|LOOM-007",
        "a > b within 0s|LOOM-007",
        "a > b within 25h|LOOM-007",
        "atomic C:65536|LOOM-007",
        "atomic C:99999999999999999999|LOOM-007",
        "atomic com.acme.Bank.java:42|LOOM-001",
        "atomic com.acme.Bank.transfer(Account)|LOOM-001",
        "atomic at com.acme.Bank.transfer(Native Method)|LOOM-001",
        "atomic at com.acme.Bank.transfer(Bank.java)|LOOM-001",
        "atomic C#m(List<String>)|LOOM-001",
        "region region = C#m|LOOM-001",
        "about unquoted|LOOM-001",
        "about \"a\\qb\"|LOOM-001",
        "atomic Größe#m\u00a0|LOOM-002",
        "/* open|LOOM-006",
    })
    void whatIsWrongHasItsCode(String text, String code) {
        Diagnostics diagnostics = new Diagnostics("f");
        FilterParser.parse(text, diagnostics);

        assertTrue(diagnostics.hasErrors());
        assertEquals(code, diagnostics.sorted().get(0).code(), () -> diagnostics.sorted().toString());
    }

    @Test
    void aBrokenStatementDoesNotTakeTheNextOneWithIt() {
        Diagnostics diagnostics = new Diagnostics("f");
        FilterTree file = FilterParser.parse(
                """
                filter "x" {
                    region a = { C:1, ;
                                 C:2 }
                    region b = C#m
                    c <>
                    atomic C:1
                    {C:1 C:2} <> b
                    a > > b
                    about "last"
                }
                """,
                diagnostics);

        assertEquals(List.of("region b = C#m", "atomic C:1", "about \"last\""), texts(file));
        assertEquals(List.of(2, 6, 7, 8), diagnostics.sorted().stream().map(d -> d.span().line()).toList(),
                () -> diagnostics.sorted().toString());
    }

    private static FilterTree parse(String text) {
        Diagnostics diagnostics = new Diagnostics("f");
        FilterTree file = FilterParser.parse(text, diagnostics);
        assertEquals(List.of(), diagnostics.sorted());
        return file;
    }

    private static List<String> texts(FilterTree file) {
        return file.statements().stream().map(SourceText::of).toList();
    }

    private static String errors(String text) {
        Diagnostics diagnostics = new Diagnostics("f");
        FilterParser.parse(text, diagnostics);
        return diagnostics.sorted().stream().map(FilterParserTest::shown).collect(Collectors.joining("\n"));
    }

    private static String shown(Diagnostic d) {
        return d.span().line() + ":" + d.span().column() + " " + d.code() + " " + d.message();
    }
}
