package dev.loom.ctl.console;

import java.util.List;

/** What a deployment would do, as the console tells it. */
public record DryRun(String filter, long version, String mode, long total, long asked, List<InJvm> jvms) {

    /**
     * In one JVM.
     *
     * @param outcome the console's word, such as {@code INSTALL}
     * @param pins empty where the JVM was not asked
     * @param remarks a line each
     */
    public record InJvm(String name, String outcome, String pins, long methods, List<String> remarks, String reason) {

        /** Whether the filter would not come there. */
        public boolean isRefused() {
            return outcome.equals("REJECTED");
        }
    }

    static DryRun of(Answer a) {
        return new DryRun(
                a.text("filter"), a.number("version"), a.text("mode"), a.number("total"), a.number("asked"),
                a.items("jvms").stream().map(DryRun::jvm).toList());
    }

    private static InJvm jvm(Answer j) {
        List<String> remarks = j.items("diagnostics").stream()
                .map(d -> d.number("line") + ":" + d.number("column") + ": " + d.text("severity").toLowerCase(java.util.Locale.ROOT) + " " + d.text("code")
                        + ": " + d.text("message"))
                .toList();
        return new InJvm(j.text("targetName"), j.text("outcome"), j.text("pins"), j.member("explained").number("methods"), remarks, j.text("reason"));
    }
}
