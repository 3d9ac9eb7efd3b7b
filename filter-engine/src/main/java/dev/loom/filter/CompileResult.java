package dev.loom.filter;

import dev.loom.filter.diagnostic.Diagnostic;
import dev.loom.filter.plan.WeavingPlan;
import java.util.List;
import java.util.SortedSet;

/** What became of a filter's text. */
public sealed interface CompileResult {

    /** All that was said about it, in the order of the text. */
    List<Diagnostic> diagnostics();

    /** Name of the filter: what its wrapper says, else what the caller passed. */
    String name();

    /**
     * The filter can be woven; the diagnostics are warnings and remarks.
     *
     * @param namedClasses internal names of all the classes that the text names, found or not
     * @param digest {@code sha256:…} of the text
     */
    record Compiled(String name, WeavingPlan plan, SortedSet<String> namedClasses, String digest, List<Diagnostic> diagnostics)
            implements CompileResult {
        public Compiled {
            diagnostics = List.copyOf(diagnostics);
        }
    }

    /** The filter cannot be woven; at least one diagnostic is an error. */
    record Rejected(String name, List<Diagnostic> diagnostics) implements CompileResult {
        public Rejected {
            diagnostics = List.copyOf(diagnostics);
        }
    }
}
