package dev.loom.filter;

import dev.loom.filter.classes.ClassSource;
import dev.loom.filter.diagnostic.Diagnostic;
import dev.loom.filter.suggest.Candidate;
import dev.loom.filter.suggest.Candidates;
import dev.loom.filter.suggest.Failure;
import dev.loom.filter.suggest.StackTrace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Proposes filters for failures, each with the checker's opinion of it. */
public final class FilterSuggestions {

    /** Failures that are looked at for each proposal that is wanted: some give the same filter as another, some none. */
    private static final int TRIED = 3;

    private FilterSuggestions() {}

    /**
     * A filter that may suit.
     *
     * @param failure what it is for, if there are several; else empty
     * @param candidate the filter
     * @param result what the checker says of it
     * @param harmful whether the checker warns that it may do harm, or nothing
     */
    public record Proposal(String failure, Candidate candidate, CompileResult result, boolean harmful) {

        /** Whether the filter cannot be installed. */
        public boolean isRejected() {
            return result.diagnostics().stream().anyMatch(Diagnostic::isError);
        }

        private int rank() {
            return isRejected() ? 2 : harmful ? 1 : 0;
        }
    }

    /**
     * The best first: of each failure its first, then of each its second. What would do harm comes behind the others, then what cannot be installed.
     *
     * @param most proposals
     */
    public static List<Proposal> of(List<Failure> failures, ClassSource classes, int most) {
        List<List<Proposal>> all = new ArrayList<>();
        Set<String> firsts = new HashSet<>();
        for (Failure failure : failures.subList(0, Math.min(failures.size(), TRIED * most))) {
            List<Proposal> its = ranked(failure, failures.size() > 1 ? failure.what() : "", classes);
            if (!its.isEmpty() && firsts.add(constraint(its.get(0))) && all.size() < most) {
                all.add(its);
            }
        }
        List<Proposal> mixed = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        int longest = all.stream().mapToInt(List::size).max().orElse(0);
        for (int i = 0; i < longest; i++) {
            for (List<Proposal> its : all) {
                if (i < its.size() && seen.add(constraint(its.get(i)))) {
                    mixed.add(its.get(i));
                }
            }
        }
        mixed.sort(Comparator.comparing(Proposal::rank));
        return List.copyOf(mixed.subList(0, Math.min(most, mixed.size())));
    }

    private static List<Proposal> ranked(Failure failure, String name, ClassSource classes) {
        boolean isDeadlock = failure.stacks().stream().anyMatch(StackTrace::isDeadlocked);
        List<Proposal> proposals = new ArrayList<>();
        for (Candidate candidate : Candidates.of(failure.stacks(), classes)) {
            CompileResult result = FilterCompiler.compile("suggested.loom", candidate.text(), "suggested", classes);
            boolean harms = !isDeadlock && result.diagnostics().stream().anyMatch(d -> Candidates.HARMFUL.contains(d.code()));
            proposals.add(new Proposal(name, candidate, result, harms));
        }
        proposals.sort(Comparator.comparing(Proposal::rank));
        return proposals;
    }

    /** The text but for what it says that it is about. */
    private static String constraint(Proposal proposal) {
        return proposal.candidate().text().replaceFirst("(?m)^ *about .*$", "");
    }
}
