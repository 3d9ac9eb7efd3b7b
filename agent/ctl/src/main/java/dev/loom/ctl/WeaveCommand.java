package dev.loom.ctl;

import dev.loom.ctl.failure.CommandFailure;
import dev.loom.ctl.failure.ExitStatus;
import dev.loom.ctl.output.Printer;
import dev.loom.filter.classes.JarClasses;
import dev.loom.filter.prepare.Preparation;
import dev.loom.filter.prepare.Tally;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "weave",
        description = "Prepare classes before they are deployed, so that a JVM has nothing to prepare when it loads them.",
        footer = {"", "Signed jars stay as they are. With --check, exit status 1 says that something is not prepared."})
final class WeaveCommand implements Callable<Integer> {

    /** What prepared classes need on the class path where no agent is; the agent's jar has it inside. */
    private static final String RUNTIME = "loom-runtime.jar";

    @Mixin
    private CommonOptions common;

    @Parameters(arity = "1..*", paramLabel = "JAR", description = "Jars, Spring Boot jars, directories of classes.")
    private List<Path> inputs = new ArrayList<>();

    @Option(names = "--output", paramLabel = "DIR", defaultValue = "woven",
            description = "Where to write them, each under its name (default: ${DEFAULT-VALUE}).")
    private Path output;

    @Option(names = "--check", description = "Write nothing; say how many classes are prepared.")
    private boolean check;

    @Option(names = "--all",
            description = "Also methods whose loops are brief. The agent gives them update points when a filter needs them; only a frame that is in"
                    + " such a loop by then cannot move.")
    private boolean all;

    @Option(names = "--remove-signatures", description = "Prepare signed jars too; they lose their signatures.")
    private boolean removeSignatures;

    @Override
    public Integer call() {
        Printer printer = common.printer();
        Map<Path, Path> places = places();
        List<Object> results = new ArrayList<>();
        int unprepared = 0;
        try (JarClasses classes = JarClasses.open(List.copyOf(places.keySet()))) {
            Map<String, byte[]> runtime = runtime();
            Preparation preparation = new Preparation(classes, all, removeSignatures, runtime);
            boolean isBeside = false;
            for (Map.Entry<Path, Path> place : places.entrySet()) {
                Tally tally = prepare(preparation, place.getKey(), check ? null : place.getValue());
                unprepared += tally.done() + tally.otherVersion().size();
                isBeside |= !tally.isWithRuntime();
                results.add(result(place, tally));
                show(printer, place, tally);
            }
            if (!check && isBeside && !runtime.isEmpty()) {
                writeRuntime();
                printer.line(output.resolve(RUNTIME) + ": put it on the class path where the application runs without the agent");
            }
        } catch (IOException e) {
            throw CommandFailure.failed(e.getMessage(), "");
        }
        if (printer.isJson()) {
            printer.json(results);
        }
        return check && unprepared > 0 ? ExitStatus.FAILED : ExitStatus.DONE;
    }

    /** Where each input goes. */
    private Map<Path, Path> places() {
        Map<Path, Path> places = new LinkedHashMap<>();
        for (Path input : inputs) {
            if (!Files.isReadable(input)) {
                throw CommandFailure.failed(input + " does not exist or cannot be read", "");
            }
            Path from = input.toAbsolutePath().normalize();
            Path to = output.toAbsolutePath().normalize().resolve(from.getFileName());
            if (!check && isSame(from, to)) {
                throw CommandFailure.usage("--output " + output + " is where " + input + " is, which is never written to", "name another directory");
            }
            if (!check && Files.isDirectory(from) && to.startsWith(from)) {
                throw CommandFailure.usage("--output " + output + " is inside of " + input, "name another directory");
            }
            if (!check && places.containsValue(to)) {
                throw CommandFailure.usage("two of the inputs are called " + from.getFileName(), "give them different directories, one at a time");
            }
            places.put(from, to);
        }
        return places;
    }

    private static boolean isSame(Path from, Path to) {
        try {
            return from.equals(to) || Files.exists(to) && Files.isSameFile(from, to);
        } catch (IOException e) {
            return false;
        }
    }

    private Tally prepare(Preparation preparation, Path from, Path to) throws IOException {
        if (Files.isDirectory(from)) {
            return preparation.directory(from, to);
        }
        if (to != null && !removeSignatures && Preparation.isSigned(from)) {
            throw CommandFailure.failed(from.getFileName() + " is signed: its signatures would not hold over prepared classes",
                    "leave it as it is, or prepare it with --remove-signatures and sign it again");
        }
        return preparation.jar(from, to);
    }

    /** Empty in a tool that has not come in the agent's jar. */
    private static Map<String, byte[]> runtime() throws IOException {
        try (InputStream in = WeaveCommand.class.getResourceAsStream("/" + RUNTIME)) {
            return in == null ? Map.of() : Preparation.runtime(in);
        }
    }

    private void writeRuntime() throws IOException {
        try (InputStream in = WeaveCommand.class.getResourceAsStream("/" + RUNTIME)) {
            Files.copy(in, output.resolve(RUNTIME), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private void show(Printer printer, Map.Entry<Path, Path> place, Tally tally) {
        Path name = place.getKey().getFileName();
        printer.line(check
                ? name + ": " + tally.already() + " classes prepared, " + tally.done() + " not, " + tally.otherVersion().size()
                        + " by another version, " + tally.notNeeded() + " need nothing, " + tally.left().size() + " cannot be prepared"
                : name + ": prepared " + tally.done() + " classes; " + tally.already() + " were, " + tally.notNeeded() + " need nothing -> "
                        + output.resolve(name));
        tally.otherVersion().forEach(one -> printer.line("  left as it is: " + one + ", of another version of Loom; prepare the original"));
        tally.left().forEach(one -> printer.line("  left as it is: " + one));
        tally.signed().forEach(one -> printer.line("  left as it is: " + one + ": it is signed (--remove-signatures prepares it)"));
        tally.modules().forEach(one -> printer.line("  a module: " + one + "; without the agent, start it with --add-reads MODULE=ALL-UNNAMED"));
    }

    private Map<String, Object> result(Map.Entry<Path, Path> place, Tally tally) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("input", place.getKey().toString());
        result.put("output", check ? null : place.getValue().toString());
        result.put(check ? "unprepared" : "prepared", tally.done());
        result.put(check ? "prepared" : "preparedBefore", tally.already());
        result.put("notNeeded", tally.notNeeded());
        result.put("otherVersion", tally.otherVersion());
        result.put("left", tally.left());
        result.put("signed", tally.signed());
        result.put("modules", tally.modules());
        return result;
    }
}
