package dev.loom.ctl;

import dev.loom.ctl.output.Printer;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** What each command takes. */
final class CommonOptions {

    @Spec(Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--json", description = "Print the result as JSON, for scripts.")
    private boolean json;

    Printer printer() {
        return new Printer(command.commandLine().getOut(), command.commandLine().getErr(), json, Ansi.AUTO.enabled());
    }

    boolean isJson() {
        return json;
    }
}
