package dev.loom.console.deployment;

import dev.loom.client.Remark;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a deployment would do, without doing it.
 *
 * @param total JVMs that it would come to now
 * @param asked those of them that were asked what they say of the text
 */
public record DryRun(
        String filter, int version, String mode, @Nullable String selector, int total, int asked, List<InJvm> jvms) {

    /** What would become of it in a JVM. */
    public enum Outcome {
        /** It would be installed. */
        INSTALL,
        /** It would take the place of another version, mode or policy. */
        REPLACE,
        /** The JVM has it already. */
        NOTHING,
        /** An older deployment is at work there: by a selector it would come after that, by name it would be refused. */
        BUSY,
        /** The JVM does not take the text. */
        REJECTED,
        /** The JVM does not answer: by a selector it would come when it does, by name it would be refused. */
        UNREACHABLE
    }

    /** Whether the code in a JVM is that for which the text was written. */
    public enum Pins {
        /** The text says nothing of it. */
        NONE,
        /** It is, in all methods that the filter uses. */
        MATCH,
        /** It is where the text says something; of some methods it does not. */
        PARTLY,
        /** It is not. */
        MISMATCH
    }

    /**
     * In one JVM.
     *
     * @param now what is enabled there of the filter; null if nothing is
     * @param asked whether the JVM was asked; if not, the outcome is what is stored alone
     * @param pins null if it was not asked
     * @param waitingFor classes that are not loaded there yet
     * @param explained what would be woven; null if it was not asked, or does not take the text
     * @param reason why it does not answer; empty if it does
     */
    public record InJvm(
            long targetId,
            String targetName,
            Outcome outcome,
            @Nullable Now now,
            boolean asked,
            @Nullable Pins pins,
            List<Remark> diagnostics,
            List<String> waitingFor,
            @Nullable Explained explained,
            String reason) {}

    /** What is enabled. */
    public record Now(long deployment, int version, String mode, JvmState state) {}
}
