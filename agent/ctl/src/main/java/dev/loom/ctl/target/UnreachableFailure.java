package dev.loom.ctl.target;

import dev.loom.client.ConnectionFailure;
import dev.loom.ctl.failure.CommandFailure;

/** Says in words why a JMX connection could not be made. */
final class UnreachableFailure {

    private UnreachableFailure() {}

    /** @param registryAnswered whether it was the connector, not the registry, that could not be reached */
    static CommandFailure decode(TargetAddress target, Login login, boolean registryAnswered, ConnectionFailure failure) {
        String detail = failure.detail();
        return switch (failure.kind()) {
            case LOGIN -> login.password() == null
                    ? CommandFailure.unreachable(target + " wants a user and a password",
                            "give --user and --password-file, or set " + Login.VARIABLE
                                    + "; an agent with jmx.port says at its start where its password file is")
                    : CommandFailure.unreachable(target + " does not accept this user and password (user " + login.user() + ")",
                            "look into the password file that the agent named at its start");
            case UNKNOWN_HOST -> CommandFailure.unreachable(target + ": the host " + detail + " is not known", "");
            case TLS -> CommandFailure.unreachable(target + ": TLS failed: " + detail,
                    "give --ssl --trust FILE with the target's certificate (PEM) or a key store; without --ssl if it has no TLS");
            case NOT_BOUND -> CommandFailure.unreachable(target + ": the registry has no connector of the name " + detail, "");
            case NOBODY, NO_ROUTE, TIMEOUT -> registryAnswered
                    ? CommandFailure.unreachable(target + ": its registry answers, but the connector that it names does not: " + detail,
                            "the JVM names an address that is not reachable from here; start it with the agent's own connector"
                                    + " (jmx.port, jmx.host), or with -Djava.rmi.server.hostname=ADDRESS")
                    : CommandFailure.unreachable(target + ": nothing answers there (" + detail + ")",
                            "is the JVM up, and was it started with jmx.port or com.sun.management.jmxremote.port?");
            case OTHER_PROTOCOL, NOT_ACCEPTED, BROKEN -> CommandFailure.unreachable(target + ": what answers there does not speak JMX",
                    "is it the right port? If the connector has TLS, add --ssl");
            case RESTARTED, OTHER -> CommandFailure.unreachable(target + " cannot be reached: " + detail, "");
        };
    }
}
