package dev.loom.ctl;

import dev.loom.ctl.failure.CommandFailure;
import dev.loom.ctl.failure.ExitStatus;
import dev.loom.ctl.output.FindReport;
import dev.loom.ctl.output.Printer;
import dev.loom.ctl.target.AgentLink;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "find", description = "Look for races in a running JVM: who collides with whom, and a filter for each.",
        footer = {"", "PATTERN is com.acme.** or com.acme.Bank. What is found was seen: two threads about to use one object at the same",
            "moment, one of them to change it. Ctrl-C ends the search; what was woven for it is gone then."})
final class FindCommand extends AgentCommand {

    private static final long LOOK_MILLIS = 500;
    /** For the end of the search itself: the classes are retransformed, and filters proposed, ms. */
    private static final long PATIENCE_MILLIS = 60_000;

    @Option(names = "--classes", arity = "1..*", required = true, paramLabel = "PATTERN", description = "Classes to watch.")
    private List<String> classes;

    @Option(names = "--for", paramLabel = "TIME", defaultValue = "60s", description = "How long: 60s, 5m (default: 60s).")
    private String time;

    @Option(names = "--budget", paramLabel = "PERCENT", defaultValue = "3%",
            description = "Of the time, what the search may take (default: 3%%).")
    private String budget;

    @Override
    int ask(AgentLink agent, Printer printer) {
        if (!time.matches("[0-9]+ *[smh]?")) {
            throw CommandFailure.usage("--for " + time + " is no time", "write a whole number and s, m or h, as in 60s");
        }
        if (!budget.matches("[0-9]+(\\.[0-9]+)? *%?")) {
            throw CommandFailure.usage("--budget " + budget + " is no percentage", "write a number, as in 3 or 3%");
        }
        Map<String, Object> status = agent.find(String.join(";", classes), "for=" + time + ",budget=" + budget);
        printer.note("looking for races in " + status.get("classes") + ": " + status.get("places") + " places in " + status.get("watchedClasses")
                + " classes, until " + time + " are over");
        Thread interrupted = new Thread(() -> end(agent), "stop-finding");
        Runtime.getRuntime().addShutdownHook(interrupted);
        try {
            status = await(agent, status);
        } finally {
            forget(interrupted);
        }
        printer.json(status);
        FindReport.print(status, printer);
        return ExitStatus.DONE;
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // Ctrl-C: it runs
        }
    }

    private static void end(AgentLink agent) {
        try {
            agent.stopFinding();
        } catch (CommandFailure e) {
            // it ends by itself when its time is over
        }
    }

    private static Map<String, Object> await(AgentLink agent, Map<String, Object> begun) {
        long end = System.nanoTime() + (((Number) begun.get("forMillis")).longValue() + PATIENCE_MILLIS) * 1_000_000;
        try {
            while (System.nanoTime() - end < 0) {
                Thread.sleep(LOOK_MILLIS);
                Map<String, Object> status = agent.findStatus();
                if (!"FINDING".equals(status.get("state"))) {
                    return status;
                }
            }
            return agent.stopFinding();
        } catch (InterruptedException e) {
            throw CommandFailure.failed("interrupted", "the search ends by itself when its time is over");
        }
    }
}
