package dev.loom.races.runner;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A finding of {@code find}.
 *
 * @param type class of the object
 * @param pairs the methods that met at it, both orders of each pair
 * @param filters that are proposed for it, in their order
 */
record SeenRace(int rank, String kind, String type, String target, long count, Set<String> pairs, List<String> filters) {

    static SeenRace of(int rank, Map<?, ?> finding) {
        List<?> sides = (List<?>) finding.get("sides");
        Set<String> pairs = new HashSet<>();
        String between = method(sides.get(1));
        for (int i = 0; i < sides.size(); i += 2) {
            // of a torn step the first, what came in between, and the second
            pairs.add(method(sides.get(i)) + " " + between);
            pairs.add(between + " " + method(sides.get(i)));
        }
        List<String> filters = new ArrayList<>(List.of(text(finding, "filter")));
        ((List<?>) finding.get("alternatives")).forEach(other -> filters.add(text((Map<?, ?>) other, "filter")));
        filters.removeIf(String::isEmpty);
        return new SeenRace(rank, text(finding, "kind"), text(finding, "type"), text((Map<?, ?>) sides.get(0), "target"), (Long) finding.get("count"),
                pairs, filters);
    }

    private static String text(Map<?, ?> map, String key) {
        return String.valueOf(map.get(key));
    }

    private static String method(Object side) {
        String place = text((Map<?, ?>) side, "place");
        return place.contains("(") ? place.substring(0, place.indexOf('(')) : place;
    }

    /** Whether it is the same race, whatever it is told as: the same methods at an object of the same class. */
    boolean isSame(SeenRace other) {
        return type.equals(other.type) && pairs.stream().anyMatch(other.pairs::contains);
    }

    String brief() {
        return kind.toLowerCase(Locale.ROOT).replace('_', ' ') + " with " + target;
    }
}
