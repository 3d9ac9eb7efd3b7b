package dev.loom.filter.check;

import dev.loom.filter.analysis.UpdatePoints;
import dev.loom.filter.classes.ClassFiles;
import dev.loom.filter.diagnostic.DiagnosticCode;
import dev.loom.filter.diagnostic.Diagnostics;
import dev.loom.filter.diagnostic.Span;
import dev.loom.filter.forecast.TrialWeaving;
import dev.loom.filter.plan.MethodId;
import dev.loom.filter.plan.MethodPlan;
import dev.loom.filter.plan.WeavingPlan;
import dev.loom.filter.resolve.ClassTable;
import dev.loom.filter.weave.body.CannotWeave;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.objectweb.asm.MethodTooLargeException;

/**
 * Whether the methods can be woven, and stay within the limits of the class file and of the JIT: they are woven, as an install would
 * weave them, and measured.
 */
final class WeavingCheck {

    /** Most bytes of code in a method (JVMS 4.7.3). */
    private static final int CLASS_FILE = 65_535;

    /** HotSpot does not compile methods above this many bytes. */
    private static final int JIT = UpdatePoints.HUGE_METHOD;

    private final ClassTable classes;
    private final Map<MethodId, Span> spans;
    private final Diagnostics out;

    /** @param spans where the filter names the methods */
    WeavingCheck(ClassTable classes, Map<MethodId, Span> spans, Diagnostics out) {
        this.classes = classes;
        this.spans = spans;
        this.out = out;
    }

    void check(WeavingPlan plan) {
        for (String owner : plan.classes()) {
            Optional<byte[]> file = classes.file(owner);
            if (file.isPresent()) {
                check(owner, plan.methodsOf(owner), file.get());
            }
        }
    }

    private void check(String owner, List<MethodPlan> methods, byte[] file) {
        Span span = methods.stream().map(m -> spans.get(m.method())).filter(s -> s != null).findFirst().orElse(Span.START);
        Map<String, TrialWeaving.Size> sizes;
        try {
            sizes = TrialWeaving.sizes(file, methods, classes::file);
        } catch (CannotWeave e) {
            if (e.getCause() instanceof MethodTooLargeException large) {
                MethodId method = new MethodId(owner, large.getMethodName(), large.getDescriptor());
                int before = ClassFiles.codeSizes(file).getOrDefault(method.key(), 0);
                tooLarge(method, before, large.getCodeSize(), spans.getOrDefault(method, span));
                return;
            }
            out.report(
                    DiagnosticCode.CANNOT_WEAVE, span, e.getMessage(),
                    e.missing() != null
                            ? "add the jar or directory with " + e.missing().replace('/', '.') + " to the class path"
                            : "name another method that the race goes through");
            return;
        } catch (RuntimeException e) {
            out.report(
                    DiagnosticCode.CANNOT_WEAVE, span,
                    "the class file of " + owner.replace('/', '.') + " cannot be woven: " + e,
                    "name code of another class that the race goes through");
            return;
        }
        for (MethodPlan method : methods) {
            TrialWeaving.Size size = sizes.get(method.method().key());
            if (size == null) {
                continue;
            }
            String shown = method.method().owner().replace('/', '.') + "#" + method.method().name();
            if (size.after() > CLASS_FILE) {
                tooLarge(method.method(), size.before(), size.after(), spans.getOrDefault(method.method(), span));
            } else if (size.before() <= JIT && size.after() > JIT) {
                out.report(
                        DiagnosticCode.JIT_LIMIT, spans.getOrDefault(method.method(), span),
                        shown + " has " + size.before() + " bytes of code and would have " + size.after()
                                + " with its hooks: above " + JIT + " the JIT does not compile it",
                        "name a smaller method, or run the JVM with -XX:-DontCompileHugeMethods");
            }
        }
    }

    private void tooLarge(MethodId method, int before, int after, Span span) {
        out.report(
                DiagnosticCode.TOO_LARGE, span,
                method.owner().replace('/', '.') + "#" + method.name() + " has " + before + " bytes of code and would have " + after
                        + " with its hooks; " + CLASS_FILE + " is the limit of a class file",
                "name a smaller method that the race goes through");
    }
}
