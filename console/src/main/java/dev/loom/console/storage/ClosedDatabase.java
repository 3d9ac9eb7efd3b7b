package dev.loom.console.storage;

import com.zaxxer.hikari.SQLExceptionOverride;
import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import java.sql.SQLException;
import java.util.Set;

/**
 * Takes a connection out of the pool whose H2 database has closed itself, as it does when it cannot write: such a connection never
 * comes back to life, and its SQL state does not say so.
 */
public final class ClosedDatabase implements SQLExceptionOverride {

    /** H2's own numbers (org.h2.api.ErrorCode), as H2 is there at run time only: I/O failed, connection broken, closed, called at shutdown. */
    private static final Set<Integer> CLOSED = Set.of(90028, 90031, 90067, 90098, 90121);

    @java.lang.Override // the pool has an Override of its own
    public SQLExceptionOverride.Override adjudicate(SQLException failure) {
        return isClosed(failure) ? SQLExceptionOverride.Override.MUST_EVICT : SQLExceptionOverride.Override.CONTINUE_EVICT;
    }

    private static boolean isClosed(SQLException failure) {
        return CLOSED.contains(failure.getErrorCode());
    }

    /** Whether a failure, or what caused it, is the database that does not answer or cannot be written. */
    public static boolean isBehind(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && isClosed(sql)) {
                return true;
            }
        }
        return false;
    }

    /** What is answered then. */
    public static LoomProblem problem() {
        return new LoomProblem(ProblemCode.UNAVAILABLE, "The database does not answer, or cannot be written.", "Try again in a moment; /actuator/health says whether it is back.");
    }
}
