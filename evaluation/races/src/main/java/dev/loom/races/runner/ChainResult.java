package dev.loom.races.runner;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What became of a race.
 *
 * @param findings of the first search
 * @param attempts the proposals, in the order in which they were tried, up to the one that held
 * @param after its removal
 */
record ChainResult(PhaseResult before, int findings, List<Attempt> attempts, PhaseResult after) {

    private @Nullable Attempt last() {
        return attempts.isEmpty() ? null : attempts.get(attempts.size() - 1);
    }

    /** Whether one of the proposals went the whole way. */
    boolean held() {
        Attempt last = last();
        return last != null && last.held();
    }

    String verdict() {
        if (before.failures() == 0) {
            return "no failure before";
        }
        Attempt last = last();
        if (last == null) {
            return findings == 0 ? "nothing found" : "nothing proposed";
        }
        return !last.held() ? "none held" : attempts.size() == 1 ? "the first held" : "number " + attempts.size() + " held";
    }

    /** Cells of a table, without its ends. */
    String row() {
        Attempt last = last();
        if (last == null) {
            return verdict() + " | | | " + per10000(before) + " | | | | ";
        }
        PhaseResult enforced = last.enforced();
        String earlier = attempts.stream().filter(a -> !a.held())
                .map(a -> "`" + a.constraint() + "`: " + a.brokenAt() + ", " + a.why()).collect(Collectors.joining("; "));
        return verdict() + " | " + last.finding().brief() + ", rank " + last.finding().rank() + " of " + findings + " | `" + last.constraint() + "` | "
                + per10000(before) + " | " + last.overlaps() + " | "
                + (enforced == null ? "" : enforced.failures() + " of " + enforced.operations() + (enforced.operations() < before.wanted() ? " (" + before.wanted() + " wanted)" : ""))
                + " | " + (held() ? "gone" + (last.others() == 0 ? "" : ", " + last.others() + " others") + " | " + per10000(after) : " | ") + " | " + earlier;
    }

    private static String per10000(PhaseResult phase) {
        double rate = 1e4 * phase.failures() / phase.operations();
        return phase.operations() == 0 ? "-" : String.format(Locale.ROOT, rate >= 100 ? "%.0f" : rate >= 1 ? "%.1f" : "%.2g", rate);
    }
}
