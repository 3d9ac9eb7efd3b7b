package dev.loom.agent.find;

import dev.loom.agent.code.LoadedClasses;
import dev.loom.agent.control.Suggestion;
import dev.loom.agent.support.AgentLog;
import dev.loom.agent.transform.Weaving;
import dev.loom.bootstrap.watch.Side;
import dev.loom.bootstrap.watch.TornStep;
import dev.loom.filter.CompileResult;
import dev.loom.filter.FilterCompiler;
import dev.loom.filter.classes.ClassSource;
import dev.loom.filter.diagnostic.Diagnostic;
import dev.loom.filter.suggest.Candidate;
import dev.loom.filter.suggest.Candidates;
import dev.loom.filter.suggest.StackTrace;
import dev.loom.filter.suggest.StepCandidates;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds filters for two stacks that the checker accepts. */
final class Proposals {

    /** Filters for a finding, at most. */
    static final int MOST = 6;

    /**
     * What is proposed.
     *
     * @param filters the one first that most likely keeps them apart; empty for none
     * @param why there is none
     * @param isWhole whether it has the others too
     */
    record Proposal(List<Suggestion> filters, String why, boolean isWhole) {}

    private final Weaving weaving;
    private @Nullable LoadedClasses loaded;

    Proposals(Weaving weaving) {
        this.weaving = weaving;
    }

    /** Classes may have come since. */
    void renew() {
        loaded = null;
    }

    /**
     * Proposes filters for a collision.
     *
     * @param loader whose classes the stacks are about
     * @param most so many of them
     */
    Proposal of(@Nullable ClassLoader loader, Side one, Side other, int most) {
        return accepted(loader, most, classes -> Candidates.of(List.of(trace(one), trace(other)), classes));
    }

    /**
     * Proposes filters for a step that was torn.
     *
     * @param loader whose classes the stacks are about
     * @param from line at which the whole of the step begins: others of its pairs were torn too
     * @param to line at which it ends
     * @param most so many of them
     */
    Proposal of(@Nullable ClassLoader loader, TornStep torn, int from, int to, int most) {
        return accepted(loader, most, classes -> StepCandidates.of(
                moved(trace(torn.first()), torn.depth(), from), torn.depth(), moved(trace(torn.second()), torn.secondDepth(), to),
                torn.secondDepth(), trace(torn.between()), classes));
    }

    /** The trace with another line in one frame. */
    private static StackTrace moved(StackTrace trace, int depth, int line) {
        List<StackTrace.Frame> frames = new ArrayList<>(trace.frames());
        StackTrace.Frame frame = frames.get(depth);
        frames.set(depth, new StackTrace.Frame(frame.type(), frame.method(), line, List.of(), "", ""));
        return new StackTrace(trace.name(), trace.state(), frames, List.of(), false);
    }

    /** Those that the checker accepts; of what it warns last. */
    private Proposal accepted(@Nullable ClassLoader loader, int most, Function<ClassSource, List<Candidate>> candidatesOf) {
        try {
            if (loaded == null) {
                loaded = new LoadedClasses(weaving);
            }
            ClassSource classes = loaded.seenFrom(loader);
            List<Candidate> candidates = candidatesOf.apply(classes);
            List<Suggestion> filters = new ArrayList<>();
            List<Suggestion> harmful = new ArrayList<>();
            for (Candidate candidate : candidates) {
                if (filters.size() == most) {
                    break;
                }
                CompileResult result = FilterCompiler.compile("found.loom", candidate.text(), "found", classes);
                if (result.diagnostics().stream().noneMatch(Diagnostic::isError)) {
                    boolean harms = result.diagnostics().stream().anyMatch(d -> Candidates.HARMFUL.contains(d.code()));
                    (harms ? harmful : filters).add(
                            new Suggestion(candidate.text(), candidate.why() + (harms ? "; the checker warns of it" : ""), harms));
                }
            }
            filters.addAll(harmful);
            return new Proposal(
                    List.copyOf(filters.subList(0, Math.min(most, filters.size()))),
                    candidates.isEmpty() ? "no filter can be made of these stacks: suggest may know one for others"
                            : "the checker rejects what could be proposed",
                    most == MOST);
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            AgentLog.info("no filter could be proposed: " + e);
            return new Proposal(List.of(), "no filter could be proposed: " + e, true);
        }
    }

    private static StackTrace trace(Side side) {
        List<StackTrace.Frame> frames = new ArrayList<>();
        for (StackTraceElement frame : side.stack()) {
            frames.add(new StackTrace.Frame(frame.getClassName(), frame.getMethodName(), frame.getLineNumber(), List.of(), "", ""));
        }
        return new StackTrace(side.thread(), "RUNNABLE", frames, List.of(), false);
    }
}
