package dev.loom.agent.control;

import java.util.List;

/**
 * A search for races, under way or ended.
 *
 * @param state {@code NONE}, {@code FINDING} or {@code ENDED}
 * @param classes the patterns
 * @param elapsedMillis how long it has been looked, ms
 * @param forMillis how long it was to be looked, ms
 * @param budgetPercent what it may take of the time
 * @param pausePercent what pauses took of the time, those of all threads together
 * @param watchPercent estimate of what watch points took of the time of one processor
 * @param watchedClasses classes with watch points
 * @param places that are watched
 * @param reached of these, places to which a thread came
 * @param paused of these, places at which threads paused
 * @param uncovered what was not looked at, and why; a line each
 * @param findings the most telling first
 */
public record FindStatus(
        String state,
        String classes,
        long elapsedMillis,
        long forMillis,
        double budgetPercent,
        double pausePercent,
        double watchPercent,
        int watchedClasses,
        int places,
        int reached,
        int paused,
        List<String> uncovered,
        List<Finding> findings) {

    /** Nobody has looked yet. */
    public static final FindStatus NONE = new FindStatus("NONE", "", 0, 0, 0, 0, 0, 0, 0, 0, 0, List.of(), List.of());
}
