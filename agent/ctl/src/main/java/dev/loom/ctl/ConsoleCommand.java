package dev.loom.ctl;

import dev.loom.ctl.console.ConsoleLink;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** A command that a console answers, and may be waited for. */
abstract class ConsoleCommand implements Callable<Integer> {

    @ParentCommand
    private LoomCtl tool;

    @Mixin
    private CommonOptions common;

    @Mixin
    private ConsoleOptions access;

    @Override
    public final Integer call() {
        DeploymentWait waiting = new DeploymentWait(common.printer(), seconds(), tool.startedNanos());
        requireSense();
        return run(access.open(), waiting);
    }

    /** What is given as {@code --wait}. */
    abstract double seconds();

    /** Refuses options that say nothing together, before the console is asked. */
    abstract void requireSense();

    /** Asks, waits and returns the exit status. */
    abstract int run(ConsoleLink console, DeploymentWait waiting);

    final CommonOptions common() {
        return common;
    }
}
