package dev.loom.console.page;

import dev.loom.client.Remark;
import java.util.ArrayList;
import java.util.List;

/**
 * The answer to a check.
 *
 * @param summary {@code 2 errors, 1 warning}
 * @param against which classes were looked at
 */
public record CheckView(List<RemarkView> remarks, long errors, long warnings, String summary, String against) {

    static CheckView of(List<Remark> remarks, String text, String against) {
        long errors = remarks.stream().filter(Remark::rejects).count();
        long warnings = remarks.stream().filter(r -> r.severity().equals("WARNING")).count();
        long others = remarks.size() - errors - warnings;
        List<String> parts = new ArrayList<>();
        part(parts, errors, "error");
        part(parts, warnings, "warning");
        part(parts, others, "remark");
        return new CheckView(RemarkView.of(remarks, text), errors, warnings, String.join(", ", parts), against);
    }

    private static void part(List<String> parts, long number, String what) {
        if (number > 0) {
            parts.add(number + " " + what + (number == 1 ? "" : "s"));
        }
    }
}
