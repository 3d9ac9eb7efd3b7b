package dev.loom.ctl;

import dev.loom.ctl.failure.ExitStatus;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "completion", description = "Print what makes a shell complete the commands and options of the script loom (bash, zsh).")
final class CompletionCommand implements Callable<Integer> {

    @ParentCommand
    private LoomCtl tool;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        command.commandLine().getOut().print(AutoComplete.bash("loom", tool.withAllCommands()));
        return ExitStatus.DONE;
    }
}
