package dev.loom.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import javax.management.openmbean.ArrayType;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.CompositeDataSupport;
import javax.management.openmbean.CompositeType;
import javax.management.openmbean.OpenDataException;
import javax.management.openmbean.OpenType;
import javax.management.openmbean.SimpleType;
import org.junit.jupiter.api.Test;

/** How much of a listed class is taken, whatever an agent says. */
class ListingReaderTest {

    private static CompositeData data(Object... pairs) throws OpenDataException {
        String[] names = IntStream.range(0, pairs.length / 2).mapToObj(i -> (String) pairs[2 * i]).toArray(String[]::new);
        Object[] values = IntStream.range(0, pairs.length / 2).mapToObj(i -> pairs[2 * i + 1]).toArray();
        OpenType<?>[] types = new OpenType<?>[names.length];
        for (int i = 0; i < names.length; i++) {
            types[i] = values[i] instanceof int[] ? ArrayType.getPrimitiveArrayType(int[].class)
                    : values[i] instanceof String[] ? ArrayType.getArrayType(SimpleType.STRING)
                            : values[i] instanceof CompositeData[] rows ? ArrayType.getArrayType(rows[0].getCompositeType()) : SimpleType.STRING;
        }
        return new CompositeDataSupport(new CompositeType("test", "test", names, names, types), names, values);
    }

    @Test
    void whatIsMissingReadsAsEmptyAndALineWithoutWordsIsNone() throws OpenDataException {
        CodeListing nothing = ListingReader.listing(data("type", "com.acme.Bank"));
        assertEquals(new CodeListing("com.acme.Bank", "", "", List.of(), "", List.of(), List.of()), nothing);
        CompositeData method = data("member", "com.acme.Bank#transfer", "lines", new int[] {41, -3, 43}, "does", new String[] {"returns", "a\u0000b"});
        CodeListing listing = ListingReader.listing(data("methods", new CompositeData[] {method}));
        assertEquals(List.of(new CodeListing.Line(41, "returns"), new CodeListing.Line(0, "a\uFFFDb")), listing.methods().get(0).lines());
        CompositeData hook = data("id", "h1", "enters", new int[] {0, 41}, "leaves", "41");
        CodeListing.Hook read = ListingReader.listing(data("hooks", new CompositeData[] {hook})).hooks().get(0);
        assertEquals(List.of(41), read.enters());
        assertEquals(List.of(), read.leaves(), "of another type than it should be");
    }

    @Test
    void ofTooMuchTheBeginningIsTaken() throws OpenDataException {
        String[] does = new String[15_000];
        Arrays.fill(does, "returns");
        does[0] = "x".repeat(10_000);
        CompositeData method = data("lines", IntStream.rangeClosed(1, does.length).toArray(), "does", does);
        CompositeData[] methods = new CompositeData[Bounds.MAX_METHODS + 1];
        Arrays.fill(methods, method);
        CodeListing listing = ListingReader.listing(data("methods", methods));
        assertEquals(Bounds.MAX_METHODS, listing.methods().size());
        assertEquals(Bounds.MAX_LINES, listing.methods().stream().mapToInt(m -> m.lines().size()).sum());
        assertEquals(Bounds.LONG, listing.methods().get(0).lines().get(0).does().length());
    }
}
