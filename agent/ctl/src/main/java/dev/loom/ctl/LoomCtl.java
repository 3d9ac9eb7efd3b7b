package dev.loom.ctl;

import dev.loom.ctl.failure.CommandFailure;
import dev.loom.ctl.failure.ExitStatus;
import dev.loom.ctl.output.Json;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** The control tool. */
@Command(
        name = "java -jar loom-agent.jar",
        description = {"Installs execution filters in running JVMs, which bypass races until a fix is rolled out.", ""},
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "", "TARGET is a pid, host:port, or a JMX service URL.",
            "", "Exit status: 0 done; 1 the filter was rejected or the operation failed; 2 wrong usage; 3 not done within --wait;",
            "4 target or console not reachable."
        })
public final class LoomCtl implements Runnable {

    /** In the order in which help lists them. */
    private static final List<String> COMMANDS = List.of(
            "jvms", "attach", "add", "list", "status", "accept", "cancel", "delete", "detach", "doctor", "check", "explain", "weave", "find",
            "suggest", "deploy", "rollout", "completion", "help");

    /** What picocli can make of an argument and no option of ours is: to find that out it would load these packages. */
    private static final String UNUSED_TYPES = "java\\.(sql|time)\\..*";

    private final Path agentJar;
    private final String version;
    private final long startedNanos;

    @Spec
    private CommandSpec command;

    LoomCtl(Path agentJar, String version) {
        this(agentJar, version, System.nanoTime());
    }

    private LoomCtl(Path agentJar, String version, long startedNanos) {
        this.agentJar = agentJar;
        this.version = version;
        this.startedNanos = startedNanos;
    }

    /**
     * Runs one command. Called by the launcher by reflection.
     *
     * @param agentJar the jar that this tool came in
     * @param version its version
     * @return the exit status
     */
    public static int run(String agentJar, String version, String[] arguments) {
        return run(
                new LoomCtl(Path.of(agentJar).toAbsolutePath(), version, startOfProcess()),
                new PrintWriter(System.out, true),
                new PrintWriter(System.err, true),
                arguments);
    }

    /** On a busy machine the JVM itself may have taken seconds to come here. */
    private static long startOfProcess() {
        long age = ProcessHandle.current().info().startInstant()
                .map(start -> Duration.between(start, Instant.now()).toNanos())
                .orElse(0L);
        return System.nanoTime() - Math.max(0, age);
    }

    static int run(LoomCtl tool, PrintWriter out, PrintWriter err, String... arguments) {
        System.setProperty("picocli.converters.excludes", UNUSED_TYPES);
        CommandLine line = tool.with(commands(arguments));
        line.setOut(out);
        line.setErr(err);
        line.setParameterExceptionHandler(LoomCtl::wrongUsage);
        line.setExecutionExceptionHandler(LoomCtl::failed);
        int status = line.execute(arguments);
        out.flush();
        err.flush();
        return status;
    }

    private CommandLine with(List<Class<?>> commands) {
        CommandLine line = new CommandLine(this);
        commands.forEach(line::addSubcommand);
        line.getCommandSpec().version(version).addOption(OptionSpec.builder("--version").versionHelp(true)
                .description("Print the version.").build());
        helpOption(line);
        line.getSubcommands().values().forEach(LoomCtl::helpOption);
        return line;
    }

    /** What a shell may complete. */
    CommandLine withAllCommands() {
        return with(commands());
    }

    private static void helpOption(CommandLine line) {
        if (!(line.getCommand() instanceof HelpCommand)) {
            line.getCommandSpec().addOption(OptionSpec.builder("-h", "--help").usageHelp(true).description("Show this help.").build());
        }
    }

    /** The command that is given, as reading what the others take would cost more than most commands; all of them where it is none. */
    private static List<Class<?>> commands(String... arguments) {
        String first = arguments.length == 0 ? "" : arguments[0];
        List<Class<?>> commands = new ArrayList<>();
        for (String name : COMMANDS.contains(first) && !first.equals("help") ? List.of(first) : COMMANDS) {
            commands.add(command(name));
        }
        return commands;
    }

    /** By name, as to read it off the class would load all of them. */
    private static Class<?> command(String name) {
        return switch (name) {
            case "jvms" -> JvmsCommand.class;
            case "attach" -> AttachCommand.class;
            case "add" -> AddCommand.class;
            case "list" -> ListCommand.class;
            case "status" -> StatusCommand.class;
            case "accept" -> AcceptCommand.class;
            case "cancel" -> CancelCommand.class;
            case "delete" -> DeleteCommand.class;
            case "detach" -> DetachCommand.class;
            case "doctor" -> DoctorCommand.class;
            case "check" -> CheckCommand.class;
            case "explain" -> ExplainCommand.class;
            case "weave" -> WeaveCommand.class;
            case "find" -> FindCommand.class;
            case "suggest" -> SuggestCommand.class;
            case "deploy" -> DeployCommand.class;
            case "rollout" -> RolloutCommand.class;
            case "completion" -> CompletionCommand.class;
            case "help" -> HelpCommand.class;
            default -> throw new IllegalArgumentException(name);
        };
    }

    /** Without a command. */
    @Override
    public void run() {
        throw new ParameterException(command.commandLine(), "no command is given");
    }

    Path agentJar() {
        return agentJar;
    }

    String version() {
        return version;
    }

    /** When the tool was started, by {@link System#nanoTime}: a command's time limit runs from there. */
    long startedNanos() {
        return startedNanos;
    }

    private static int wrongUsage(ParameterException e, String[] arguments) {
        CommandLine line = e.getCommandLine();
        line.getErr().println("loom: " + e.getMessage());
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(e, line.getErr())) {
            line.usage(line.getErr());
        }
        return ExitStatus.USAGE;
    }

    private static int failed(Exception e, CommandLine line, ParseResult result) {
        CommandFailure failure = e instanceof CommandFailure known
                ? known
                : CommandFailure.failed("a fault in this tool: " + e, "");
        boolean json = line.getParseResult().hasMatchedOption("--json");
        if (json) {
            Map<String, Object> error = new LinkedHashMap<>();
            error.put("error", failure.getMessage());
            error.put("hint", failure.hint());
            line.getOut().println(Json.write(error));
        }
        line.getErr().println("loom: " + failure.getMessage());
        if (!failure.hint().isEmpty()) {
            line.getErr().println("      " + failure.hint());
        }
        if (!(e instanceof CommandFailure)) {
            e.printStackTrace(line.getErr());
        }
        return failure.status();
    }
}
