package dev.loom.agent.filter;

import dev.loom.agent.code.Compilations;
import dev.loom.agent.code.LoadedClasses;
import dev.loom.agent.control.FilterState;
import dev.loom.agent.control.FilterStatus;
import dev.loom.agent.control.Suggestion;
import dev.loom.agent.transform.ClassId;
import dev.loom.agent.transform.Weaving;
import dev.loom.filter.CompileResult;
import dev.loom.filter.FilterCompiler;
import dev.loom.filter.classes.ClassSource;
import dev.loom.filter.classes.JdkClasses;
import dev.loom.filter.complete.Completion;
import dev.loom.filter.diagnostic.Diagnostic;
import dev.loom.filter.diagnostic.Severity;
import java.util.List;

/** What can be said of a filter's text without installing it. */
final class FilterChecks {

    /** Names that an editor is given at once. */
    private static final int MAX_COMPLETIONS = 100;

    private final Weaving weaving;

    FilterChecks(Weaving weaving) {
        this.weaving = weaving;
    }

    FilterStatus check(String text) {
        CompileResult result = Compilations.best("", text, new LoadedClasses(weaving), weaving);
        InstalledFilter filter = new InstalledFilter(result.name());
        filter.text = text;
        filter.diagnostics = result.diagnostics();
        if (result instanceof CompileResult.Compiled compiled) {
            filter.digest = compiled.digest();
            filter.waitingFor = compiled.plan().waitingFor();
        }
        return filter.statusAs(result instanceof CompileResult.Rejected ? FilterState.REJECTED : null);
    }

    String explain(String text) {
        return LiveExplanation.of(Compilations.bestSeen("", text, new LoadedClasses(weaving), weaving));
    }

    String pinned(String text) {
        Compilations.Seen seen = Compilations.bestSeen("", FilterCompiler.unpinned(text), new LoadedClasses(weaving), weaving);
        if (seen.result() instanceof CompileResult.Rejected rejected) {
            Diagnostic first = rejected.diagnostics().stream().filter(d -> d.severity() == Severity.ERROR).findFirst().orElseThrow();
            throw new IllegalArgumentException("the filter is rejected, so there is nothing to pin: line " + first.span().line() + ": " + first.message());
        }
        return FilterCompiler.pinned(text, seen.result().name(), seen.classes());
    }

    List<Suggestion> suggest(String text) {
        return TraceSuggestions.of(text, weaving);
    }

    List<String> complete(String typed) {
        ClassSource classes = new LoadedClasses(weaving).seenFrom(ClassLoader.getSystemClassLoader());
        boolean isJdkAsked = JdkClasses.isJdk(typed.replace('.', '/'));
        return Completion.of(
                typed, classes, n -> !weaving.isForbidden(new ClassId(null, n)) && (isJdkAsked || !JdkClasses.isJdk(n)), MAX_COMPLETIONS);
    }
}
