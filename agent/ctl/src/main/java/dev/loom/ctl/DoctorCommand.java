package dev.loom.ctl;

import dev.loom.ctl.attach.Examination;
import dev.loom.ctl.attach.Examination.Finding;
import dev.loom.ctl.attach.Examination.Result;
import dev.loom.ctl.failure.CommandFailure;
import dev.loom.ctl.failure.ExitStatus;
import dev.loom.ctl.output.FilterReport;
import dev.loom.ctl.output.Printer;
import dev.loom.ctl.target.AgentLink;
import dev.loom.ctl.target.JvmFilter;
import dev.loom.ctl.target.TargetAddress;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "doctor", description = "Find out what keeps Loom from working here, or in a JVM, and say what to do about it.")
final class DoctorCommand implements Callable<Integer> {

    @picocli.CommandLine.ParentCommand
    private LoomCtl tool;

    @Mixin
    private CommonOptions common;

    @Mixin
    private TargetOptions access;

    @Parameters(index = "0", arity = "0..1", paramLabel = "TARGET", description = "pid, host:port or JMX service URL.")
    private String target;

    private final List<Finding> findings = new ArrayList<>();
    private boolean reached = true;

    @Override
    public Integer call() {
        Printer printer = common.printer();
        tool();
        if (target != null) {
            TargetAddress parsed = TargetAddress.parse(target);
            boolean open = true;
            if (parsed instanceof TargetAddress.Pid pid) {
                open = examine(pid);
            }
            if (open) {
                agent(parsed);
            }
        }
        printer.json(findings.stream().map(DoctorCommand::json).toList());
        for (Finding finding : findings) {
            printer.line(String.format("%-4s  %s: %s", finding.result(), finding.what(), finding.detail()));
            if (!finding.hint().isEmpty()) {
                printer.line("      " + finding.hint());
            }
        }
        if (!reached) {
            return ExitStatus.UNREACHABLE;
        }
        return findings.stream().anyMatch(finding -> finding.result() == Result.FAIL) ? ExitStatus.FAILED : ExitStatus.DONE;
    }

    private void tool() {
        add(Result.OK, "this tool", "Loom " + tool.version() + " on Java " + System.getProperty("java.version") + " as user "
                + System.getProperty("user.name"), "");
        boolean attach = ModuleLayer.boot().findModule("jdk.attach").isPresent();
        add(attach ? Result.OK : Result.FAIL, "Attach API", attach ? "there" : "missing (module jdk.attach)",
                attach ? "" : "run the tool with a JDK to reach JVMs by their pid; host:port works without");
        boolean readable = Files.isReadable(tool.agentJar());
        add(readable ? Result.OK : Result.FAIL, "agent jar", tool.agentJar().toString(), readable ? "" : "it cannot be read");
    }

    /** Whether it is worth trying to connect. */
    private boolean examine(TargetAddress.Pid pid) {
        Examination examination = Examination.of(pid.pid());
        findings.addAll(examination.findings());
        reached = examination.isReachable();
        return reached && examination.hasAgent();
    }

    private void agent(TargetAddress parsed) {
        try (AgentLink agent = access.open(parsed)) {
            add(Result.OK, "JMX", "answers", "");
            if (!agent.hasAgent()) {
                CommandFailure none = agent.noAgent();
                add(Result.FAIL, "agent", none.getMessage(), none.hint());
                return;
            }
            String version = String.valueOf(agent.agent("Version"));
            add(version.equals(tool.version()) ? Result.OK : Result.WARN, "agent", version + ", " + agent.agent("Mode"),
                    version.equals(tool.version()) ? "" : "this tool is " + tool.version() + "; use the one that came with the agent");
            long faults = agent.agent("AgentFaults") instanceof Number n ? n.longValue() : 0;
            add(faults == 0 ? Result.OK : Result.WARN, "faults of the agent", Long.toString(faults),
                    faults == 0 ? "" : "the application is not affected; the agent's log says what happened, please report it");
            add(Result.OK, "instrumented", agent.agent("InstrumentedMethods") + " methods of " + agent.agent("InstrumentedClasses")
                    + " classes" + FilterReport.unprepared(agent.unpreparedClasses()), "");
            hidden(agent.agent("SkippedMethods"));
            for (JvmFilter filter : agent.filters()) {
                boolean bad = filter.state().equals("FAILED") || filter.isHarmful();
                add(bad ? Result.WARN : Result.OK, "filter " + filter.name(), filter.state() + (filter.isHarmful() ? ", harmful" : ""),
                        bad ? "see: status " + agent.argument() + " \"" + filter.name() + "\"" : "");
            }
            Examination.surroundings(agent.systemProperties()).forEach(findings::add);
        } catch (CommandFailure e) {
            reached = e.status() != ExitStatus.UNREACHABLE;
            add(Result.FAIL, "JMX", e.getMessage(), e.hint());
        }
    }

    /** Classes whose loader hides what woven code calls. */
    private void hidden(Object skipped) {
        if (!(skipped instanceof List<?> rows)) {
            return;
        }
        for (Object row : rows) {
            if (row instanceof Map<?, ?> reason && String.valueOf(reason.get("reason")).startsWith("the class loader does not let")) {
                add(Result.FAIL, "class loaders", reason.get("count") + " classes stay as they are, for " + reason.get("reason"),
                        "OSGi: -Dorg.osgi.framework.bootdelegation=dev.loom.bootstrap; JBoss Modules: "
                                + "-Djboss.modules.system.pkgs=dev.loom.bootstrap (keep what is in there already)");
            }
        }
    }

    private void add(Result result, String what, String detail, String hint) {
        findings.add(new Finding(result, what, detail, hint));
    }

    private static Map<String, Object> json(Finding finding) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("check", finding.what());
        json.put("result", finding.result().name());
        json.put("detail", finding.detail());
        json.put("hint", finding.hint());
        return json;
    }
}
