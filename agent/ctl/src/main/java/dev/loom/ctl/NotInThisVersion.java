package dev.loom.ctl;

import dev.loom.ctl.failure.CommandFailure;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Unmatched;

/** Commands that are planned: their names are taken, and they say that they are not there yet. */
abstract class NotInThisVersion implements Callable<Integer> {

    @Mixin
    private CommonOptions common;

    @Parameters(arity = "0..*", hidden = true)
    private List<String> parameters;

    @Unmatched
    private List<String> others;

    private final String instead;

    private NotInThisVersion(String instead) {
        this.instead = instead;
    }

    @Override
    public Integer call() {
        throw CommandFailure.failed("this command is not in this version", instead);
    }

    @Command(name = "weave", description = "Prepare jars offline (not in this version).")
    static final class Weave extends NotInThisVersion {
        Weave() {
            super("start the JVM with -javaagent:loom-agent.jar, which prepares classes as they load");
        }
    }
}
