package dev.loom.ctl.target;

import dev.loom.client.Credentials;
import dev.loom.ctl.failure.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who the tool is to the target's JMX connector.
 *
 * @param password null to connect without
 */
public record Login(String user, @Nullable String password) {

    /** User of the agent's own connector. */
    public static final String DEFAULT_USER = "loom";

    /** Environment variable with the password. */
    public static final String VARIABLE = "LOOM_JMX_PASSWORD";

    /** Without user and password. */
    public static final Login NONE = new Login("", null);

    /**
     * Takes the password from where it is.
     *
     * @param file with the password, or {@code USER PASSWORD} as the JDK's and the agent's password files have it
     */
    public static Login of(@Nullable String user, @Nullable Path file, @Nullable String onCommandLine, @Nullable String inVariable) {
        if (file != null) {
            return fromFile(user, file);
        }
        String password = onCommandLine != null ? onCommandLine : inVariable;
        if (password == null || password.isEmpty()) {
            if (user != null) {
                throw CommandFailure.usage("--user is given without a password",
                        "add --password-file FILE, or set the environment variable " + VARIABLE);
            }
            return NONE;
        }
        return new Login(user == null ? DEFAULT_USER : user, password);
    }

    private static Login fromFile(@Nullable String user, Path file) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file).stream().map(String::strip).filter(l -> !l.isEmpty() && !l.startsWith("#")).toList();
        } catch (IOException e) {
            throw CommandFailure.usage("--password-file: " + file.toAbsolutePath() + " cannot be read",
                    "the file belongs to whoever runs the JVM; run the tool as that user");
        }
        Login single = null;
        for (String line : lines) {
            String[] parts = line.split("\\s+", 2);
            Login login = parts.length == 2
                    ? new Login(parts[0], parts[1])
                    : new Login(user == null ? DEFAULT_USER : user, parts[0]);
            if (user == null || login.user().equals(user)) {
                return login;
            }
            single = login;
        }
        throw CommandFailure.usage(
                "--password-file: " + file.toAbsolutePath() + (single == null ? " is empty" : " has no line for user " + user),
                "write the password, or USER PASSWORD, on one line");
    }

    /** For the JMX client; null to connect without. */
    @Nullable Credentials credentials() {
        return password == null ? null : new Credentials(user, password);
    }

    /** Keeps the password out of messages. */
    @Override
    public String toString() {
        return "Login[" + user + "]";
    }
}
