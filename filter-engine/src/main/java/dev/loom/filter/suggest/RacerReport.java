package dev.loom.filter.suggest;

import dev.loom.filter.suggest.ReportedRace.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads the races in {@code report.json} of Infer, which RacerD found. An issue tells its method, and a trace: from a place in it, by calls, to the
 * access. Of a race of two accesses both traces follow each other, each behind a label. The other method is told in prose.
 */
final class RacerReport {

    /** A report of a whole company's code would have more than anybody looks at. */
    private static final int MAX_RACES = 1_000;
    private static final int MAX_STEPS = 100;

    /** {@code <Read trace>}, {@code <Write on background thread>}. */
    private static final Pattern LABEL = Pattern.compile("<(?:Read|Write)\\b.*>");
    /** {@code com.acme.Bank.transfer(int):void}, {@code void Bank.transfer(int)}, {@code Bank.transfer(...)}. */
    private static final Pattern METHOD = Pattern.compile("(?<![\\w$.])((?:[\\w$]++\\.)++)([^\\s.()`]++)\\(");
    private static final Pattern CALL = Pattern.compile("^(?:call to|Method call:) .*");
    private static final Pattern OTHER = Pattern.compile("\\braces with\\b");
    private static final Pattern IN_METHOD = Pattern.compile("\\bin methods? ");
    /** Characters that are read of a text. */
    private static final int MAX_TEXT = 10_000;
    private static final Pattern KIND = Pattern.compile("^([A-Za-z/ -]{3,40})\\. .*", Pattern.DOTALL);

    private final List<ReportedRace> races = new ArrayList<>();
    /** How often each kind of issue comes that is none of RacerD's. */
    private final Map<String, Integer> others = new TreeMap<>();

    private RacerReport() {}

    /** Whether a value is a report: a list of issues, or one issue alone. */
    static boolean isOne(Object json) {
        return json instanceof List<?> list ? !list.isEmpty() && isIssue(list.get(0)) : isIssue(json);
    }

    private static boolean isIssue(Object value) {
        return value instanceof Map<?, ?> map && map.get("bug_type") instanceof String && map.get("qualifier") instanceof String;
    }

    static RacerReport of(Object json) {
        RacerReport report = new RacerReport();
        for (Object issue : json instanceof List<?> list ? list : List.of(json)) {
            if (isIssue(issue)) {
                report.add((Map<?, ?>) issue);
            }
        }
        return report;
    }

    List<ReportedRace> races() {
        return races;
    }

    /** What it has instead of races, for who looks for them. */
    String others() {
        return others.entrySet().stream().limit(5).map(e -> e.getValue() + " " + e.getKey()).collect(Collectors.joining(", "));
    }

    private void add(Map<?, ?> issue) {
        String type = text(issue, "bug_type");
        boolean isRace = type.startsWith("THREAD_SAFETY_VIOLATION") || type.startsWith("GUARDEDBY_VIOLATION") || type.equals("INTERFACE_NOT_THREAD_SAFE");
        if (!isRace) {
            others.merge(type, 1, Integer::sum);
        } else if (races.size() < MAX_RACES) {
            races.add(race(type, issue));
        }
    }

    private static ReportedRace race(String type, Map<?, ?> issue) {
        String qualifier = text(issue, "qualifier");
        Matcher procedure = METHOD.matcher(text(issue, "procedure"));
        boolean isNamed = procedure.find();
        Step named = new Step(
                text(issue, "file"), number(issue, "line"), isNamed ? type(procedure) : "", isNamed ? procedure.group(2) : "");
        List<Step> others = others(qualifier, named.file());
        List<List<Step>> sides = new ArrayList<>();
        for (List<Map<?, ?>> trace : traces(issue)) {
            Step from = sides.isEmpty() ? named : others.size() == 1 ? others.get(0) : new Step("", -1, "", "");
            sides.add(steps(from, trace));
        }
        if (sides.isEmpty()) {
            sides.add(List.of(named));
        }
        if (sides.size() == 1) {
            others.forEach(other -> sides.add(List.of(other)));
        }
        Matcher kind = KIND.matcher(qualifier);
        return new ReportedRace((kind.matches() ? kind.group(1) : type) + " in " + named.type() + "." + named.method(), sides);
    }

    /** The methods that the prose says it races with. */
    private static List<Step> others(String qualifier, String file) {
        List<Step> others = new ArrayList<>();
        Matcher other = OTHER.matcher(qualifier);
        Matcher in = IN_METHOD.matcher(qualifier);
        if (other.find() && in.find(other.end())) {
            Matcher method = METHOD.matcher(qualifier.substring(in.end()));
            while (method.find() && others.size() < 4) {
                others.add(new Step(file, -1, type(method), method.group(2)));
            }
        }
        return others;
    }

    /** The trace of each side, without its label. */
    private static List<List<Map<?, ?>>> traces(Map<?, ?> issue) {
        List<List<Map<?, ?>>> traces = new ArrayList<>();
        if (issue.get("bug_trace") instanceof List<?> items) {
            for (Object item : items.subList(0, Math.min(MAX_STEPS, items.size()))) {
                boolean isLabel = item instanceof Map<?, ?> map && LABEL.matcher(text(map, "description")).matches();
                if (isLabel || traces.isEmpty()) {
                    traces.add(new ArrayList<>());
                }
                if (!isLabel && item instanceof Map<?, ?> step) {
                    traces.get(traces.size() - 1).add(step);
                }
            }
        }
        traces.removeIf(List::isEmpty);
        return traces;
    }

    /** The places of a trace, each with the method that the call before it names. */
    private static List<Step> steps(Step from, List<Map<?, ?>> trace) {
        List<Step> steps = new ArrayList<>();
        String type = from.type();
        String method = from.method();
        for (Map<?, ?> item : trace) {
            steps.add(new Step(text(item, "filename"), number(item, "line_number"), type, method));
            String description = text(item, "description");
            Matcher callee = METHOD.matcher(description);
            boolean isCall = CALL.matcher(description).matches() && callee.find();
            type = isCall ? type(callee) : "";
            method = isCall ? callee.group(2) : "";
        }
        return steps;
    }

    private static String text(Map<?, ?> map, String name) {
        return map.get(name) instanceof String text ? text.substring(0, Math.min(MAX_TEXT, text.length())) : "";
    }

    /** The class of a method that was found. */
    private static String type(Matcher method) {
        String type = method.group(1);
        return type.substring(0, type.length() - 1);
    }

    private static int number(Map<?, ?> map, String name) {
        String digits = text(map, name);
        return digits.matches("\\d{1,7}") ? Integer.parseInt(digits) : -1;
    }
}
