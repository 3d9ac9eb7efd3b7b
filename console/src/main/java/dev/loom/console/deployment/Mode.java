package dev.loom.console.deployment;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Whether a filter is enforced or only counts. */
enum Mode {
    ENFORCE,
    OBSERVE;

    static Mode parse(@Nullable String text) {
        return switch (text == null ? "" : text.strip().toLowerCase(Locale.ROOT)) {
            case "", "enforce" -> ENFORCE;
            case "observe" -> OBSERVE;
            default -> throw new LoomProblem(ProblemCode.BAD_OPTION, "'" + text + "' is not a mode.", "Write enforce or observe.");
        };
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
