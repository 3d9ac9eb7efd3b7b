package dev.loom.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * Runs JVMs in turn and prints ratios: {@code Compare SUITE ROUNDS AGENT_JAR [CONSOLE_JAR]}. In each round every variant runs once, the
 * first one again at the end: the last column is what a ratio of two equal things looked like.
 */
public final class Compare {

    private static final List<String> WORKLOADS =
            List.of(System.getProperty("benchmark.workloads", String.join(",", IdleSuite.ALL)).split(","));

    /** Those in which races are looked for. */
    private static final List<String> APPLICATIONS = List.of("h2", "tomcat", "lucene", "jackson", "netty");

    /** The programs of start, empty: all; and the variants beside plain. */
    private static final List<String> PROGRAMS = words("benchmark.programs");

    private static final List<String> WANTED = words("benchmark.variants");

    private static final String ALONE = """
            filter "alone" {
                dev.loom.benchmarks.Locks#monitor <> *
            }
            """;

    private final int rounds;
    private final Path agent;
    private final Path scratch;
    private final Turns turns;
    private final Forks forks;
    private final String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private Compare(int rounds, Path agent) throws IOException {
        this.rounds = rounds;
        this.agent = agent.toAbsolutePath();
        scratch = Files.createTempDirectory("loom-benchmarks");
        turns = new Turns(rounds);
        forks = new Forks(this.agent, scratch);
    }

    private static List<String> words(String property) {
        String words = System.getProperty(property, "");
        return words.isEmpty() ? List.of() : List.of(words.split(","));
    }

    private interface Run {
        double run() throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        Compare compare = new Compare(Integer.parseInt(arguments[1]), Path.of(arguments[2]));
        System.out.println("JDK " + Runtime.version() + ", " + Runtime.getRuntime().availableProcessors() + " processors, "
                + compare.rounds + " rounds; ratios are median (least to most)");
        System.out.println();
        switch (arguments[0]) {
            case "idle" -> compare.idle(WORKLOADS);
            case "lock" -> compare.lock();
            case "removal" -> new RemovalSuite(compare.turns, compare.forks).run();
            case "find" -> System.exit(new FindSuite(compare.turns, compare.forks).run(APPLICATIONS.stream().filter(WORKLOADS::contains).toList()) ? 0 : 1);
            case "poll" -> compare.poll(WORKLOADS);
            case "start" -> compare.start(Path.of(arguments[3]));
            default -> compare.idle(Arrays.asList(arguments[0].split(",")));
        }
    }

    private void idle(List<String> names) throws Exception {
        new IdleSuite(turns, forks).run(names);
    }

    /** All classes of the program have polls, and nobody ever enters the region. */
    private void poll(List<String> names) throws Exception {
        List<String> filtered = forks.filtered("alone", ALONE);
        System.out.println("| workload | agent without a filter, µs CPU a turn | with polls / without | without / without |");
        System.out.println("|---|---|---|---|");
        for (String name : names) {
            Map<String, Run> variants = new LinkedHashMap<>();
            variants.put("without", () -> fork(name, 1, List.of("-javaagent:" + agent)));
            variants.put("polls", () -> fork(name, 1, filtered));
            row(name, variants, 1e3);
        }
    }

    private void lock() throws Exception {
        new LockSuite(turns, forks).run();
    }

    /**
     * Programs that start, and what they pay: for Loom's agent, the same with a filled cache, prepared, with Loom's agent and without any;
     * for JaCoCo's, which changes each method, and for an agent that does nothing.
     */
    private void start(Path console) throws Exception {
        System.out.println("| program | plain, s CPU | agent / plain | agent with a filled cache / plain | prepared, agent / plain"
                + " | prepared, no agent / plain | JaCoCo / plain | an agent that does nothing / plain | plain / plain |");
        System.out.println("|---|---|---|---|---|---|---|---|---|");
        String plain = System.getProperty("java.class.path");
        String prepared = preparedClassPath();
        Path preparedConsole = prepare(List.of(console.toAbsolutePath().toString())).resolve(console.getFileName());
        started("hello world", "hello", (options, woven) -> run(options, woven ? prepared : plain, Hello.class.getName()));
        started("kotlinc, one file", "kotlinc", (options, woven) -> kotlinc(options, woven ? prepared : plain));
        started("the console (Spring Boot, Flyway, H2) until it is up", "console",
                (options, woven) -> startConsole(woven ? preparedConsole : console, options));
    }

    /** The class path of this process, with what can be prepared prepared, and the runtime for guards behind it. */
    private String preparedClassPath() throws Exception {
        List<String> entries = List.of(System.getProperty("java.class.path").split(File.pathSeparator));
        Path woven = prepare(entries);
        List<String> result = new ArrayList<>();
        for (String entry : entries) {
            Path there = woven.resolve(Path.of(entry).getFileName());
            result.add(Files.exists(there) ? there.toString() : entry);
        }
        result.add(woven.resolve("loom-runtime.jar").toString());
        return String.join(File.pathSeparator, result);
    }

    /** The directory in which jars and directories of classes are prepared. */
    private Path prepare(List<String> entries) throws Exception {
        Path woven = Files.createTempDirectory(scratch, "woven");
        List<String> command = new ArrayList<>(List.of(java, "-jar", agent.toString(), "weave", "--output", woven.toString()));
        command.addAll(entries);
        Path output = scratch.resolve("weave.txt");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
        if (!process.waitFor(5, TimeUnit.MINUTES) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IllegalStateException("weave failed:\n" + Files.readString(output));
        }
        return woven;
    }

    private interface Program {
        double run(List<String> options, boolean prepared) throws Exception;
    }

    private void started(String title, String name, Program program) throws Exception {
        if (!PROGRAMS.isEmpty() && !PROGRAMS.contains(name)) {
            return;
        }
        List<String> loom = List.of("-javaagent:" + agent);
        List<String> cached = List.of("-javaagent:" + agent + "=cache=" + scratch.resolve("cache-" + name));
        program.run(cached, false);
        Map<String, Run> variants = new LinkedHashMap<>();
        variants.put("plain", () -> program.run(List.of(), false));
        variants.put("agent", () -> program.run(loom, false));
        variants.put("cache", () -> program.run(cached, false));
        variants.put("prepared, agent", () -> program.run(loom, true));
        variants.put("prepared", () -> program.run(List.of(), true));
        variants.put("JaCoCo", () -> program.run(List.of("-javaagent:" + library("org.jacoco.agent") + "=output=none"), false));
        Path nothing = NothingAgent.jar(scratch);
        variants.put("nothing", () -> program.run(List.of("-javaagent:" + nothing), false));
        variants.keySet().removeIf(variant -> !variant.equals("plain") && !WANTED.isEmpty() && !WANTED.contains(variant));
        row(title, variants, 1);
    }

    private double kotlinc(List<String> options, String classPath) throws Exception {
        Path source = scratch.resolve("one.kt");
        Files.writeString(source, "fun main() { println(listOf(1, 2, 3).map { it * 2 }.sum()) }\n");
        return run(options, classPath, "org.jetbrains.kotlin.cli.jvm.K2JVMCompiler", "-no-stdlib", "-no-reflect", "-cp", library("kotlin-stdlib"), "-d",
                scratch.resolve("out").toString(), source.toString());
    }

    private static String library(String name) {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> Path.of(entry).getFileName().toString().matches(name + "-[0-9].*"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(name + " is not on the class path"));
    }

    /** CPU time of a program from start to end, s. */
    private double run(List<String> options, String classPath, String main, String... arguments) throws Exception {
        Path times = scratch.resolve("times.txt");
        List<String> command = new ArrayList<>(List.of("bash", "-c", "TIMEFORMAT='%U %S'; time \"$@\" >" + scratch.resolve("output.txt") + " 2>&1",
                "run", java));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath, main));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(times.toFile()).start();
        if (!process.waitFor(3, TimeUnit.MINUTES) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IllegalStateException(main + " failed:\n" + Files.readString(scratch.resolve("output.txt")));
        }
        String[] seconds = Files.readString(times).strip().split(" ");
        return Double.parseDouble(seconds[0]) + Double.parseDouble(seconds[1]);
    }

    private void row(String title, Map<String, Run> variants, double unit) throws Exception {
        Map<String, Callable<Double>> calls = new LinkedHashMap<>();
        variants.forEach((name, run) -> calls.put(name, run::run));
        System.out.println(turns.compare(calls).row(title, unit) + " |");
    }

    private double fork(String workload, int threads, List<String> options) throws Exception {
        return forks.run(Worker.class, options, workload, threads).get("NS");
    }

    /** CPU time of a process until it says that it has started, s. */
    private double startConsole(Path jar, List<String> options) throws Exception {
        Path data = Files.createTempDirectory(scratch, "data");
        List<String> command = new ArrayList<>(List.of(java));
        command.addAll(options);
        command.addAll(List.of("-jar", jar.toAbsolutePath().toString(), "--server.port=0", "--server.address=127.0.0.1", "--loom.data=" + data));
        File log = data.resolve("log.txt").toFile();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start();
        try {
            long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
            while (!Files.readString(log.toPath()).contains("Started ")) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    throw new IllegalStateException("the console did not start:\n" + Files.readString(log.toPath()));
                }
                Thread.sleep(20);
            }
            return process.info().totalCpuDuration().orElseThrow().toNanos() / 1e9;
        } finally {
            process.destroy();
            process.waitFor(30, TimeUnit.SECONDS);
        }
    }
}
