package dev.loom.filter.check;

import dev.loom.filter.diagnostic.DiagnosticCode;
import dev.loom.filter.diagnostic.Diagnostics;
import dev.loom.filter.diagnostic.Span;
import dev.loom.filter.forecast.Outlook;
import dev.loom.filter.resolve.Body;
import dev.loom.filter.resolve.ClassTable;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether a frame that runs the method when the filter is installed could stay in the old code: in a loop or a call from which it
 * comes to the region without an update point in between.
 */
final class HotPatchCheck {

    private final ClassTable classes;

    HotPatchCheck(ClassTable classes) {
        this.classes = classes;
    }

    void check(Body body, Outlook.Part part, Span span, Diagnostics out) {
        Optional<byte[]> file = classes.file(body.owner().name);
        if (file.isEmpty()) {
            return;
        }
        Map<String, Outlook> found;
        try {
            found = Outlook.of(file.get(), Map.of(body.id().key(), List.of(part)), classes::file);
        } catch (RuntimeException e) {
            return; // WeavingCheck says so
        }
        Outlook outlook = found.get(body.id().key());
        if (outlook == null) {
            return;
        }
        for (Outlook.Stuck stuck : outlook.stuck()) {
            String where = where(stuck) + " of " + body.shownName();
            if (stuck.inside()) {
                out.report(
                        DiagnosticCode.NOT_HOT_PATCHABLE,
                        span,
                        "a thread that is in the loop in " + where + " when the filter is installed is already inside this region, and"
                                + " unprotected until it leaves the loop",
                        "let the region begin and end inside the loop; else the filter is not ACTIVE before such threads have left it");
            } else {
                out.report(
                        DiagnosticCode.NOT_HOT_PATCHABLE,
                        span,
                        "a thread that is in " + (stuck.call().isEmpty() ? "the loop in " + where : where + ", in " + stuck.call() + ",")
                                + " when the filter is installed comes to this region in the old code: " + stuck.why(),
                        "the filter is not ACTIVE before such threads have left; a JVM that starts with it (filters=FILE) has none");
            }
        }
    }

    private static String where(Outlook.Stuck stuck) {
        if (stuck.first() < 0) {
            return "unnumbered code";
        }
        return stuck.first() == stuck.last() ? "line " + stuck.first() : "lines " + stuck.first() + " to " + stuck.last();
    }
}
