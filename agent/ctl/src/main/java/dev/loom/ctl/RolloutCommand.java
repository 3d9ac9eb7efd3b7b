package dev.loom.ctl;

import dev.loom.ctl.console.ConsoleLink;
import dev.loom.ctl.console.Deployment;
import dev.loom.ctl.failure.CommandFailure;
import dev.loom.ctl.failure.ExitStatus;
import java.util.Set;
import java.util.function.Predicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "rollout", description = "Show a deployment of a console, wait for it, or act on it.")
final class RolloutCommand extends ConsoleCommand {

    private static final Set<String> LEAVING = Set.of("abort", "disable");
    private static final Set<String> GOING_ON = Set.of("pause", "resume", "approve", "promote", "observe");

    @Parameters(index = "0", paramLabel = "ACT",
            description = "status, pause, resume, approve, promote, observe, abort, or disable.")
    private String act;

    @Parameters(index = "1", paramLabel = "ID", description = "Number of the deployment.")
    private long id;

    @Option(names = "--wait", paramLabel = "SECONDS",
            description = "Wait until it is in force in all its JVMs and all steps are done; for abort and disable, until it is taken back.")
    private double wait;

    @Override
    double seconds() {
        return wait;
    }

    @Override
    void requireSense() {
        if (!act.equals("status") && !LEAVING.contains(act) && !GOING_ON.contains(act)) {
            throw CommandFailure.usage("there is no rollout " + act, "status, pause, resume, approve, promote, observe, abort or disable");
        }
    }

    @Override
    int run(ConsoleLink console, DeploymentWait waiting) {
        return waiting.within(() -> ask(console, waiting));
    }

    private int ask(ConsoleLink console, DeploymentWait waiting) {
        if (act.equals("disable")) {
            console.disable(id);
        } else if (!act.equals("status")) {
            console.act(id, act);
        }
        boolean leaving = LEAVING.contains(act);
        Predicate<Deployment> done = leaving ? Deployment::isDisabled : act.equals("observe") ? Deployment::isObserving : Deployment::isEnabled;
        int status = waiting.follow(console, console.deployment(id, 0), done);
        return wait > 0 || leaving ? status : ExitStatus.DONE; // who does not wait asked for no state
    }
}
