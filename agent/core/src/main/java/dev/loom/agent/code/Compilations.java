package dev.loom.agent.code;

import dev.loom.agent.transform.ClassId;
import dev.loom.agent.transform.Weaving;
import dev.loom.filter.CompileResult;
import dev.loom.filter.FilterCompiler;
import dev.loom.filter.classes.ClassSource;
import dev.loom.filter.diagnostic.Diagnostic;
import dev.loom.filter.diagnostic.DiagnosticCode;
import dev.loom.filter.diagnostic.Severity;
import dev.loom.filter.diagnostic.Span;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compiles filters against the classes of this JVM, where a name may stand for several classes of several loaders. */
public final class Compilations {

    private Compilations() {}

    /** @param name empty to take it from the text */
    static CompileResult compile(String name, String text, ClassSource classes) {
        return FilterCompiler.compile(fileOf(name), text, name.isEmpty() ? "filter" : name, classes);
    }

    private static String fileOf(String name) {
        return (name.isEmpty() ? "filter" : name) + ".loom";
    }

    /**
     * Compiles a filter as the application's main loader sees its classes; or, if it does not fit these, as the first loader does whose
     * classes it fits.
     */
    public static CompileResult best(String name, String text, LoadedClasses loaded, Weaving weaving) {
        return bestSeen(name, text, loaded, weaving).result();
    }

    /** A result, and the classes that it is about. */
    public record Seen(CompileResult result, ClassSource classes) {}

    /** Like {@link #best}, with the classes as that loader sees them. */
    public static Seen bestSeen(String name, String text, LoadedClasses loaded, Weaving weaving) {
        Seen first = null;
        for (ClassLoader loader : loaded.loaders()) {
            ClassSource classes = loaded.seenFrom(loader);
            CompileResult result = compile(name, text, classes);
            if (result instanceof CompileResult.Compiled compiled) {
                List<Diagnostic> refused = forbidden(compiled, weaving);
                return new Seen(refused.isEmpty() ? result : new CompileResult.Rejected(compiled.name(), refused), classes);
            }
            first = first == null ? new Seen(result, classes) : first;
            if (!differs(result, loaded)) {
                break;
            }
        }
        return first;
    }

    /** Whether classes that the text names may look different to another loader: else there is no use in asking it. */
    private static boolean differs(CompileResult result, LoadedClasses loaded) {
        return loaded.loaders().size() > 1 && result.diagnostics().stream()
                .anyMatch(d -> d.isError() && !isAboutTextAlone(d.code()));
    }

    private static boolean isAboutTextAlone(String code) {
        return DiagnosticCode.of(code).map(c -> c.ordinal() < DiagnosticCode.UNKNOWN_CLASS.ordinal()).orElse(false);
    }

    private static List<Diagnostic> forbidden(CompileResult.Compiled compiled, Weaving weaving) {
        List<Diagnostic> refused = new ArrayList<>();
        Set<String> names = new LinkedHashSet<>(compiled.plan().classes());
        names.addAll(compiled.plan().waitingFor());
        for (String name : names) {
            if (weaving.isForbidden(new ClassId(null, name))) {
                refused.add(notFilterable(compiled.name(), name));
            }
        }
        return refused;
    }

    /** That Loom or the JVM depends on a class. */
    static Diagnostic notFilterable(String filter, String internalName) {
        return new Diagnostic(
                DiagnosticCode.NOT_FILTERABLE.id(), Severity.ERROR, fileOf(filter), Span.START,
                "class " + internalName.replace('/', '.') + " cannot be changed in this JVM: hooks themselves, or the JVM, depend on it",
                "filter a caller of it instead");
    }

    /** That a class is loaded and its class file is nowhere to be had. */
    private static Diagnostic unreadable(String filter, String internalName) {
        return new Diagnostic(
                DiagnosticCode.UNREADABLE_CLASS.id(), Severity.ERROR, fileOf(filter), Span.START,
                "class " + internalName.replace('/', '.') + " is loaded, and neither its loader nor the JVM gives its class file out",
                "filter a caller of it instead");
    }

    /** That a method cannot be woven. */
    public static Diagnostic notWoven(String filter, String why) {
        return new Diagnostic(
                DiagnosticCode.TOO_LARGE.id(), Severity.ERROR, fileOf(filter), Span.START, why, "choose a smaller region, or a caller of this method");
    }

    /**
     * Compiles a version against each loader's own classes, with the bytes that were really loaded.
     *
     * @param files class files of the types
     * @param remarks gets what does not fit in some loader only
     * @return what stands in the way of all
     */
    public static List<Diagnostic> resolve(
            FilterVersion version, List<Class<?>> types, Map<Class<?>, byte[]> files, LoadedClasses loaded, Weaving weaving,
            List<Diagnostic> remarks) {
        files.forEach(loaded::know);
        Map<ClassLoader, CompileResult> byLoader = new IdentityHashMap<>();
        CompileResult boot = null;
        Set<Diagnostic> errors = new LinkedHashSet<>();
        boolean isServed = false;
        boolean isForbidden = false;
        for (Class<?> type : types) {
            @Nullable ClassLoader loader = type.getClassLoader();
            CompileResult result = loader == null ? boot : byLoader.get(loader);
            if (result == null) {
                result = compile(version.filter, version.text, loaded.seenFrom(loader));
                if (loader == null) {
                    boot = result;
                } else {
                    byLoader.put(loader, result);
                }
            }
            if (!(result instanceof CompileResult.Compiled compiled)) {
                errors.addAll(result.diagnostics());
            } else if (compiled.plan().waitingFor().contains(ClassId.of(type).name())) {
                // it is there: whoever waited for it would wait for ever, or take it for woven
                errors.add(unreadable(version.filter, ClassId.of(type).name()));
            } else if (compiled.plan().methodsOf(ClassId.of(type).name()).isEmpty()) {
                continue;
            } else if (weaving.isForbidden(type)) {
                isForbidden = true;
                errors.add(notFilterable(version.filter, ClassId.of(type).name()));
            } else {
                isServed |= !version.add(ClassId.of(type), compiled.plan()).isEmpty();
            }
        }
        if (isServed && !isForbidden) {
            for (Diagnostic error : errors) {
                remarks.add(elsewhere(error));
            }
            return List.of();
        }
        return List.copyOf(errors);
    }

    /** The same as a warning about a loader whose classes are different. */
    public static Diagnostic elsewhere(Diagnostic error) {
        return new Diagnostic(
                error.code(), Severity.WARNING, error.file(), error.span(), "in another class loader: " + error.message(),
                error.hint());
    }
}
