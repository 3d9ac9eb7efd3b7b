package dev.loom.console.filter;

import dev.loom.client.Remark;
import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import dev.loom.filter.CompileResult;
import dev.loom.filter.FilterCompiler;
import dev.loom.filter.classes.ClassSource;
import dev.loom.filter.diagnostic.Diagnostic;
import dev.loom.filter.diagnostic.DiagnosticCode;
import dev.loom.filter.diagnostic.Diagnostics;
import dev.loom.filter.syntax.FilterFormatter;
import dev.loom.filter.syntax.FilterParser;
import dev.loom.filter.syntax.FilterTree;
import dev.loom.filter.syntax.Statement;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Asks the engine what it thinks of a text, without any classes: those are only in the JVMs. */
final class FilterChecker {

    private FilterChecker() {}

    /**
     * What is known of a text.
     *
     * @param wrapperName the name that the text gives itself; null if it does not
     */
    record Checked(@Nullable String wrapperName, String about, String ticket, String digest, List<Remark> diagnostics) {
        boolean isAccepted() {
            return diagnostics.stream().noneMatch(Remark::rejects);
        }

        int warnings() {
            return (int) diagnostics.stream().filter(d -> d.severity().equals("WARNING")).count();
        }
    }

    static Checked check(String name, String text) {
        FilterTree file = FilterParser.parse(text, new Diagnostics(name));
        String about = "";
        String ticket = "";
        for (Statement statement : file.statements()) {
            if (statement instanceof Statement.About a) {
                about = a.text();
            } else if (statement instanceof Statement.Ticket t) {
                ticket = t.text();
            }
        }
        return new Checked(file.name(), about, ticket, digest(text), remarks(name, text));
    }

    /**
     * A text in the usual layout.
     *
     * @throws LoomProblem with the remarks if it cannot be read
     */
    static String formatted(String text) {
        Diagnostics diagnostics = new Diagnostics("filter");
        FilterTree file = FilterParser.parse(text, diagnostics);
        if (diagnostics.hasErrors()) {
            throw new LoomProblem(
                    ProblemCode.FILTER_REJECTED, "The filter has errors, so its layout is left as it is.", "Each is listed with its line.",
                    diagnostics.sorted().stream().map(FilterChecker::remark).toList());
        }
        return FilterFormatter.format(file, text);
    }

    private static List<Remark> remarks(String name, String text) {
        CompileResult result = FilterCompiler.compile(name.isEmpty() ? "filter" : name, text, name.isEmpty() ? "filter" : name, ClassSource.nothingYet());
        return result.diagnostics().stream()
                .filter(d -> !d.code().equals(DiagnosticCode.WAITING_FOR_CLASS.id())) // true of every class here, so it says nothing
                .map(FilterChecker::remark)
                .toList();
    }

    static Remark remark(Diagnostic diagnostic) {
        return new Remark(
                diagnostic.code(),
                diagnostic.severity().name(),
                diagnostic.file(),
                diagnostic.span().line(),
                diagnostic.span().column(),
                diagnostic.message(),
                diagnostic.hint());
    }

    static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "sha256:" + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
