package dev.loom.ctl;

import dev.loom.ctl.failure.CommandFailure;
import dev.loom.ctl.failure.ExitStatus;
import dev.loom.ctl.output.Printer;
import dev.loom.ctl.target.JvmFilter;
import dev.loom.filter.CompileResult;
import dev.loom.filter.FilterCompiler;
import dev.loom.filter.classes.ClassSource;
import dev.loom.filter.classes.JdkClasses;
import dev.loom.filter.diagnostic.Diagnostic;
import dev.loom.filter.diagnostic.Severity;
import dev.loom.filter.suggest.Candidate;
import dev.loom.filter.suggest.Candidates;
import dev.loom.filter.suggest.StackTrace;
import dev.loom.filter.suggest.TraceReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "suggest", description = "Propose filters for stack traces, a thread dump or a deadlock report.",
        footer = {"", "TRACES are files with what the JVM printed or a log holds: exceptions with their stacks, also inside JSON,",
            "thread dumps of jstack and jcmd, as text or JSON, javacores, deadlock reports."})
final class SuggestCommand implements Callable<Integer> {

    /** Bytes read of one file. */
    private static final long MAX_BYTES = 64L << 20;

    /** Stacks that are compared with each other, at most. */
    private static final int MAX_STACKS = 6;

    /** Proposals shown. */
    private static final int SHOWN = 6;

    /** Threads named when there are too many. */
    private static final int NAMED = 12;

    @Mixin
    private CommonOptions common;

    @Parameters(arity = "1..*", paramLabel = "TRACES", description = "Files with stack traces; - reads stdin.")
    private List<Path> files;

    @Option(names = {"--classpath", "--cp"}, paramLabel = "JARS", required = true,
            description = "Jars, directories, Spring Boot jars, lib/*.")
    private String classpath;

    @Option(names = "--thread", paramLabel = "NAME", description = "Of a thread dump, only this thread; may be repeated.")
    private List<String> threads = List.of();

    private record Judged(Candidate candidate, CompileResult result) {
        boolean isRejected() {
            return result.diagnostics().stream().anyMatch(Diagnostic::isError);
        }

        int rank() {
            if (isRejected()) {
                return 2;
            }
            return result.diagnostics().stream().anyMatch(d -> Candidates.HARMFUL.contains(d.code())) ? 1 : 0;
        }

        long warnings() {
            return result.diagnostics().stream().filter(d -> isNews(d) && d.severity() == Severity.WARNING).count();
        }
    }

    @Override
    public Integer call() {
        Printer printer = common.printer();
        ClassSource classes = ClassPath.open(classpath);
        List<StackTrace> traces = new ArrayList<>();
        for (Path file : files) {
            traces.addAll(TraceReader.read(text(file)));
        }
        if (traces.isEmpty()) {
            throw CommandFailure.failed(
                    "no stack trace is in the text", "it should have lines like: at com.acme.Bank.transfer(Bank.java:42)");
        }
        List<StackTrace> chosen = chosen(traces, classes);
        List<Judged> judged = new ArrayList<>();
        for (Candidate candidate : Candidates.of(chosen, classes)) {
            judged.add(new Judged(candidate, FilterCompiler.compile("suggested.loom", candidate.text(), "suggested", classes)));
        }
        // the order of the proposals stays, but for what cannot be installed or would do harm or nothing
        boolean isDeadlock = chosen.stream().anyMatch(StackTrace::isDeadlocked);
        judged.sort(Comparator.comparing(j -> isDeadlock ? (j.isRejected() ? 2 : 0) : j.rank()));
        if (judged.isEmpty()) {
            throw CommandFailure.failed(
                    "no filter can be made of the classes given: " + (chosen.stream().anyMatch(StackTrace::isDeadlocked)
                            ? "a gate must lie outside all locks of the deadlock, and that code is not among them"
                            : "the stacks have only constructors and initializers of them"),
                    others(chosen, classes));
        }
        List<Judged> shown = judged.subList(0, Math.min(SHOWN, judged.size()));
        printer.json(shown.stream().map(SuggestCommand::json).toList());
        int number = 0;
        for (Judged one : shown) {
            printer.line((number++ == 0 ? "" : System.lineSeparator()) + number + ". " + one.candidate().why());
            printer.text(one.candidate().text());
            printer.line("   " + verdict(one));
            one.result().diagnostics().stream().filter(SuggestCommand::isNews)
                    .forEach(d -> printer.line("   " + d.severity().name().toLowerCase(java.util.Locale.ROOT) + " " + d.code() + ": "
                            + d.message() + (d.hint().isEmpty() ? "" : " (" + d.hint() + ")")));
        }
        return ExitStatus.DONE;
    }

    private List<StackTrace> chosen(List<StackTrace> all, ClassSource classes) {
        List<StackTrace> own = all.stream()
                .filter(t -> t.frames().stream().anyMatch(f -> Candidates.isApplication(f.type(), classes))).toList();
        if (!threads.isEmpty()) {
            for (String name : threads) {
                if (all.stream().noneMatch(t -> t.name().equals(name))) {
                    throw CommandFailure.failed("no thread is called " + name, "the dump has " + names(all));
                }
            }
            own = own.stream().filter(t -> threads.contains(t.name())).toList();
        }
        if (own.isEmpty()) {
            throw CommandFailure.failed(
                    "no stack has a frame of the classes given", "is --classpath complete, and of the same application?");
        }
        List<StackTrace> deadlocked = all.stream().filter(StackTrace::isDeadlocked).toList();
        if (own.stream().anyMatch(StackTrace::isDeadlocked) && threads.isEmpty()) {
            return deadlocked;
        }
        if (own.size() <= MAX_STACKS) {
            return own;
        }
        // of a large dump, those that are in the same class with another right now
        List<StackTrace> every = own;
        List<StackTrace> meeting = own.stream()
                .filter(t -> every.stream().anyMatch(o -> o != t && innermost(o, classes).equals(innermost(t, classes)))).toList();
        if (meeting.size() >= 2 && meeting.size() <= MAX_STACKS) {
            return meeting;
        }
        throw CommandFailure.failed(own.size() + " threads run code of the application; which of them race?",
                "pick two with --thread NAME: " + names(own));
    }

    /** Names classes of the stacks that are missing. */
    private static String others(List<StackTrace> traces, ClassSource classes) {
        List<String> missing = traces.stream().flatMap(t -> t.frames().stream()).map(StackTrace.Frame::type)
                .filter(t -> !JdkClasses.isJdk(t.replace('.', '/')) && !Candidates.isApplication(t, classes)).distinct().limit(NAMED).toList();
        return missing.isEmpty() ? "give dumps of the other threads too"
                : "give their jars or directories too, in --classpath: " + String.join(", ", missing);
    }

    private static String innermost(StackTrace trace, ClassSource classes) {
        return trace.frames().stream().map(StackTrace.Frame::type).filter(t -> Candidates.isApplication(t, classes)).findFirst().orElse("");
    }

    private static String names(List<StackTrace> traces) {
        List<String> names = traces.stream().map(StackTrace::name).filter(n -> !n.isEmpty()).distinct().toList();
        return String.join(", ", names.subList(0, Math.min(NAMED, names.size()))) + (names.size() > NAMED ? " …" : "");
    }

    private static String verdict(Judged one) {
        if (one.isRejected()) {
            return "the checker rejects it";
        }
        long warnings = one.warnings();
        return "the checker accepts it" + (warnings == 0 ? "" : ", with " + (warnings == 1 ? "a warning" : warnings + " warnings"));
    }

    /** That a filter nobody has installed yet has no pins is no news. */
    private static boolean isNews(Diagnostic diagnostic) {
        return !diagnostic.code().equals("LOOM-051");
    }

    private static Map<String, @Nullable Object> json(Judged one) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("why", one.candidate().why());
        json.put("text", one.candidate().text());
        json.put("accepted", !one.isRejected());
        json.put("diagnostics", JvmFilter.checked(one.result().name(), one.result().diagnostics().stream()
                .filter(SuggestCommand::isNews).toList()).toJson().get("diagnostics"));
        return json;
    }

    private static String text(Path file) {
        try {
            if (file.toString().equals("-")) {
                return new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
            }
            if (Files.size(file) > MAX_BYTES) {
                throw CommandFailure.failed(file + " is larger than " + (MAX_BYTES >> 20) + " MiB", "cut out the traces that matter");
            }
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw CommandFailure.failed("there is no file " + file, "");
        } catch (IOException e) {
            throw CommandFailure.failed(file + " cannot be read: " + e.getMessage(), "");
        }
    }
}
