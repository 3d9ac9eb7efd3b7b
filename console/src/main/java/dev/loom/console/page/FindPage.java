package dev.loom.console.page;

import dev.loom.client.FindStatus;
import java.util.List;

/**
 * A search for races, on its page.
 *
 * @param state {@code NONE}, {@code FINDING} or {@code ENDED}
 * @param progress how much of its time is over, 0 to 1
 * @param sentence how far it is
 * @param coverage what it looked at
 * @param used what it took
 * @param uncovered what was not looked at, and why
 * @param again after how long the page looks again, s: a search of a day is not looked at every second
 * @param digest another one where the list of findings is another
 */
public record FindPage(
        String state, String classes, double progress, String sentence, String coverage, String used, List<String> uncovered, List<FoundRace> races,
        String digest, int again) {

    /** Most findings that a page shows; those that tell most come first. */
    private static final int MOST = 30;

    private static final long LONG_MILLIS = 600_000;

    static final FindPage NONE = of(new FindStatus("NONE", "", 0, 0, 0, 0, 0, 0, 0, 0, 0, List.of(), List.of()));

    public boolean isFinding() {
        return state.equals("FINDING");
    }

    public boolean isEnded() {
        return state.equals("ENDED");
    }

    static FindPage of(FindStatus s) {
        List<FoundRace> races = s.findings().stream().limit(MOST).map(FoundRace::of).toList();
        double progress = s.forMillis() == 0 ? 0 : Math.min(1, (double) s.elapsedMillis() / s.forMillis());
        return new FindPage(
                s.state(), s.classes(), progress, sentence(s), coverage(s), used(s), s.uncovered(), races,
                Integer.toHexString(races.stream().map(race -> race.key() + race.id() + race.proposal().text()).toList().hashCode()),
                s.forMillis() > LONG_MILLIS ? 5 : 1);
    }

    private static String sentence(FindStatus s) {
        Format format = Format.INSTANCE;
        String found = s.findings().isEmpty() ? "nothing seen" : s.findings().size() == 1 ? "1 finding" : format.count(s.findings().size()) + " findings";
        return switch (s.state()) {
            case "FINDING" -> "Looking in " + s.classes() + ", " + format.millis(s.elapsedMillis()) + " of " + format.millis(s.forMillis()) + ": " + found + " so far.";
            case "ENDED" -> "Looked in " + s.classes() + " for " + format.millis(s.elapsedMillis()) + ": " + found + ". Nothing of the search is left in the JVM.";
            default -> "Nobody has looked for races here since the JVM started.";
        };
    }

    private static String coverage(FindStatus s) {
        Format format = Format.INSTANCE;
        return "Watched " + format.count(s.places()) + (s.places() == 1 ? " place in " : " places in ") + format.count(s.watchedClasses())
                + (s.watchedClasses() == 1 ? " class" : " classes") + "; threads came to " + format.count(s.reached()) + " of them, and paused at "
                + format.count(s.paused()) + ".";
    }

    private static String used(FindStatus s) {
        Format format = Format.INSTANCE;
        return "Took " + format.percent(s.pausePercent()) + " of the time in pauses and about " + format.percent(s.watchPercent())
                + " of a processor in watch points; the budget is " + format.percent(s.budgetPercent()) + ".";
    }
}
