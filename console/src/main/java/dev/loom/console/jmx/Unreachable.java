package dev.loom.console.jmx;

import dev.loom.client.ConnectionFailure;
import dev.loom.client.JvmAddress;
import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;

/** Why a JVM cannot be reached, in words that say what to do. */
public final class Unreachable extends Exception {

    private static final long serialVersionUID = 1;

    private final ProblemCode code;
    private final String hint;

    public Unreachable(ProblemCode code, String message, String hint) {
        super(message, null, false, false);
        this.code = code;
        this.hint = hint;
    }

    public ProblemCode code() {
        return code;
    }

    public String reason() {
        return String.valueOf(getMessage());
    }

    /** What to do about it. */
    public String hint() {
        return hint;
    }

    /** As an answer to a user. */
    public LoomProblem toProblem(String target) {
        return new LoomProblem(code, target + ": " + reason(), hint);
    }

    /** Says in words what the client found. */
    static Unreachable decode(JvmAddress address, ConnectionFailure failure) {
        String where = address instanceof JvmAddress.Registry registry ? registry.hostAndPort() : "the local JVM";
        String detail = failure.detail();
        return switch (failure.kind()) {
            case LOGIN -> new Unreachable(
                    ProblemCode.WRONG_PASSWORD,
                    where + " refused the user or the password.",
                    "Check both; an agent's generated password is in the file that its log names.");
            case NOT_ACCEPTED -> unreachable(
                    where + " sent something that is not a JMX answer, or more than this console takes.",
                    "Check the port: another RMI service may be there; or its agent tells of too much.");
            case UNKNOWN_HOST -> unreachable(
                    "The host name " + (detail.isEmpty() ? where : detail) + " is not known here.",
                    "Check the name; if it is the target's own, start the target with -Djava.rmi.server.hostname=ADDRESS.");
            case NOT_BOUND -> unreachable(
                    "There is an RMI registry at " + where + ", but no JMX connector in it.", "Check the port, or the name behind it.");
            case NO_ROUTE -> unreachable("There is no route to " + where + ".", "Check the address and the firewall.");
            case TLS -> unreachable(
                    "TLS with " + where + " failed: " + detail,
                    "Give the console a trust store that knows the target's certificate (javax.net.ssl.trustStore).");
            case TIMEOUT -> unreachable(
                    where + " did not answer in time.", "The JVM may hang or be stopped, or a firewall swallows the connection.");
            case RESTARTED -> unreachable("The JVM at " + where + " was restarted.", "");
            case NOBODY -> address instanceof JvmAddress.Stub
                    ? unreachable("The process has ended, or has closed its JMX connector.", "Start it again and attach to it.")
                    : unreachable(
                            "Nothing listens at " + where + ": the JVM is down, or has no JMX connector.",
                            "Start the JVM with jmx.port in the agent's options, or com.sun.management.jmxremote.port.");
            case OTHER_PROTOCOL -> unreachable(
                    where + " answered, but not as an RMI registry without TLS.", "Check the port, and whether the connector uses TLS.");
            case BROKEN -> unreachable("The connection to " + where + " broke: the JVM has probably ended.", "");
            case OTHER -> unreachable(where + ": " + detail, "");
        };
    }

    private static Unreachable unreachable(String reason, String hint) {
        return new Unreachable(ProblemCode.TARGET_UNREACHABLE, reason, hint);
    }
}
