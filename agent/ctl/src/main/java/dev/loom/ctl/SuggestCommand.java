package dev.loom.ctl;

import dev.loom.ctl.failure.CommandFailure;
import dev.loom.ctl.failure.ExitStatus;
import dev.loom.ctl.output.Printer;
import dev.loom.ctl.target.JvmFilter;
import dev.loom.filter.FilterSuggestions;
import dev.loom.filter.FilterSuggestions.Proposal;
import dev.loom.filter.classes.ClassSource;
import dev.loom.filter.classes.JdkClasses;
import dev.loom.filter.diagnostic.Diagnostic;
import dev.loom.filter.diagnostic.Severity;
import dev.loom.filter.suggest.Candidates;
import dev.loom.filter.suggest.Evidence;
import dev.loom.filter.suggest.Failure;
import dev.loom.filter.suggest.StackTrace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "suggest", description = "Propose filters for stack traces, thread dumps, deadlock and race reports, recordings.",
        footer = {"", "TRACES are files with what the JVM printed or a log holds: exceptions with their stacks, also inside JSON,",
            "thread dumps of jstack, jcmd and tools, as text or JSON, javacores, deadlock reports; report.json of Infer, for the races",
            "that RacerD found; and recordings of JFR, for the exceptions in them. What a file is, is told from what is in it."})
final class SuggestCommand implements Callable<Integer> {

    /** Proposals shown. */
    private static final int SHOWN = 6;

    /** Threads named when there are too many. */
    private static final int NAMED = 12;

    @Mixin
    private CommonOptions common;

    @Parameters(arity = "1..*", paramLabel = "TRACES", description = "Files with stack traces, reports or recordings; - reads stdin.")
    private List<Path> files;

    @Option(names = {"--classpath", "--cp"}, paramLabel = "JARS", required = true,
            description = "Jars, directories, Spring Boot jars, lib/*.")
    private String classpath;

    @Option(names = "--thread", paramLabel = "NAME", description = "Of a thread dump, only this thread; may be repeated.")
    private List<String> threads = List.of();

    @Option(names = "--only", paramLabel = "TEXT", description = "Of several failures, those with this text in what is said of them: a class, a method.")
    private String only = "";

    @Override
    public Integer call() {
        Printer printer = common.printer();
        ClassSource classes = ClassPath.open(classpath);
        Evidence evidence = Evidence.of(files.stream().map(EvidenceFile::text).toList());
        if (!evidence.missing().isEmpty()) {
            throw CommandFailure.failed(evidence.missing(), Evidence.READ);
        }
        List<Failure> failures = chosen(evidence, classes);
        List<Proposal> shown = FilterSuggestions.of(failures, classes, SHOWN);
        if (shown.isEmpty()) {
            List<StackTrace> stacks = failures.stream().flatMap(f -> f.stacks().stream()).toList();
            throw CommandFailure.failed(
                    "no filter can be made of the classes given: " + (stacks.stream().anyMatch(StackTrace::isDeadlocked)
                            ? "a gate must lie outside all locks of the deadlock, and that code is not among them"
                            : "the stacks have only constructors and initializers of them"),
                    others(stacks, classes));
        }
        printer.json(shown.stream().map(SuggestCommand::json).toList());
        int number = 0;
        for (Proposal one : shown) {
            String what = one.failure().isEmpty() ? "" : one.failure() + ": ";
            printer.line((number++ == 0 ? "" : System.lineSeparator()) + number + ". " + what + one.candidate().why());
            printer.text(one.candidate().text());
            printer.line("   " + verdict(one));
            news(one).forEach(d -> printer.line("   " + d.severity().name().toLowerCase(java.util.Locale.ROOT) + " " + d.code() + ": "
                    + d.message() + (d.hint().isEmpty() ? "" : " (" + d.hint() + ")")));
        }
        if (failures.size() > SHOWN) {
            printer.note(failures.size() + " failures are told of; to choose: --only TEXT, as in --only '" + failures.get(SHOWN).what() + "'");
        }
        return ExitStatus.DONE;
    }

    private List<Failure> chosen(Evidence evidence, ClassSource classes) {
        List<Failure> all = evidence.failures(classes);
        if (!threads.isEmpty()) {
            for (String name : threads) {
                if (evidence.traces().stream().noneMatch(t -> t.name().equals(name))) {
                    throw CommandFailure.failed("no thread is called " + name, "the dump has " + names(evidence.traces()));
                }
            }
            List<StackTrace> named = evidence.traces().stream()
                    .filter(t -> threads.contains(t.name()) && !Evidence.innermost(t, classes).isEmpty()).toList();
            all = named.isEmpty() ? List.of() : List.of(new Failure("", named));
        }
        if (all.isEmpty()) {
            throw CommandFailure.failed(
                    "no stack has a frame of the classes given", "is --classpath complete, and of the same application?");
        }
        List<Failure> wanted = all.stream().filter(f -> f.what().contains(only)).toList();
        if (wanted.isEmpty()) {
            throw CommandFailure.failed("no failure is said to have " + only, "there are: " + all.stream().map(Failure::what).limit(NAMED)
                    .collect(Collectors.joining("; ")));
        }
        List<Failure> narrowed = new ArrayList<>();
        CommandFailure tooMany = null;
        for (Failure failure : wanted) {
            try {
                narrowed.add(narrowed(failure, classes));
            } catch (CommandFailure e) {
                tooMany = e;
            }
        }
        if (narrowed.isEmpty() && tooMany != null) {
            throw tooMany;
        }
        return narrowed;
    }

    /** Of a large dump, those that are in the same class with another right now. */
    private Failure narrowed(Failure failure, ClassSource classes) {
        List<StackTrace> all = failure.stacks();
        if (all.size() <= Evidence.MAX_STACKS || all.stream().anyMatch(StackTrace::isDeadlocked)) {
            return failure;
        }
        List<StackTrace> meeting = all.stream()
                .filter(t -> all.stream().anyMatch(o -> o != t && Evidence.innermost(o, classes).equals(Evidence.innermost(t, classes)))).toList();
        if (meeting.size() >= 2 && meeting.size() <= Evidence.MAX_STACKS) {
            return new Failure(failure.what(), meeting);
        }
        throw CommandFailure.failed(all.size() + " threads run code of the application; which of them race?",
                "pick two with --thread NAME: " + names(all));
    }

    /** Names classes of the stacks that are missing. */
    private static String others(List<StackTrace> traces, ClassSource classes) {
        List<String> missing = traces.stream().flatMap(t -> t.frames().stream()).map(StackTrace.Frame::type)
                .filter(t -> !JdkClasses.isJdk(t.replace('.', '/')) && !Candidates.isApplication(t, classes)).distinct().limit(NAMED).toList();
        return missing.isEmpty() ? "give dumps of the other threads too"
                : "give their jars or directories too, in --classpath: " + String.join(", ", missing);
    }

    private static String names(List<StackTrace> traces) {
        List<String> names = traces.stream().map(StackTrace::name).filter(n -> !n.isEmpty()).distinct().toList();
        return String.join(", ", names.subList(0, Math.min(NAMED, names.size()))) + (names.size() > NAMED ? " …" : "");
    }

    private static String verdict(Proposal one) {
        if (one.isRejected()) {
            return "the checker rejects it";
        }
        long warnings = news(one).stream().filter(d -> d.severity() == Severity.WARNING).count();
        return "the checker accepts it" + (warnings == 0 ? "" : ", with " + (warnings == 1 ? "a warning" : warnings + " warnings"));
    }

    /** That a filter nobody has installed yet has no pins is no news. */
    private static List<Diagnostic> news(Proposal one) {
        return one.result().diagnostics().stream().filter(d -> !d.code().equals("LOOM-051")).toList();
    }

    private static Map<String, @Nullable Object> json(Proposal one) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("why", one.candidate().why());
        json.put("text", one.candidate().text());
        json.put("accepted", !one.isRejected());
        json.put("diagnostics", JvmFilter.checked(one.result().name(), news(one)).toJson().get("diagnostics"));
        json.put("failure", one.failure());
        return json;
    }
}
