package dev.loom.console.contract;

import dev.loom.client.Remark;
import java.util.List;

/** Something that a user can understand and act on. Its message says what is wrong, its hint what to do next. */
public final class LoomProblem extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final ProblemCode code;
    private final String hint;
    private final transient List<Remark> diagnostics;

    public LoomProblem(ProblemCode code, String message) {
        this(code, message, "");
    }

    public LoomProblem(ProblemCode code, String message, String hint) {
        this(code, message, hint, List.of());
    }

    public LoomProblem(ProblemCode code, String message, String hint, List<Remark> diagnostics) {
        super(message, null, false, false);
        this.code = code;
        this.hint = hint;
        this.diagnostics = List.copyOf(diagnostics);
    }

    public ProblemCode code() {
        return code;
    }

    /** What went wrong, in a sentence. */
    public String detail() {
        return String.valueOf(getMessage());
    }

    /** What to do next; empty if there is nothing to say. */
    public String hint() {
        return hint;
    }

    /** What the checker said, if it was asked; else the problem itself as its only remark. */
    public List<Remark> diagnostics() {
        return diagnostics.isEmpty()
                ? List.of(new Remark(code.code(), "ERROR", "", 0, 0, detail(), hint))
                : diagnostics;
    }
}
