package dev.loom.it.answers;

import dev.loom.filter.CompileResult;
import dev.loom.filter.FilterCompiler;
import dev.loom.filter.classes.JarClasses;
import dev.loom.filter.diagnostic.Diagnostic;
import dev.loom.it.harness.AgentClient;
import dev.loom.it.harness.Jdk;
import dev.loom.it.harness.Jvm;
import dev.loom.it.targets.Loader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.management.openmbean.CompositeData;

/** Asks the checker about a jar, and a running JVM that has loaded the jar's classes, about the same filters. */
final class Comparison {

    /** Classes that a JVM loads of one jar at most. */
    private static final int MAX_CLASSES = 6_000;

    private final int wanted;
    private final long seed;
    private final Map<String, Integer> codes = new TreeMap<>();
    private final List<String> differences = new ArrayList<>();
    private int compared;
    private int accepted;

    /** @param wanted filters for each jar */
    Comparison(int wanted, long seed) {
        this.wanted = wanted;
        this.seed = seed;
    }

    List<String> differences() {
        return differences;
    }

    int compared() {
        return compared;
    }

    int accepted() {
        return accepted;
    }

    /** How often each code was said. */
    Map<String, Integer> codes() {
        return codes;
    }

    /** Compares what both say about filters for one jar; the JVM sees the jars beside it too. */
    void compare(Jdk jdk, Path jar, List<Path> beside) throws IOException {
        List<Path> classPath = new ArrayList<>(List.of(Jvm.testClasses(), jar));
        classPath.addAll(beside);
        Path list = Files.createTempFile("classes", ".txt");
        try (JarClasses own = JarClasses.open(List.of(jar)); JarClasses all = JarClasses.open(classPath)) {
            // in this order every superclass of the same package has been there; the choice is the same each time
            List<String> names = new TreeSet<>(own.names()).stream()
                    .filter(n -> !n.startsWith("META-INF") && !n.endsWith("-info")).limit(MAX_CLASSES).toList();
            Files.write(list, names);
            try (Jvm jvm = Jvm.of(jdk, Loader.class).classPath(classPath.toArray(Path[]::new)).arguments(list.toString()).withAgent().start()) {
                jvm.awaitOutput("ready");
                AgentClient agent = new AgentClient(jvm);
                RandomFilters filters = new RandomFilters(own, loaded(jvm), seed);
                for (int i = 0; i < wanted; i++) {
                    compare(jar, filters.next(), all, agent);
                }
                if (agent.faults() != 0) {
                    differences.add(jar + ": the agent had faults\n" + jvm.output());
                }
            }
        } finally {
            Files.delete(list);
        }
    }

    /** What the JVM could load; a class whose superclass is in no jar exists for the one side only. */
    private static List<String> loaded(Jvm jvm) {
        return jvm.output().lines().filter(l -> l.startsWith("loaded ")).map(l -> l.substring(7)).toList();
    }

    private void compare(Path jar, String filter, JarClasses classes, AgentClient agent) {
        CompileResult result = FilterCompiler.compile("filter.loom", filter, "filter", classes);
        List<String> offline = new ArrayList<>();
        for (Diagnostic d : result.diagnostics()) {
            offline.add(said(d.code(), d.severity().name(), d.span().line(), d.span().column(), d.message(), d.hint()));
        }
        CompositeData status = agent.check(filter);
        List<String> live = Arrays.stream((CompositeData[]) status.get("diagnostics"))
                .map(d -> said((String) d.get("code"), d.get("severity").toString(), (Integer) d.get("line"), (Integer) d.get("column"),
                        (String) d.get("message"), (String) d.get("hint")))
                .toList();
        compared++;
        boolean rejectedHere = result instanceof CompileResult.Rejected;
        boolean rejectedThere = "REJECTED".equals(status.get("state"));
        accepted += rejectedHere ? 0 : 1;
        result.diagnostics().forEach(d -> codes.merge(d.code(), 1, Integer::sum));
        if (rejectedHere != rejectedThere || !offline.equals(live)) {
            Set<String> only = new TreeSet<>(offline);
            only.removeAll(live);
            Set<String> there = new TreeSet<>(live);
            there.removeAll(offline);
            differences.add(jar.getFileName() + ": " + filter + "  files:   " + (rejectedHere ? "rejected " : "accepted ") + only
                    + "\n  the JVM: " + (rejectedThere ? "rejected " : "accepted ") + there);
        }
    }

    private static String said(String code, String severity, int line, int column, String message, String hint) {
        return code + " " + severity.toUpperCase(java.util.Locale.ROOT) + " " + line + ":" + column + " " + message + " = " + hint;
    }
}
