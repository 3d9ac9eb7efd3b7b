package dev.loom.filter.check;

import dev.loom.filter.classes.JdkClasses;
import dev.loom.filter.diagnostic.DiagnosticCode;
import dev.loom.filter.diagnostic.Diagnostics;

/** Whether the region is in code of the JDK, which everything in the JVM uses. */
final class JdkCheck implements RegionCheck {

    @Override
    public void check(RegionView view, Diagnostics out) {
        String owner = view.body().owner().name;
        if (JdkClasses.isJdk(owner)) {
            out.report(
                    DiagnosticCode.JDK_CLASS,
                    view.span(),
                    owner.replace('/', '.')
                            + " belongs to the JDK: the filter holds for everything in the JVM that uses it, and its lines"
                            + " differ between JDK versions",
                    "name the application's code that calls it where that serves");
        }
    }
}
