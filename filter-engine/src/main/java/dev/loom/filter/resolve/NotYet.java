package dev.loom.filter.resolve;

import dev.loom.filter.diagnostic.Code;
import dev.loom.filter.diagnostic.Diagnostics;
import dev.loom.filter.syntax.Statement;

/**
 * What the language can say and no agent can enforce yet. To be deleted, with its one call, when they can: a filter is never
 * accepted and then partly ignored.
 */
final class NotYet {

    private NotYet() {}

    static void check(Statement.Constraint constraint, Diagnostics diagnostics) {
        if (constraint instanceof Statement.Unilateral unilateral) {
            diagnostics.report(
                    Code.UNILATERAL_NOT_YET,
                    unilateral.span(),
                    "unilateral exclusion is not enforced by this version yet",
                    "name the regions that must not run meanwhile: a <> b");
        }
    }
}
