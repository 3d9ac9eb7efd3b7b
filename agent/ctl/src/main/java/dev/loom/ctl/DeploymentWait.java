package dev.loom.ctl;

import dev.loom.ctl.console.ConsoleLink;
import dev.loom.ctl.console.Deployment;
import dev.loom.ctl.failure.CommandFailure;
import dev.loom.ctl.failure.ExitStatus;
import dev.loom.ctl.output.Printer;
import java.util.concurrent.Callable;
import java.util.function.Predicate;

/** Follows a deployment until it is at rest, shows each step, and makes the exit status of it. The time runs from the start of the tool. */
final class DeploymentWait {

    /** Longest that one request waits in the console, s. */
    private static final int LONGEST_REQUEST = 10;

    private static final long PAUSE_MILLIS = 300;

    private final Printer printer;
    private final TimeLimit limit;

    DeploymentWait(Printer printer, double seconds, long startedNanos) {
        this.printer = printer;
        limit = TimeLimit.of(seconds, startedNanos);
    }

    /** Runs all that a command asks the console, and ends it when its time is over, also if the console does not answer. */
    int within(Callable<Integer> command) {
        return limit.run(command, () -> {
            throw CommandFailure.notWithinWait("no answer from the console in time", "what it was asked for may go on: look with 'rollout status ID'");
        });
    }

    /** Waits, prints the deployment and returns the exit status: {@code done} is what the command is for. */
    int follow(ConsoleLink console, Deployment first, Predicate<Deployment> done) {
        Deployment now = first;
        String shown = "";
        while (now.isAtWork() && limit.isLeft()) {
            String line = DeploymentReport.summary(now);
            if (!line.equals(shown)) {
                printer.note(line);
                shown = line;
            }
            long left = (limit.deadline() - System.nanoTime()) / 1_000_000_000L;
            now = console.deployment(now.id(), (int) Math.max(0, Math.min(LONGEST_REQUEST, left)));
            if (now.isAtWork()) {
                pause(); // a roll-out between two steps is at rest to the console, and is asked for again
            }
        }
        DeploymentReport.print(now, printer);
        if (done.test(now)) {
            return ExitStatus.DONE;
        }
        if (now.isAtWork()) {
            return limit.seconds() > 0 ? ExitStatus.NOT_WITHIN_WAIT : ExitStatus.DONE;
        }
        return ExitStatus.FAILED;
    }

    private void pause() {
        try {
            Thread.sleep(Math.max(1, Math.min(PAUSE_MILLIS, (limit.deadline() - System.nanoTime()) / 1_000_000)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandFailure.failed("interrupted", "");
        }
    }
}
