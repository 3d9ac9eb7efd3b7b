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
 * @param onDeadlocked {@code wait}, or {@code accept} for threads that were deadlocked before the install
 */
record Policies(String onStraggler, String onHarmful, String onDeadlocked) {

    private static final Pattern REVERSE = Pattern.compile("reverse:0*[1-9]\\d{0,8}(ms|s|m)");

    static Policies parse(@Nullable String onStraggler, @Nullable String onHarmful, @Nullable String onDeadlocked) {
        String straggler = word(onStraggler, "wait");
        String harmful = word(onHarmful, "keep");
        String deadlocked = word(onDeadlocked, "wait");
        if (!straggler.equals("wait") && !REVERSE.matcher(straggler).matches()) {
            throw new LoomProblem(
                    ProblemCode.BAD_OPTION, "'" + onStraggler + "' is not an answer to stragglers.", "Write wait, or reverse:75s.");
        }
        if (!harmful.equals("keep") && !harmful.equals("remove")) {
            throw new LoomProblem(ProblemCode.BAD_OPTION, "'" + onHarmful + "' is not an answer to a deadlock.", "Write keep or remove.");
        }
        if (!deadlocked.equals("wait") && !deadlocked.equals("accept")) {
            throw new LoomProblem(
                    ProblemCode.BAD_OPTION,
                    "'" + onDeadlocked + "' is not an answer to threads that were deadlocked before the install.",
                    "Write wait or accept.");
        }
        return new Policies(straggler, harmful, deadlocked);
    }

    private static String word(@Nullable String given, String fallback) {
        return given == null || given.isBlank() ? fallback : given.strip().toLowerCase(Locale.ROOT);
    }

    /** As the agent's {@code install} takes them. An agent of 0.1.0 does not know {@code on-deadlocked}: its default stays unsaid. */
    String options(Mode mode) {
        String all = "mode=" + mode.text() + ",on-straggler=" + onStraggler + ",on-harmful=" + onHarmful;
        return onDeadlocked.equals("wait") ? all : all + ",on-deadlocked=" + onDeadlocked;
    }
}
