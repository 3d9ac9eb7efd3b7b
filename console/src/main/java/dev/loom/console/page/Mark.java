package dev.loom.console.page;

import dev.loom.console.audit.LoggedEvent;
import java.util.stream.Stream;

/**
 * A moment that charts mark: a filter came into force in the JVM, or was taken out.
 *
 * @param at epoch ms
 * @param text a word for it
 */
record Mark(long at, String text) {

    /** The mark of a change of state; none for the states in between. */
    static Stream<Mark> of(LoggedEvent change) {
        String text = switch (String.valueOf(change.data().get("state"))) {
            case "ACTIVE" -> "in force";
            case "OBSERVING" -> "observes";
            case "REMOVED" -> "removed";
            case "FAILED" -> "failed";
            default -> "";
        };
        return text.isEmpty() ? Stream.of() : Stream.of(new Mark(change.at().toEpochMilli(), text));
    }
}
