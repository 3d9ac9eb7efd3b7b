package dev.loom.ctl;

import dev.loom.ctl.attach.AttachedJvm;
import dev.loom.ctl.target.AgentLink;
import dev.loom.ctl.target.Login;
import dev.loom.ctl.target.TargetAddress;
import dev.loom.ctl.target.Tls;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How to get into a target. */
final class TargetOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--user", paramLabel = "NAME", description = "User of the target's JMX connector (default: loom).")
    private String user;

    @Option(names = "--password-file", paramLabel = "FILE",
            description = {"File with the password, or with a line USER PASSWORD.", "Else the variable LOOM_JMX_PASSWORD is taken."})
    private Path passwordFile;

    @Option(names = "--password", paramLabel = "TEXT", hidden = true)
    private String password;

    @Option(names = "--ssl", description = "The target's registry speaks TLS.")
    private boolean ssl;

    @Option(names = "--trust", paramLabel = "FILE",
            description = "Certificate (PEM) or key store to trust; implies --ssl. Default: what this Java trusts.")
    private Path trust;

    /** Connects. */
    AgentLink open(String target) {
        return open(TargetAddress.parse(target));
    }

    AgentLink open(TargetAddress target) {
        if (password != null) {
            command.commandLine().getErr().println("loom: warning: a password on the command line can be seen by every user of this"
                    + " machine; use --password-file or " + Login.VARIABLE);
        }
        Login login = Login.of(user, passwordFile, password, System.getenv(Login.VARIABLE));
        if (trust != null) {
            Tls.trust(trust);
        }
        return AgentLink.open(target, login, ssl || trust != null, AttachedJvm::addressOfAgent);
    }

    /** Connects to an agent. */
    AgentLink agent(String target) {
        AgentLink link = open(target);
        if (!link.hasAgent()) {
            link.close();
            throw link.noAgent();
        }
        return link;
    }
}
