package dev.loom.filter.resolve;

import dev.loom.filter.diagnostic.DiagnosticCode;
import dev.loom.filter.diagnostic.Span;
import dev.loom.filter.plan.MethodId;
import dev.loom.filter.syntax.SourceText;
import dev.loom.filter.syntax.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.objectweb.asm.tree.ClassNode;

/** Compares the pins of a filter with the methods that it uses. */
final class PinChecker {

    private final ResolutionContext context;
    private final Members members;
    private final Expander expander;

    PinChecker(ResolutionContext context, Members members, Expander expander) {
        this.context = context;
        this.members = members;
        this.expander = expander;
    }

    /**
     * Reports pins that do not match and methods that have none.
     *
     * @param digests of the methods that the filter uses
     * @param whole where to say that the filter has no pins
     */
    void check(List<Statement.Pin> pins, Map<MethodId, String> digests, Span whole) {
        Set<MethodId> pinned = new HashSet<>();
        for (Statement.Pin pin : pins) {
            check(pin, digests, pinned);
        }
        List<String> open = new ArrayList<>();
        digests.keySet().stream().filter(m -> !pinned.contains(m)).forEach(m -> open.add(Names.shown(m.owner()) + "#"
                + m.name()));
        if (!open.isEmpty()) {
            context.report(
                    DiagnosticCode.UNPINNED,
                    whole,
                    (pins.isEmpty() ? "this filter is not pinned to a build: " : "not all methods are pinned: ")
                            + Names.list(open.stream().distinct().toList(), 3) + " may be other code where it is installed",
                    "`check --pin` writes the pins");
        }
    }

    private void check(Statement.Pin pin, Map<MethodId, String> digests, Set<MethodId> pinned) {
        Optional<ClassNode> owner = context.type(expander.type(pin.member().type()));
        if (owner.isEmpty()) {
            return;
        }
        List<Body> found = members.find(owner.get(), pin.member());
        if (found.isEmpty()) {
            return;
        }
        if (found.size() > 1) {
            context.report(
                    DiagnosticCode.AMBIGUOUS_MEMBER,
                    pin.member().span(),
                    "a pin holds one method, and " + SourceText.of(pin.member()) + " names " + found.size(),
                    "write the parameter types: " + found.get(0).fullName());
            return;
        }
        Body body = found.get(0);
        pinned.add(body.id());
        String digest = digests.get(body.id());
        if (digest == null) {
            context.report(DiagnosticCode.PIN_UNRELATED, pin.span(), "the filter does not use " + body.shown(),
                    "remove the pin, or let `check --pin` write the pins anew");
            digest = BodyDigest.of(body.method());
        }
        if (!digest.equals(pin.digest())) {
            context.report(
                    DiagnosticCode.PIN_MISMATCH,
                    pin.digestSpan(),
                    body.shown() + " is other code than the filter was written for",
                    "check that its lines still mean what they should, then pin it anew: its digest is " + digest);
        }
    }
}
