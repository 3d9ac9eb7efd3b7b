package dev.loom.client;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.management.openmbean.CompositeData;
import org.jspecify.annotations.Nullable;

/** Reads a class that an agent lists. What is missing reads as empty, and what is too much is left out. */
final class ListingReader {

    private ListingReader() {}

    static CodeListing listing(CompositeData data) {
        int[] left = {Bounds.MAX_LINES};
        return new CodeListing(
                Bounds.cut(StatusReader.raw(data, "type"), Bounds.MEDIUM),
                Bounds.cut(StatusReader.raw(data, "source"), Bounds.MEDIUM),
                Bounds.cut(StatusReader.raw(data, "loader"), Bounds.MEDIUM),
                StatusReader.texts(StatusReader.item(data, "loaders"), Bounds.MAX_LOADERS),
                Bounds.cut(StatusReader.raw(data, "omitted"), Bounds.LONG),
                StatusReader.list(StatusReader.item(data, "methods"), row -> method(row, left), Bounds.MAX_METHODS),
                StatusReader.list(StatusReader.item(data, "hooks"), ListingReader::hook, Bounds.MAX_HOOKS));
    }

    private static CodeListing.Method method(CompositeData data, int[] left) {
        int[] numbers = StatusReader.item(data, "lines") instanceof int[] said ? said : new int[0];
        List<String> does = StatusReader.texts(StatusReader.item(data, "does"), Math.min(numbers.length, left[0]), Bounds.LONG);
        List<CodeListing.Line> lines = new ArrayList<>();
        for (int i = 0; i < does.size(); i++) {
            lines.add(new CodeListing.Line(Math.max(0, numbers[i]), does.get(i)));
        }
        left[0] -= lines.size();
        return new CodeListing.Method(
                Bounds.cut(StatusReader.raw(data, "type"), Bounds.MEDIUM),
                Bounds.cut(StatusReader.raw(data, "name"), Bounds.MEDIUM),
                Bounds.cut(StatusReader.raw(data, "descriptor"), Bounds.LONG),
                Bounds.cut(StatusReader.raw(data, "member"), Bounds.LONG),
                Bounds.cut(StatusReader.raw(data, "shown"), Bounds.LONG),
                StatusReader.texts(StatusReader.item(data, "keys"), Bounds.MAX_KEYS),
                List.copyOf(lines));
    }

    private static CodeListing.Hook hook(CompositeData data) {
        return new CodeListing.Hook(
                Bounds.cut(StatusReader.raw(data, "filter"), Bounds.SHORT),
                Bounds.cut(StatusReader.raw(data, "id"), Bounds.SHORT),
                Bounds.cut(StatusReader.raw(data, "kind"), Bounds.SHORT),
                Bounds.cut(StatusReader.raw(data, "type"), Bounds.MEDIUM),
                Bounds.cut(StatusReader.raw(data, "method"), Bounds.LONG),
                numbers(StatusReader.item(data, "enters")),
                numbers(StatusReader.item(data, "inside")),
                numbers(StatusReader.item(data, "leaves")),
                numbers(StatusReader.item(data, "moves")),
                numbers(StatusReader.item(data, "inTheWay")));
    }

    private static List<Integer> numbers(@Nullable Object value) {
        return value instanceof int[] said ? Arrays.stream(said).filter(line -> line > 0).limit(Bounds.MAX_LINES).boxed().toList() : List.of();
    }
}
