package dev.loom.client;

import java.util.List;

/**
 * A search for races in a JVM, as its agent tells it.
 *
 * @param state {@code NONE}, {@code FINDING} or {@code ENDED}
 * @param classes the patterns of the classes that are watched
 * @param places that are watched
 * @param watchedClasses classes with watch points
 * @param reached of these, places to which a thread came
 * @param paused of these, places at which threads paused
 * @param pausePercent what pauses took of the time, those of all threads together
 * @param watchPercent estimate of what watch points took of the time of one processor
 * @param budgetPercent what it may take of the time
 * @param elapsedMillis how long it has looked, ms
 * @param forMillis how long it was to look, ms
 * @param uncovered what was not looked at, and why; a line each
 * @param findings the most telling first
 */
public record FindStatus(
        String state,
        String classes,
        int places,
        int watchedClasses,
        int reached,
        int paused,
        double pausePercent,
        double watchPercent,
        double budgetPercent,
        long elapsedMillis,
        long forMillis,
        List<String> uncovered,
        List<Finding> findings) {

    /** Whether it goes on. */
    public boolean underWay() {
        return state.equals("FINDING");
    }
}
