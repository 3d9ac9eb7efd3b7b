package dev.loom.client;

import java.util.List;
import javax.management.openmbean.CompositeData;
import org.jspecify.annotations.Nullable;

/** Reads what an agent tells of a search for races. What is missing reads as empty, and what is not known here is left out. */
public final class FindReader {

    private FindReader() {}

    /** A search, as {@code find}, {@code stopFinding} and the attribute {@code FindStatus} answer it. */
    public static FindStatus status(CompositeData data) {
        return new FindStatus(
                StatusReader.text(data, "state"),
                Bounds.cut(StatusReader.raw(data, "classes"), Bounds.LONG),
                (int) count(data, "places"),
                (int) count(data, "watchedClasses"),
                (int) count(data, "reached"),
                (int) count(data, "paused"),
                Bounds.percent(StatusReader.decimal(data, "pausePercent")),
                Bounds.percent(StatusReader.decimal(data, "watchPercent")),
                Bounds.percent(StatusReader.decimal(data, "budgetPercent")),
                count(data, "elapsedMillis"),
                count(data, "forMillis"),
                StatusReader.texts(StatusReader.item(data, "uncovered"), Bounds.MAX_DIAGNOSTICS),
                StatusReader.list(StatusReader.item(data, "findings"), FindReader::finding, Bounds.MAX_FINDINGS));
    }

    static List<Suggestion> suggestions(@Nullable Object answer) {
        return StatusReader.list(
                answer,
                data -> new Suggestion(
                        Bounds.cut(StatusReader.raw(data, "filter"), Bounds.TEXT), Bounds.cut(StatusReader.raw(data, "why"), Bounds.LONG),
                        StatusReader.flag(data, "warned")),
                Bounds.MAX_SUGGESTIONS);
    }

    private static Finding finding(CompositeData data) {
        return new Finding(
                StatusReader.text(data, "id"),
                StatusReader.text(data, "kind"),
                Bounds.cut(StatusReader.raw(data, "type"), Bounds.MEDIUM),
                count(data, "count"),
                (int) count(data, "pairs"),
                StatusReader.list(StatusReader.item(data, "sides"), FindReader::side, Bounds.MAX_SIDES),
                Bounds.cut(StatusReader.raw(data, "filter"), Bounds.TEXT),
                Bounds.cut(StatusReader.raw(data, "why"), Bounds.LONG),
                suggestions(StatusReader.item(data, "alternatives")));
    }

    private static FindingSide side(CompositeData data) {
        return new FindingSide(
                Bounds.cut(StatusReader.raw(data, "place"), Bounds.MEDIUM),
                StatusReader.text(data, "access"),
                Bounds.cut(StatusReader.raw(data, "target"), Bounds.MEDIUM),
                Bounds.cut(StatusReader.raw(data, "thread"), Bounds.MEDIUM),
                StatusReader.flag(data, "monitor"),
                StatusReader.texts(StatusReader.item(data, "stack"), Bounds.MAX_FRAMES));
    }

    private static long count(CompositeData data, String name) {
        return Math.max(0, StatusReader.number(data, name));
    }
}
