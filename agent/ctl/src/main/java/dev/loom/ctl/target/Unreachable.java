package dev.loom.ctl.target;

import dev.loom.ctl.failure.CommandFailure;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.rmi.NotBoundException;
import javax.net.ssl.SSLException;

/** Says in words why a JMX connection could not be made. */
final class Unreachable {

    private Unreachable() {}

    /**
     * Decodes what a connect threw.
     *
     * @param where the stage, {@code registry} or {@code connector}
     */
    static CommandFailure decode(TargetAddress target, Login login, boolean registryAnswered, Throwable thrown) {
        for (Throwable e = thrown; e != null; e = e.getCause() == e ? null : e.getCause()) {
            CommandFailure known = known(target, login, registryAnswered, e);
            if (known != null) {
                return known;
            }
        }
        String text = String.valueOf(thrown.getMessage());
        if (text.contains("non-JRMP server")) {
            return noJmx(target);
        }
        return CommandFailure.unreachable(target + " cannot be reached: " + thrown, "");
    }

    private static CommandFailure known(TargetAddress target, Login login, boolean registryAnswered, Throwable e) {
        if (e instanceof SecurityException) {
            return login.password() == null
                    ? CommandFailure.unreachable(target + " wants a user and a password",
                            "give --user and --password-file, or set " + Login.VARIABLE
                                    + "; an agent with jmx.port says at its start where its password file is")
                    : CommandFailure.unreachable(target + " does not accept this user and password (user " + login.user() + ")",
                            "look into the password file that the agent named at its start");
        }
        if (e instanceof UnknownHostException) {
            return CommandFailure.unreachable(target + ": the host " + e.getMessage() + " is not known", "");
        }
        if (e instanceof SSLException) {
            return CommandFailure.unreachable(target + ": TLS failed: " + e.getMessage(),
                    "give --ssl --trust FILE with the target's certificate (PEM) or a key store; without --ssl if it has no TLS");
        }
        if (e instanceof NotBoundException) {
            return CommandFailure.unreachable(target + ": the registry has no connector of the name " + e.getMessage(), "");
        }
        if (e instanceof ConnectException || e instanceof NoRouteToHostException || e instanceof SocketTimeoutException) {
            return registryAnswered
                    ? CommandFailure.unreachable(target + ": its registry answers, but the connector that it names does not: "
                                    + e.getMessage(),
                            "the JVM names an address that is not reachable from here; start it with the agent's own connector"
                                    + " (jmx.port, jmx.host), or with -Djava.rmi.server.hostname=ADDRESS")
                    : CommandFailure.unreachable(target + ": nothing answers there (" + e.getMessage() + ")",
                            "is the JVM up, and was it started with jmx.port or com.sun.management.jmxremote.port?");
        }
        if (e instanceof EOFException) {
            return noJmx(target);
        }
        return null;
    }

    private static CommandFailure noJmx(TargetAddress target) {
        return CommandFailure.unreachable(target + ": what answers there does not speak JMX",
                "is it the right port? If the connector has TLS, add --ssl");
    }
}
