package dev.loom.filter.suggest;

import dev.loom.filter.classes.ClassSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What texts tell of failures. What a text is, is told from itself: a report of Infer, or anything with stacks that {@link TraceReader} knows.
 */
public final class Evidence {

    /** Stacks of one failure that are compared with each other, at most. */
    public static final int MAX_STACKS = 6;

    /** What is read, for who gave something else. */
    public static final String READ = "it should have lines like: at com.acme.Bank.transfer(Bank.java:42). Read are exceptions and thread dumps as they are printed,"
            + " logged or written as JSON, report.json of Infer's RacerD, and recordings of JFR";

    private final List<StackTrace> traces = new ArrayList<>();
    private final List<ReportedRace> races = new ArrayList<>();
    private String nothing = "no stack trace is in the text";

    private Evidence() {}

    /** Reads texts that belong together. */
    public static Evidence of(List<String> texts) {
        Evidence evidence = new Evidence();
        texts.forEach(evidence::read);
        return evidence;
    }

    private void read(String text) {
        Object json = TraceText.isJson(text) ? JsonText.parse(text) : "";
        if (RacerReport.isOne(json)) {
            RacerReport report = RacerReport.of(json);
            races.addAll(report.races());
            nothing = "Infer's report has no race of RacerD; it has " + report.others();
        } else if (json instanceof List<?> list && list.isEmpty()) {
            nothing = "the report is empty";
        } else {
            traces.addAll(TraceReader.read(text));
        }
    }

    /** Why there is nothing to go by; empty if there is something. */
    public String missing() {
        return traces.isEmpty() && races.isEmpty() ? nothing : "";
    }

    /** All stacks that were read; none of a report's. */
    public List<StackTrace> traces() {
        return List.copyOf(traces);
    }

    /** Names of classes that are told of, in order; of a report some may be none. */
    public Stream<String> types() {
        return Stream.concat(
                traces.stream().flatMap(t -> t.frames().stream()).map(StackTrace.Frame::type),
                races.stream().flatMap(r -> r.sides().stream()).flatMap(List::stream).flatMap(step -> Stream.concat(
                        Stream.of(step.type()).filter(t -> !t.isEmpty()), SourceLines.mainTypes(step.file()))));
    }

    /** The failures, the most frequent first: threads of a dump are one; exceptions one for each method that they come from. */
    public List<Failure> failures(ClassSource classes) {
        List<Failure> failures = new ArrayList<>();
        List<StackTrace> deadlocked = traces.stream().filter(StackTrace::isDeadlocked).toList();
        List<StackTrace> threads = traces.stream().filter(StackTrace::isThread).toList();
        if (deadlocked.stream().anyMatch(t -> isOwn(t, classes))) {
            failures.add(new Failure("the deadlock", deadlocked));
        } else if (threads.stream().anyMatch(t -> isOwn(t, classes))) {
            failures.add(new Failure("the threads of the dump", own(threads, classes)));
        }
        exceptions(own(traces.stream().filter(t -> !t.isThread()).toList(), classes), classes, failures);
        SourceLines lines = new SourceLines(classes);
        for (ReportedRace race : races) {
            List<StackTrace> stacks = new ArrayList<>();
            race.sides().forEach(side -> stacks.add(lines.stack(stacks.isEmpty() ? race.what() : "", side)));
            failures.add(new Failure(race.what(), own(stacks, classes)));
        }
        return failures.stream().filter(f -> !f.stacks().isEmpty()).toList();
    }

    private static void exceptions(List<StackTrace> all, ClassSource classes, List<Failure> failures) {
        Map<List<String>, List<StackTrace>> same = new LinkedHashMap<>();
        all.forEach(t -> same.computeIfAbsent(way(t, classes), f -> new ArrayList<>()).add(t));
        List<StackTrace> distinct = same.values().stream().sorted(Comparator.comparing((List<StackTrace> l) -> -l.size())).map(l -> l.get(0)).toList();
        Map<String, List<StackTrace>> from = new LinkedHashMap<>();
        for (StackTrace trace : distinct) {
            from.computeIfAbsent(way(trace, classes).get(0), m -> new ArrayList<>()).add(trace);
        }
        List<Failure> each = from.entrySet().stream().map(e -> new Failure(
                e.getValue().get(0).name() + " in " + e.getKey(), e.getValue().subList(0, Math.min(MAX_STACKS, e.getValue().size())))).toList();
        // two may be the two sides of one race: most likely if they are in one class
        boolean areTwo = distinct.size() == 2 && from.size() == 2;
        boolean isOne = areTwo && nest(distinct.get(0), classes).equals(nest(distinct.get(1), classes));
        if (isOne) {
            failures.add(new Failure("both together", distinct));
        }
        failures.addAll(each);
        if (areTwo && !isOne) {
            failures.add(new Failure("both together", distinct));
        }
    }

    /** The class that a stack is in, or the one around it. */
    private static String nest(StackTrace trace, ClassSource classes) {
        return innermost(trace, classes).replaceFirst("\\$.*", "");
    }

    /** The methods of the application in a stack: one race throws this and that in the lines of a method. */
    private static List<String> way(StackTrace trace, ClassSource classes) {
        return trace.frames().stream().filter(f -> Candidates.isApplication(f.type(), classes)).map(f -> f.type() + "." + f.method()).toList();
    }

    private static List<StackTrace> own(Collection<StackTrace> traces, ClassSource classes) {
        return traces.stream().filter(t -> isOwn(t, classes)).toList();
    }

    private static boolean isOwn(StackTrace trace, ClassSource classes) {
        return !innermost(trace, classes).isEmpty();
    }

    /** The class of the application that a stack is in; empty if it is in none. */
    public static String innermost(StackTrace trace, ClassSource classes) {
        return trace.frames().stream().map(StackTrace.Frame::type).filter(t -> Candidates.isApplication(t, classes)).findFirst().orElse("");
    }
}
