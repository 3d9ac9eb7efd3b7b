package dev.loom.console.deployment;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the agent shall do without being asked again.
 *
 * @param onStraggler {@code wait}, or {@code reverse:75s}
 * @param onHarmful {@code keep} or {@code remove}
 */
record Policies(String onStraggler, String onHarmful) {

    private static final Pattern REVERSE = Pattern.compile("reverse:0*[1-9]\\d{0,8}(ms|s|m)");

    static Policies parse(@Nullable String onStraggler, @Nullable String onHarmful) {
        String straggler = onStraggler == null || onStraggler.isBlank() ? "wait" : onStraggler.strip().toLowerCase(Locale.ROOT);
        String harmful = onHarmful == null || onHarmful.isBlank() ? "keep" : onHarmful.strip().toLowerCase(Locale.ROOT);
        if (!straggler.equals("wait") && !REVERSE.matcher(straggler).matches()) {
            throw new LoomProblem(
                    ProblemCode.BAD_OPTION, "'" + onStraggler + "' is not an answer to stragglers.", "Write wait, or reverse:75s.");
        }
        if (!harmful.equals("keep") && !harmful.equals("remove")) {
            throw new LoomProblem(ProblemCode.BAD_OPTION, "'" + onHarmful + "' is not an answer to a deadlock.", "Write keep or remove.");
        }
        return new Policies(straggler, harmful);
    }

    /** As the agent's {@code install} takes them. */
    String options(Mode mode) {
        return "mode=" + mode.text() + ",on-straggler=" + onStraggler + ",on-harmful=" + onHarmful;
    }
}
