package dev.loom.ctl;

import dev.loom.ctl.attach.AttachedJvm;
import dev.loom.ctl.failure.CommandFailure;
import dev.loom.ctl.failure.ExitStatus;
import dev.loom.ctl.output.Printer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(name = "attach", description = "Put the agent into a JVM of this machine that runs without it.",
        footer = {"", "OPTIONS are those of -javaagent, such as include=com.acme.** name=shop. A frame that ran before the attach cannot",
            "be moved into new code; status shows it as a straggler until it returns. Started with -javaagent, all can."})
final class AttachCommand implements Callable<Integer> {

    /** Options whose value is a path: relative to where this tool runs, not to where the JVM does. */
    private static final Set<String> PATHS = Set.of("filters", "token-file", "jmx.config", "log");

    @ParentCommand
    private LoomCtl tool;

    @Mixin
    private CommonOptions common;

    @Parameters(index = "0", paramLabel = "PID", description = "The JVM; jvms lists them.")
    private String pid;

    @Parameters(index = "1..*", paramLabel = "OPTION=VALUE", description = "Options of the agent.")
    private List<String> options = new ArrayList<>();

    @Override
    public Integer call() {
        Printer printer = common.printer();
        if (!pid.matches("\\d{1,18}")) {
            throw CommandFailure.usage("'" + pid + "' is not a pid", "'jvms' lists the JVMs of this machine");
        }
        try (AttachedJvm jvm = AttachedJvm.attach(Long.parseLong(pid))) {
            Properties properties = jvm.properties();
            String there = jvm.agentVersion();
            if (!there.isEmpty()) {
                return report(printer, "ALREADY_ATTACHED", there, "Loom " + there + " is already in process " + pid
                        + (there.equals(tool.version()) ? "." : "; to change to " + tool.version() + ", detach it first."));
            }
            checkJava(properties, jvm, printer);
            jvm.load(tool.agentJar(), String.join(",", options.stream().map(AttachCommand::absolute).toList()));
            String error = jvm.startError();
            if (!error.isEmpty()) {
                throw CommandFailure.failed("the agent did not start in process " + pid + ": " + error, "");
            }
            if (jvm.agentVersion().isEmpty()) {
                throw CommandFailure.failed("the agent did not start in process " + pid,
                        "the process has printed the reason on its stderr; it may have a security manager that does not let the agent work");
            }
            return report(printer, "ATTACHED", jvm.agentVersion(), "Loom " + jvm.agentVersion() + " is in process " + pid + ".");
        }
    }

    private void checkJava(Properties properties, AttachedJvm jvm, Printer printer) {
        int feature;
        try {
            feature = Integer.parseInt(properties.getProperty("java.specification.version", "0").replaceFirst("^1\\.", ""));
        } catch (NumberFormatException e) {
            return;
        }
        if (feature < 17) {
            throw CommandFailure.failed("process " + pid + " runs Java " + feature + "; Loom needs 17 or later", "");
        }
        if (feature >= 21 && !jvm.expectsAgents()) {
            printer.note("Java " + feature + " will print a warning that an agent was loaded while it runs (JEP 451); start it with"
                    + " -XX:+EnableDynamicAgentLoading or -javaagent to avoid that.");
        }
    }

    private Integer report(Printer printer, String state, String version, String sentence) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("pid", Long.parseLong(pid));
        json.put("state", state);
        json.put("version", version);
        printer.json(json);
        printer.line(sentence);
        return ExitStatus.DONE;
    }

    private static String absolute(String option) {
        int equals = option.indexOf('=');
        if (equals < 0 || !PATHS.contains(option.substring(0, equals)) || equals + 1 == option.length()) {
            return option;
        }
        String value = option.substring(equals + 1);
        return value.startsWith("stderr") ? option : option.substring(0, equals + 1) + Path.of(value).toAbsolutePath().normalize();
    }
}
