package dev.loom.agent.filter;

import dev.loom.agent.code.LoadedClasses;
import dev.loom.agent.control.Suggestion;
import dev.loom.agent.transform.Weaving;
import dev.loom.filter.CompileResult;
import dev.loom.filter.FilterCompiler;
import dev.loom.filter.classes.ClassSource;
import dev.loom.filter.diagnostic.Diagnostic;
import dev.loom.filter.suggest.Candidate;
import dev.loom.filter.suggest.Candidates;
import dev.loom.filter.suggest.StackTrace;
import dev.loom.filter.suggest.TraceReader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Filters for stack traces that somebody has, made of the classes of this JVM. */
final class TraceSuggestions {

    /** Stacks that are compared with each other, at most. */
    private static final int MAX_STACKS = 6;
    private static final int MAX_SUGGESTIONS = 6;

    private TraceSuggestions() {}

    /** Those that the checker accepts, the best first. @throws IllegalArgumentException if there is none, with the reason */
    static List<Suggestion> of(String text, Weaving weaving) {
        List<StackTrace> all = TraceReader.read(text);
        if (all.isEmpty()) {
            throw new IllegalArgumentException("no stack trace is in the text: it should have lines like: at com.acme.Bank.transfer(Bank.java:42)");
        }
        LoadedClasses loaded = new LoadedClasses(weaving);
        ClassSource classes = loaded.seenFrom(loader(all, loaded));
        List<StackTrace> chosen = chosen(all, classes);
        boolean isDeadlock = chosen.stream().anyMatch(StackTrace::isDeadlocked);
        List<Suggestion> accepted = new ArrayList<>();
        List<Suggestion> warned = new ArrayList<>();
        for (Candidate candidate : Candidates.of(chosen, classes)) {
            CompileResult result = FilterCompiler.compile("suggested.loom", candidate.text(), "suggested", classes);
            if (result.diagnostics().stream().noneMatch(Diagnostic::isError)) {
                boolean harms = !isDeadlock && result.diagnostics().stream().anyMatch(d -> Candidates.HARMFUL.contains(d.code()));
                (harms ? warned : accepted).add(new Suggestion(candidate.text(), candidate.why(), harms));
            }
        }
        accepted.addAll(warned);
        if (accepted.isEmpty()) {
            throw new IllegalArgumentException("no filter can be made of these stacks and the classes that are loaded here");
        }
        return accepted.subList(0, Math.min(MAX_SUGGESTIONS, accepted.size()));
    }

    /** Whose classes the traces are about: of the innermost frame that is loaded. */
    private static @Nullable ClassLoader loader(List<StackTrace> traces, LoadedClasses loaded) {
        for (StackTrace trace : traces) {
            for (StackTrace.Frame frame : trace.frames()) {
                for (Class<?> type : loaded.named(frame.type().replace('.', '/'))) {
                    if (type.getClassLoader() != null && type.getClassLoader() != ClassLoader.getPlatformClassLoader()) {
                        return type.getClassLoader();
                    }
                }
            }
        }
        return ClassLoader.getSystemClassLoader();
    }

    private static List<StackTrace> chosen(List<StackTrace> all, ClassSource classes) {
        List<StackTrace> own = all.stream()
                .filter(trace -> trace.frames().stream().anyMatch(frame -> Candidates.isApplication(frame.type(), classes))).toList();
        if (own.isEmpty()) {
            throw new IllegalArgumentException("no stack has a frame of a class that is loaded in this JVM: is it of the same application?");
        }
        List<StackTrace> deadlocked = all.stream().filter(StackTrace::isDeadlocked).toList();
        if (own.stream().anyMatch(StackTrace::isDeadlocked)) {
            return deadlocked;
        }
        if (own.size() > MAX_STACKS) {
            throw new IllegalArgumentException(own.size() + " stacks have frames of the application; which of them race? Leave those two in the text");
        }
        return own;
    }
}
