package dev.loom.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.it.harness.AgentClient;
import dev.loom.it.harness.Jdk;
import dev.loom.it.harness.Jvm;
import dev.loom.it.targets.Holder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.management.openmbean.CompositeData;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A running JVM says about the examples of the pages of diagnostics what the pages show, and so what jars and directories say. */
@DisplayName("Diagnostics over a live JVM")
class LiveDiagnosticsTest {

    private static final Path DOCS = Path.of("..", "..", "docs", "diagnostics");
    private static final Path SOURCES = Path.of("..", "..", "filter-engine", "src", "test", "resources", "docs");

    private static final Pattern EXAMPLE = Pattern.compile("```loom\n(.*?)```\n\n```text\n(.*?)```\n", Pattern.DOTALL);
    private static final Pattern SAID = Pattern.compile("bank\\.loom:(\\d+):(\\d+): (\\w+) (LOOM-\\d+): (.*)");

    /** Another class org.other.Bank of the same file name. */
    private static final String OTHER = "package org.other;\n" + "\n".repeat(27) + "class Bank {\nint x() { return 1; } }\n";

    /**
     * Codes that a running JVM has no occasion to say: 020 (an unknown class may still be loaded, 070 is said), 028 (a damaged class is
     * not loaded), 035 (its class takes a class file writer to make), 065 (of a filter in force), 070 (whose class is on disk here).
     */
    private static final Set<String> NOT_LIVE = Set.of("LOOM-020", "LOOM-028", "LOOM-035", "LOOM-065", "LOOM-070");

    private static final Set<String> WITHOUT_TABLES = Set.of("LOOM-071", "LOOM-072");
    private static final Set<String> WITH_OTHER = Set.of("LOOM-024");

    @TempDir
    Path directory;

    static Stream<Jdk> jdks() {
        return Jdk.all().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("every code that needs classes is said live with the same words, place and hint")
    void saysWhatThePagesShow(Jdk jdk) throws IOException {
        Map<String, Matcher> examples = examples();
        Set<String> special = Stream.of(NOT_LIVE, WITHOUT_TABLES, WITH_OTHER).flatMap(Set::stream).collect(Collectors.toSet());
        Set<String> usual = examples.keySet().stream().filter(c -> !special.contains(c)).collect(Collectors.toSet());
        assertTrue(usual.size() > 30, usual.toString());

        List<String> wrong = new ArrayList<>();
        wrong.addAll(compared(jdk, examples, usual, compiled("usual", "-g", false)));
        wrong.addAll(compared(jdk, examples, WITHOUT_TABLES, compiled("bare", "-g:none", false)));
        wrong.addAll(compared(jdk, examples, WITH_OTHER, compiled("other", "-g", true)));
        assertEquals(List.of(), wrong, () -> String.join("\n", wrong));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("names for an editor, and the lines of what would be woven, come from the loaded classes")
    void completesAndExplains(Jdk jdk) throws IOException {
        Path classes = compiled("names", "-g", false);
        try (Jvm jvm = Jvm.of(jdk, Holder.class).classPath(Jvm.testClasses(), classes)
                .arguments("com.acme.Bank", "com.acme.Bank$Worker", "java.util.Vector").withAgent().start()) {
            jvm.awaitOutput("ready");
            AgentClient agent = new AgentClient(jvm);
            assertEquals(List.of("com.acme.Bank", "com.acme.Bank$Worker"), agent.complete("Ban"));
            assertEquals(List.of("com.acme.Bank$Worker"), agent.complete("com.acme.Bank.W"));
            assertEquals(
                    List.of("com.acme.Bank#transfer", "com.acme.Bank#transfer(com.acme.Account,com.acme.Account,long)",
                            "com.acme.Bank#transfer(com.acme.Account,long)"),
                    agent.complete("com.acme.Bank#tr"));
            assertEquals(List.of(), agent.complete("Vecto"), "the JDK's only with their package");
            assertTrue(agent.complete("java.util.Vecto").contains("java.util.Vector"));
            assertEquals(List.of(), agent.complete("java.lang.StringBuilder"), "hooks depend on it, so no filter may");
            assertEquals(List.of("com.acme.Bank:29"), agent.complete("com.acme.Bank:29"), "a line that has code");
            assertEquals("this\tBank", agent.complete("com.acme.Bank#transfer by th").get(0), "a key, with its type");
            String pinned = agent.pin("atomic { com.acme.Bank:29 ; com.acme.Bank:33 } // mine\n");
            assertTrue(pinned.startsWith("atomic { com.acme.Bank:29 ; com.acme.Bank:33 } // mine\npin com.acme.Bank#"), pinned);
            assertEquals(pinned, agent.pin(pinned), "the pins that are there are written anew");
            assertNull(agent.check(pinned).get("state"), "the checker accepts them");
            assertThrows(IllegalArgumentException.class, () -> agent.pin("atomic com.acme.Bank#nowhere"));
            String explained = agent.explain("atomic { com.acme.Bank:29 ; com.acme.Bank:33 }");
            assertTrue(explained.contains("      29 | enter 1 | in the way |"), explained);
            assertTrue(explained.contains("      33 | leave 1 | in the way | returns"), explained);
            assertEquals(0, agent.faults());
        }
    }

    private List<String> compared(Jdk jdk, Map<String, Matcher> examples, Set<String> codes, Path classes) throws IOException {
        List<String> names;
        try (Stream<Path> files = Files.walk(classes)) {
            names = files.filter(f -> f.toString().endsWith(".class"))
                    .map(f -> classes.relativize(f).toString().replace(".class", "").replace('/', '.').replace('\\', '.'))
                    .collect(Collectors.toCollection(ArrayList::new));
        }
        List<String> wrong = new ArrayList<>();
        names.add("com.acme.Counter"); // which the Kotlin compiler has put beside the tests
        try (Jvm jvm = Jvm.of(jdk, Holder.class).classPath(Jvm.testClasses(), classes).arguments(names.toArray(String[]::new)).withAgent().start()) {
            jvm.awaitOutput("ready");
            AgentClient agent = new AgentClient(jvm);
            for (String code : codes) {
                List<String> shown = shown(examples.get(code).group(2));
                List<String> said = said(agent.check(examples.get(code).group(1)), code);
                if (!said.equals(shown)) {
                    wrong.add(code + " is shown as " + shown + ", and said as " + said);
                }
            }
            assertEquals(0, agent.faults());
        }
        return wrong;
    }

    /** Line, column, severity, message and hint of each remark in the text of a page. */
    private static List<String> shown(String text) {
        List<String> shown = new ArrayList<>();
        for (String line : text.lines().toList()) {
            Matcher said = SAID.matcher(line);
            if (said.matches()) {
                shown.add(said.group(1) + ":" + said.group(2) + " " + said.group(3) + " " + said.group(5));
            } else if (line.startsWith("      = ")) {
                shown.set(shown.size() - 1, shown.get(shown.size() - 1) + " = " + line.substring(8));
            }
        }
        return shown;
    }

    private static List<String> said(CompositeData status, String code) {
        return Arrays.stream((CompositeData[]) status.get("diagnostics"))
                .filter(d -> d.get("code").equals(code))
                .map(d -> d.get("line") + ":" + d.get("column") + " " + d.get("severity").toString().toLowerCase() + " " + d.get("message")
                        + (d.get("hint").equals("") ? "" : " = " + d.get("hint")))
                .toList();
    }

    /** The first example of each page about classes: its filter, and what is said. */
    private static Map<String, Matcher> examples() throws IOException {
        Map<String, Matcher> examples = new TreeMap<>();
        try (Stream<Path> pages = Files.list(DOCS)) {
            for (Path page : pages.filter(p -> p.getFileName().toString().compareTo("LOOM-020") >= 0).toList()) {
                Matcher example = EXAMPLE.matcher(Files.readString(page));
                if (example.find() && page.getFileName().toString().startsWith("LOOM-")) {
                    examples.put(page.getFileName().toString().replace(".md", ""), example);
                }
            }
        }
        return examples;
    }

    private Path compiled(String name, String debug, boolean other) throws IOException {
        Path sources = Files.createDirectories(directory.resolve(name + "-src"));
        Path classes = Files.createDirectories(directory.resolve(name));
        String ledger = Pattern.compile("\\{(\\S+)\\*(\\d+)}").matcher(Files.readString(SOURCES.resolve("Ledger.java.txt")))
                .replaceAll(m -> m.group(1).repeat(Integer.parseInt(m.group(2))));
        List<String> arguments = new ArrayList<>(List.of(debug, "--release", "17", "-d", classes.toString()));
        arguments.add(Files.copy(SOURCES.resolve("Bank.java"), sources.resolve("Bank.java")).toString());
        arguments.add(Files.writeString(sources.resolve("Ledger.java"), ledger).toString());
        arguments.add(Files.copy(SOURCES.resolve("Rates.java"), sources.resolve("Rates.java")).toString());
        if (other) {
            arguments.add(Files.writeString(Files.createDirectories(sources.resolve("other")).resolve("Bank.java"), OTHER).toString());
        }
        assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new)));
        return classes;
    }
}
