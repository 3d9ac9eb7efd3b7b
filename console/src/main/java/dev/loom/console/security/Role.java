package dev.loom.console.security;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What somebody may do. */
public enum Role {
    /** Looks. */
    VIEWER,
    /** Writes filters. */
    AUTHOR,
    /** Adds JVMs, enables and disables filters there. */
    OPERATOR,
    /** Everything, accounts and tokens included. */
    ADMIN,
    /** An agent that registers itself; nothing else. Only for tokens. */
    AGENT;

    /** Who includes whom; the agent stands apart. */
    static final String HIERARCHY =
            """
            ROLE_ADMIN > ROLE_AUTHOR
            ROLE_ADMIN > ROLE_OPERATOR
            ROLE_ADMIN > ROLE_AGENT
            ROLE_AUTHOR > ROLE_VIEWER
            ROLE_OPERATOR > ROLE_VIEWER
            """;

    String authority() {
        return "ROLE_" + name();
    }

    /** That a role cannot be restricted to some JVMs. */
    static LoomProblem noScope(Role role, String whose) {
        return new LoomProblem(
                ProblemCode.BAD_OPTION,
                "A scope restricts what is done to JVMs, and not what is seen or written: " + whose + " has one, " + role + " has none.",
                "Leave the scope out, or choose another role.");
    }

    /** Reads what a user wrote. */
    public static Role parse(@Nullable String text) {
        try {
            return valueOf(String.valueOf(text).strip().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new LoomProblem(
                    ProblemCode.BAD_OPTION, "'" + text + "' is not a role.", "Write viewer, author, operator, admin, or, for a token, agent.");
        }
    }
}
