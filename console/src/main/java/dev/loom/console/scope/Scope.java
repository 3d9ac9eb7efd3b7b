package dev.loom.console.scope;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;

/**
 * The JVMs that somebody may act on, by a selector. It restricts what is done, not what is seen. What is asked of it is asked by the services that
 * act, of whoever is at work on this thread; what the console does by itself is not restricted.
 */
public final class Scope {

    private static final Scope EVERYWHERE = new Scope("", null);

    private final String who;
    private final @Nullable Selector selector;

    private Scope(String who, @Nullable Selector selector) {
        this.who = who;
        this.selector = selector;
    }

    /** Of whoever is at work on this thread. */
    public static Scope current() {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        if (authentication != null && authentication.getPrincipal() instanceof Scoped scoped && scoped.scope() != null) {
            return new Scope(authentication.getName(), Selector.parse(scoped.scope()));
        }
        return EVERYWHERE;
    }

    /**
     * What a user wrote as a scope, to be stored; null where it is empty or {@code *}, which restricts nothing.
     *
     * @throws LoomProblem if it is no selector
     */
    public static @Nullable String checked(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return null;
        }
        Selector parsed = Selector.parse(text);
        return parsed.terms().isEmpty() ? null : parsed.text();
    }

    /** Whether nothing is restricted. */
    public boolean isEverywhere() {
        return selector == null;
    }

    /** Whether a JVM with these labels may be acted on. */
    public boolean covers(Map<String, String> labels) {
        return selector == null || selector.matches(labels);
    }

    /**
     * To be called before something is done to a JVM.
     *
     * @throws LoomProblem if its labels are outside
     */
    public void require(String jvm, Map<String, String> labels) {
        if (!covers(labels)) {
            throw outside(jvm + " is not one of them.");
        }
    }

    /**
     * To be called before something is done to whatever JVMs a selector takes, now and later.
     *
     * @throws LoomProblem if it can take one outside
     */
    public void require(Selector wanted) {
        if (selector != null && !wanted.isWithin(selector)) {
            throw new LoomProblem(
                    ProblemCode.OUT_OF_SCOPE,
                    said() + " The selector " + wanted.text() + " can take others, now or later.",
                    "Write the scope into the selector: " + (wanted.terms().isEmpty() ? "" : wanted.text() + ",") + selector.text() + ".");
        }
    }

    /**
     * To be called before something is done that no labels bound.
     *
     * @param act what it is, as the beginning of a sentence
     * @throws LoomProblem if anything is restricted
     */
    public void requireEverywhere(String act) {
        if (selector != null) {
            throw outside(act + " needs an account or token without a scope.");
        }
    }

    /** The selector, as it was written. */
    @Override
    public String toString() {
        return selector == null ? "*" : selector.text();
    }

    private LoomProblem outside(String why) {
        return new LoomProblem(ProblemCode.OUT_OF_SCOPE, said() + " " + why, "An administrator can change the scope.");
    }

    private String said() {
        return who + " may act on JVMs with " + this + " only.";
    }
}
