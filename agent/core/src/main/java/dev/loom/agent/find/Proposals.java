package dev.loom.agent.find;

import dev.loom.agent.code.LoadedClasses;
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

/** Finds a filter for two stacks that the checker accepts. */
final class Proposals {

    /**
     * What is proposed.
     *
     * @param filter its text; empty for none
     * @param why what it rests on, or why there is none
     */
    record Proposal(String filter, String why) {}

    private final Weaving weaving;
    private @Nullable LoadedClasses loaded;

    Proposals(Weaving weaving) {
        this.weaving = weaving;
    }

    /** Classes may have come since. */
    void renew() {
        loaded = null;
    }

    /** @param loader whose classes the stacks are about */
    Proposal of(@Nullable ClassLoader loader, Side one, Side other) {
        return first(loader, classes -> Candidates.of(List.of(trace(one), trace(other)), classes));
    }

    /** @param loader whose classes the stacks are about */
    Proposal of(@Nullable ClassLoader loader, TornStep torn) {
        return first(loader, classes -> StepCandidates.of(
                trace(torn.first()), torn.depth(), trace(torn.second()), torn.secondDepth(), trace(torn.between()), classes));
    }

    /** The first that the checker accepts; if it warns of all, the first of these. */
    private Proposal first(@Nullable ClassLoader loader, Function<ClassSource, List<Candidate>> candidatesOf) {
        try {
            if (loaded == null) {
                loaded = new LoadedClasses(weaving);
            }
            ClassSource classes = loaded.seenFrom(loader);
            List<Candidate> candidates = candidatesOf.apply(classes);
            Proposal harmful = null;
            for (Candidate candidate : candidates) {
                CompileResult result = FilterCompiler.compile("found.loom", candidate.text(), "found", classes);
                if (result.diagnostics().stream().noneMatch(Diagnostic::isError)) {
                    if (result.diagnostics().stream().noneMatch(d -> Candidates.HARMFUL.contains(d.code()))) {
                        return new Proposal(candidate.text(), candidate.why());
                    }
                    harmful = harmful == null ? new Proposal(candidate.text(), candidate.why() + "; the checker warns of it") : harmful;
                }
            }
            return harmful != null ? harmful
                    : new Proposal("", candidates.isEmpty() ? "no filter can be made of these stacks: suggest may know one for others"
                            : "the checker rejects what could be proposed");
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            AgentLog.info("no filter could be proposed: " + e);
            return new Proposal("", "no filter could be proposed: " + e);
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
