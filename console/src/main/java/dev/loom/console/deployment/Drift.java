package dev.loom.console.deployment;

import dev.loom.client.FilterState;
import dev.loom.client.FilterStatus;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How what a JVM has of a filter differs from what deployments want there, because somebody else changed it. */
public enum Drift {
    /** The JVM has a filter that no deployment wants there. */
    UNWANTED("No deployment wants it there."),
    /** A filter that is wanted was taken out. */
    REMOVED("It was removed there, not by the console."),
    /** There is another text under the filter's name. */
    OTHER_TEXT("Another text was installed under this name, not by the console."),
    /** It observes where it shall enforce, or the other way round. */
    OTHER_MODE("Its mode was changed there, not by the console.");

    /** In these, nothing can be said yet. */
    private static final Set<FilterState> LEAVING = EnumSet.of(FilterState.REMOVING, FilterState.CHECKING, FilterState.NONE);

    private final String sentence;

    Drift(String sentence) {
        this.sentence = sentence;
    }

    /** What is so, in a sentence. */
    public String sentence() {
        return sentence;
    }

    /**
     * Compares. While the console itself is at work, and before a filter is in force, there is no drift.
     *
     * @param wish the newest of those for this filter in this JVM; null if there is none
     * @param there what the JVM says of the filter; null if nothing
     */
    static @Nullable Drift of(DeploymentRepository.@Nullable Wish wish, @Nullable FilterStatus there) {
        if (wish == null) {
            return there == null || there.state().isEnd() || LEAVING.contains(there.state()) ? null : UNWANTED;
        }
        if (wish.assignment().phase() != Phase.INSTALLED) {
            return null;
        }
        if (there == null || there.state() == FilterState.REMOVED) {
            return wish.assignment().state() == JvmState.REMOVED ? REMOVED : null;
        }
        if (!there.state().isInForce() && there.state() != FilterState.ACCEPTED) {
            return null;
        }
        if (!there.digest().equals(wish.digest())) {
            return OTHER_TEXT;
        }
        return there.mode().isEmpty() || there.mode().equals(wish.deployment().mode().text()) ? null : OTHER_MODE;
    }

    /** Whether a filter that has ended in a JVM was wanted, in force, and taken out by neither the console nor a policy. */
    static boolean isRemoval(DeploymentRepository.Wish wish, FilterStatus there) {
        Assignment before = wish.assignment();
        return there.state() == FilterState.REMOVED
                && !there.harmful()
                && before.phase() == Phase.INSTALLED
                && wish.deployment().intent().isWanted()
                && (before.activeAt() != null || before.state().isInForce() || before.state() == JvmState.REMOVED);
    }
}
