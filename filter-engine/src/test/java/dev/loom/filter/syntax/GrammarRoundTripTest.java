package dev.loom.filter.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.loom.filter.diagnostic.DiagnosticRenderer;
import dev.loom.filter.diagnostic.Diagnostics;
import dev.loom.filter.diagnostic.Span;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each production of the grammar is written by the formatter as the same tree that was read. */
class GrammarRoundTripTest {

    private static final String DIGEST = " sha256:" + "0f".repeat(32);

    /** The productions of docs/filter-language.md, in its order; each alternative and each optional part at least once. */
    static Stream<String> productions() {
        return Stream.of(
                // file, filter
                "", "atomic a.B#m", "filter \"a b\" { }", "filter \"x:1.0-rc_2\" { atomic a.B#m }",
                // statement
                "about \"what\"", "about \"a \\\"b\\\" \\\\ \\t\"", "ticket \"X-1\"", "use a.B", "use a.B as C", "use a.B$C as $1",
                "region r = a.B#m", "event e = a.B:1", "observe atomic r", "observe a > b", "observe r <> *",
                "pin a.B#m" + DIGEST, "pin a.B#m()" + DIGEST, "pin a.B#m(int,long[])" + DIGEST,
                // constraint
                "a <> b", "a <> b <> c", "atomic a", "r <> *", "r <> * in a.**", "r <> * in a.**, b.*, C*", "a > b", "a > b > c", "a > b each",
                "a > b within 5s", "a > b each within 250ms", "a > b within 1.5 ms", "a > b within 2m", "a > b within 90min", "a > b within 1h",
                // side
                "shared a <> b", "a <> shared b", "shared a <> shared b",
                // region
                "atomic r by this", "atomic { a ; b }", "atomic { a, a.B:1 ; b, a.B:2 } by x", "atomic a.B#m by $1", "atomic a.B:7",
                "atomic a.B:7 by this", "region r = { a.B:1 ; a.B:2 } by this.x", "region r = a.B:1",
                // event
                "a by x > b by x", "a {3} > b", "a {n} > b", "a {this.n} > b", "a by x {$1} > b by y", "event e = a.B:1 by x {2}",
                // location
                "atomic a.B#m:7", "atomic a.B#m(int):7", "atomic B.java:7", "atomic at a.B.m(B.java:7)", "atomic a.B.m(B.java:7)",
                "atomic at app//a.B$1.lambda$x$0(B.java:7) ~[a.jar:1]", "atomic at a.B.<init>(B.java:7)", "atomic at a.B.m(B.kt:7)",
                // member
                "atomic a.B#<init>", "atomic a.B#<init>(a.C,int...)", "atomic a.B#m()", "atomic a.B#lambda$m$0", "atomic a.B#value-impl",
                "atomic größe.Straße#maß",
                // key
                "atomic r by B.this", "atomic r by a.B.this.x", "atomic r by a.B.class", "atomic r by B.class.x", "atomic r by x",
                "atomic r by $12", "atomic r by $1.a.b", "atomic r by a.b.c", "atomic r by 1", "atomic r by -1", "atomic r by 7L",
                "atomic r by 2.50", "atomic r by 'c'", "atomic r by '\\''", "atomic r by \"s\\\"\"", "atomic r by true");
    }

    @ParameterizedTest
    @MethodSource("productions")
    void isWrittenAsTheSameTree(String text) {
        // a text, a stack frame and a duration are what they are; between all else there may be white space and comments
        boolean isPlain = !text.contains("\"") && !text.contains("'") && !text.contains("at ") && !text.contains(" ms");
        for (String layout : isPlain
                ? List.of(text, "  " + text.replace(" ", "\t ") + "\r\n", text.replace(" ", " /* c */\n"), text + " // behind")
                : List.of(text, "\t" + text + "\r\n")) {
            FilterTree read = parse(layout);
            String written = FilterFormatter.format(read, layout);

            assertEquals(shape(read.statements()), shape(parse(written).statements()), written);
            assertEquals(read.name(), parse(written).name(), written);
            assertEquals(written, FilterFormatter.format(parse(written), written));
        }
    }

    @Test
    void everyKindOfNodeIsAmongThem() {
        Set<String> wanted = new TreeSet<>();
        Stream.of(Statement.class, Region.class, Event.Target.class, Event.Count.class, Location.class, Key.Base.class)
                .forEach(kind -> permitted(kind, wanted));
        Set<String> seen = productions().map(text -> shape(parse(text).statements())).collect(Collectors.toCollection(TreeSet::new));
        String all = String.join("\n", seen);

        assertEquals(Set.of(), wanted.stream().filter(kind -> !all.contains(kind + "(")).collect(Collectors.toSet()));
    }

    private static void permitted(Class<?> kind, Set<String> into) {
        if (kind.isSealed()) {
            Stream.of(kind.getPermittedSubclasses()).forEach(sub -> permitted(sub, into));
        } else {
            into.add(kind.getName());
        }
    }

    private static FilterTree parse(String text) {
        Diagnostics diagnostics = new Diagnostics("f");
        FilterTree file = FilterParser.parse(text, diagnostics);
        List<?> errors = diagnostics.sorted().stream().filter(d -> d.isError()).toList();
        assertEquals(List.of(), errors, () -> text + "\n" + DiagnosticRenderer.render(diagnostics.sorted(), text));
        return file;
    }

    /** A tree without the places in the text: kinds and values of all nodes. */
    private static String shape(Object node) {
        if (node instanceof List<?> list) {
            return list.stream().map(GrammarRoundTripTest::shape).collect(Collectors.joining(", ", "[", "]"));
        }
        if (!(node instanceof Record)) {
            return String.valueOf(node);
        }
        StringBuilder out = new StringBuilder(node.getClass().getName()).append('(');
        for (RecordComponent part : node.getClass().getRecordComponents()) {
            if (part.getType() != Span.class) {
                try {
                    part.getAccessor().setAccessible(true);
                    out.append(part.getName()).append('=').append(shape(part.getAccessor().invoke(node))).append(' ');
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
        return out.append(')').toString();
    }
}
