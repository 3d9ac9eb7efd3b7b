package dev.loom.console.page;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import dev.loom.console.finding.NewSearch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was typed to look for races, as it was typed. */
public record FindForm(String classes, String seconds, String budget) {

    static final FindForm USUAL = new FindForm("", String.valueOf(NewSearch.USUAL_SECONDS), "3");

    public FindForm {
        classes = or(classes, "");
        seconds = or(seconds, String.valueOf(NewSearch.USUAL_SECONDS));
        budget = or(budget, "3");
    }

    private static String or(@Nullable String text, String fallback) {
        return text == null || text.isBlank() ? fallback : text.strip();
    }

    FindForm in(String patterns) {
        return new FindForm(patterns, seconds, budget);
    }

    NewSearch wanted() {
        try {
            return NewSearch.of(List.of(classes), Integer.valueOf(seconds), Double.valueOf(budget.replace("%", "").replace(',', '.').strip()));
        } catch (NumberFormatException e) {
            throw new LoomProblem(ProblemCode.BAD_OPTION, "How long and how much are numbers: seconds, and percent of the time.", "60 and 3 are usual.");
        }
    }
}
