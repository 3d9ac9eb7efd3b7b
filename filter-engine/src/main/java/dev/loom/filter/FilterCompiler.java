package dev.loom.filter;

import dev.loom.filter.check.Checks;
import dev.loom.filter.classes.ClassSource;
import dev.loom.filter.diagnostic.DiagnosticCode;
import dev.loom.filter.diagnostic.Diagnostics;
import dev.loom.filter.diagnostic.Span;
import dev.loom.filter.plan.WeavingPlan;
import dev.loom.filter.resolve.BodyDigest;
import dev.loom.filter.resolve.ClassTable;
import dev.loom.filter.resolve.FilterResolver;
import dev.loom.filter.resolve.Resolution;
import dev.loom.filter.syntax.FilterParser;
import dev.loom.filter.syntax.FilterText;
import dev.loom.filter.syntax.FilterTree;
import dev.loom.filter.syntax.Statement;
import java.util.List;
import java.util.Optional;

/** Compiles the text of a filter against class files. Thread-safe; never throws for what a user wrote. */
public final class FilterCompiler {

    private FilterCompiler() {}

    /**
     * Parses, resolves and checks a filter.
     *
     * @param fileName for people, in the diagnostics
     * @param text the filter
     * @param defaultName name of a filter without a wrapper
     * @param classes where the classes are
     */
    public static CompileResult compile(String fileName, String text, String defaultName, ClassSource classes) {
        return compile(text, defaultName, classes, new Diagnostics(fileName));
    }

    /** Like the other, of a file's bytes: those that are no UTF-8 are a remark too. */
    public static CompileResult compile(String fileName, byte[] utf8, String defaultName, ClassSource classes) {
        Diagnostics diagnostics = new Diagnostics(fileName);
        Optional<String> text = FilterText.decode(utf8, diagnostics);
        return text.isPresent()
                ? compile(text.get(), defaultName, classes, diagnostics)
                : new CompileResult.Rejected(defaultName, diagnostics.sorted());
    }

    /** The pin lines, {@code pin com.acme.Bank#transfer(com.acme.Account,long) sha256:…}, of all methods that a filter uses. */
    public static List<String> pins(WeavingPlan plan) {
        return PinWriter.pins(plan);
    }

    /**
     * Binds a filter to the classes given, whatever pins it has.
     *
     * @return the text with its pins written anew; the text as it is, if the filter is rejected for anything but its pins
     */
    public static String pinned(String text, String defaultName, ClassSource classes) {
        String bare = unpinned(text);
        if (!(compile("", bare, defaultName, classes) instanceof CompileResult.Compiled compiled)) {
            return text;
        }
        return PinWriter.withPins(FilterParser.parse(bare, new Diagnostics("")), bare, pins(compiled.plan()));
    }

    /** The text without its pins. */
    public static String unpinned(String text) {
        return PinWriter.withoutPins(FilterParser.parse(text, new Diagnostics("")), text);
    }

    private static CompileResult compile(String text, String defaultName, ClassSource classes, Diagnostics diagnostics) {
        FilterTree file = FilterParser.parse(text, diagnostics);
        String name = file.name() != null ? file.name() : defaultName;
        if (file.name() == null) {
            FilterParser.checkFilterName(name, Span.START, diagnostics);
        }
        if (!diagnostics.hasErrors() && file.statements().stream().noneMatch(s -> s instanceof Statement.Constraint)) {
            diagnostics.report(
                    DiagnosticCode.NO_CONSTRAINT, file.span(), "this filter has no constraint, so it would do nothing",
                            "write `atomic r`, `a <> b` or `a > b`");
        }
        ClassTable table = new ClassTable(classes);
        Resolution resolution;
        try {
            resolution = FilterResolver.resolve(name, file, table, diagnostics);
            Checks.run(resolution, table, diagnostics);
        } catch (RuntimeException | StackOverflowError e) {
            return damaged(name, file, e, diagnostics);
        }
        if (diagnostics.hasErrors()) {
            return new CompileResult.Rejected(name, diagnostics.sorted());
        }
        return new CompileResult.Compiled(
                name, resolution.plan(), resolution.namedClasses(), BodyDigest.sha256(text), diagnostics.sorted());
    }

    /**
     * A class file that is damaged in a way that nobody has thought of must not take the caller down. With assertions on, as in tests
     * and under the fuzzer, it does, so that somebody thinks of it.
     */
    private static CompileResult damaged(String name, FilterTree file, Throwable what, Diagnostics diagnostics) {
        boolean strict = false;
        assert strict = true;
        if (strict) {
            if (what instanceof RuntimeException e) {
                throw e;
            }
            throw (StackOverflowError) what;
        }
        diagnostics.report(
                DiagnosticCode.UNREADABLE_CLASS, file.span(), "a class that this filter needs cannot be understood: " + what,
                "is a class file damaged? If not, this is a fault of the checker: please report it");
        return new CompileResult.Rejected(name, diagnostics.sorted());
    }
}
