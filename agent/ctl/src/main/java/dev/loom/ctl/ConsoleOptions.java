package dev.loom.ctl;

import dev.loom.ctl.console.ConsoleLink;
import dev.loom.ctl.failure.CommandFailure;
import dev.loom.ctl.target.Tls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which console, and who the tool is to it. */
final class ConsoleOptions {

    private static final String VARIABLE = "LOOM_TOKEN";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--console", paramLabel = "URL", required = true, description = "Address of the console, such as https://loom.example.com.")
    private String console;

    @Option(names = "--token-file", paramLabel = "FILE",
            description = {"File with an API token of the role operator.", "Else the variable " + VARIABLE + " is taken."})
    private Path tokenFile;

    @Option(names = "--trust", paramLabel = "FILE", description = "Certificate (PEM) or key store to trust. Default: what this Java trusts.")
    private Path trust;

    ConsoleLink open() {
        ConsoleLink link = ConsoleLink.to(console, token());
        if (link.isInTheOpen()) {
            command.commandLine().getErr().println("loom: warning: the token goes to " + console + " unencrypted; use https");
        }
        if (trust != null) {
            Tls.trust(trust);
        }
        return link;
    }

    private String token() {
        String token = System.getenv(VARIABLE);
        if (tokenFile != null) {
            try {
                token = Files.readString(tokenFile);
            } catch (IOException e) {
                throw CommandFailure.usage("--token-file: " + tokenFile.toAbsolutePath() + " cannot be read", "");
            }
        }
        token = token == null ? "" : token.strip();
        if (token.isEmpty() || token.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw CommandFailure.usage(
                    token.isEmpty() ? "there is no token" : "the token has characters that no token has",
                    "make one on the console's page Access; then --token-file FILE, or the variable " + VARIABLE);
        }
        return token;
    }
}
