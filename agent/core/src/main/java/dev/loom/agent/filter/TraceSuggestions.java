package dev.loom.agent.filter;

import dev.loom.agent.code.LoadedClasses;
import dev.loom.agent.control.Suggestion;
import dev.loom.agent.transform.Weaving;
import dev.loom.filter.FilterSuggestions;
import dev.loom.filter.FilterSuggestions.Proposal;
import dev.loom.filter.classes.ClassSource;
import dev.loom.filter.suggest.Evidence;
import dev.loom.filter.suggest.Failure;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Filters for what somebody has of a failure, made of the classes of this JVM. */
final class TraceSuggestions {

    private static final int MAX_SUGGESTIONS = 6;

    private TraceSuggestions() {}

    /** Those that the checker accepts, the best first. @throws IllegalArgumentException if there is none, with the reason */
    static List<Suggestion> of(String text, Weaving weaving) {
        Evidence evidence = Evidence.of(List.of(text));
        if (!evidence.missing().isEmpty()) {
            throw new IllegalArgumentException(evidence.missing() + ": " + Evidence.READ);
        }
        LoadedClasses loaded = new LoadedClasses(weaving);
        ClassSource classes = loaded.seenFrom(loader(evidence, loaded));
        List<Suggestion> suggestions = new ArrayList<>();
        for (Proposal proposal : FilterSuggestions.of(chosen(evidence, classes), classes, MAX_SUGGESTIONS)) {
            if (!proposal.isRejected()) {
                String why = (proposal.failure().isEmpty() ? "" : "for " + proposal.failure() + ": ") + proposal.candidate().why();
                suggestions.add(new Suggestion(proposal.candidate().text(), why, proposal.harmful()));
            }
        }
        if (suggestions.isEmpty()) {
            throw new IllegalArgumentException("no filter can be made of these stacks and the classes that are loaded here");
        }
        return suggestions;
    }

    /** Whose classes are told of: of the innermost frame that is loaded. */
    private static @Nullable ClassLoader loader(Evidence evidence, LoadedClasses loaded) {
        return evidence.types().flatMap(type -> loaded.named(type.replace('.', '/')).stream()).map(Class::getClassLoader)
                .filter(loader -> loader != null && loader != ClassLoader.getPlatformClassLoader()).findFirst()
                .orElseGet(ClassLoader::getSystemClassLoader);
    }

    private static List<Failure> chosen(Evidence evidence, ClassSource classes) {
        List<Failure> all = evidence.failures(classes);
        if (all.isEmpty()) {
            throw new IllegalArgumentException("no stack has a frame of a class that is loaded in this JVM: is it of the same application?");
        }
        List<Failure> chosen = all.stream().filter(f -> f.stacks().size() <= Evidence.MAX_STACKS).toList();
        if (chosen.isEmpty()) {
            throw new IllegalArgumentException(
                    all.get(0).stacks().size() + " stacks have frames of the application; which of them race? Leave those two in the text");
        }
        return chosen;
    }
}
