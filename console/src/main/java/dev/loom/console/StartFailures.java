package dev.loom.console;

import dev.loom.console.contract.LoomProblem;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;

/** Says in two sentences why the console does not start, where that is known, instead of a stack trace. */
class StartFailures implements FailureAnalyzer {

    /** H2's error code of a database file that another process has open. */
    private static final int IN_USE = 90020;

    /** H2's error codes of files that are none, or not whole. */
    private static final Set<Integer> DAMAGED = Set.of(90030, 90048, 90049, 50000);

    @Override
    public @Nullable FailureAnalysis analyze(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CannotStart known) {
                return new FailureAnalysis(known.getMessage(), known.hint(), failure);
            }
            if (cause instanceof LoomProblem problem) {
                return new FailureAnalysis(problem.detail(), problem.hint(), failure);
            }
            if (cause instanceof SQLException sql && DAMAGED.contains(sql.getErrorCode())) {
                return new FailureAnalysis(
                        "The database file is damaged: " + String.valueOf(sql.getMessage()).lines().findFirst().orElse(""),
                        "Restore loom.mv.db from a backup; the damaged file stays as it is.",
                        failure);
            }
            if (cause instanceof SQLException sql && sql.getErrorCode() == IN_USE) {
                return new FailureAnalysis(
                        "Another console has this data directory open.",
                        "End that one, or start this one with --loom.data=DIRECTORY.",
                        failure);
            }
        }
        return null;
    }
}
