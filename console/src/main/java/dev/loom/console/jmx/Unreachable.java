package dev.loom.console.jmx;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;
import java.io.IOException;
import java.io.InvalidClassException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.rmi.ConnectIOException;
import java.rmi.NoSuchObjectException;
import java.rmi.NotBoundException;
import javax.net.ssl.SSLException;

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

    /** Decodes what RMI and JMX throw. */
    static Unreachable decode(JmxAddress address, Throwable failure) {
        String where = address instanceof JmxAddress.Registry r ? r.host() + ":" + r.port() : "the local JVM";
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SecurityException) {
                return new Unreachable(
                        ProblemCode.WRONG_PASSWORD,
                        where + " refused the user or the password.",
                        "Check both; an agent's generated password is in the file that its log names.");
            }
            if (cause instanceof InvalidClassException) {
                return unreachable(where + " sent something that is not a JMX answer, or more than this console takes.",
                        "Check the port: another RMI service may be there; or its agent tells of too much.");
            }
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnknownHostException) {
                return unreachable(
                        "The host name " + named(cause, where) + " is not known here.",
                        "Check the name; if it is the target's own, start the target with -Djava.rmi.server.hostname=ADDRESS.");
            }
            if (cause instanceof NotBoundException) {
                return unreachable(
                        "There is an RMI registry at " + where + ", but no JMX connector in it.", "Check the port, or the name behind it.");
            }
            if (cause instanceof NoRouteToHostException) {
                return unreachable("There is no route to " + where + ".", "Check the address and the firewall.");
            }
            if (cause instanceof SSLException) {
                return unreachable(
                        "TLS with " + where + " failed: " + cause.getMessage(),
                        "Give the console a trust store that knows the target's certificate (javax.net.ssl.trustStore).");
            }
            if (cause instanceof SocketTimeoutException) {
                return unreachable(
                        where + " did not answer in time.", "The JVM may hang or be stopped, or a firewall swallows the connection.");
            }
            if (cause instanceof NoSuchObjectException) {
                return unreachable("The JVM at " + where + " was restarted.", "");
            }
            if (cause instanceof ConnectException) {
                return address instanceof JmxAddress.Stub
                        ? unreachable("The process has ended, or has closed its JMX connector.", "Start it again and attach to it.")
                        : unreachable(
                                "Nothing listens at " + where + ": the JVM is down, or has no JMX connector.",
                                "Start the JVM with jmx.port in the agent's options, or com.sun.management.jmxremote.port.");
            }
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectIOException || cause instanceof java.rmi.ConnectException) {
                return unreachable(
                        where + " answered, but not as an RMI registry without TLS.", "Check the port, and whether the connector uses TLS.");
            }
            if (cause instanceof java.io.EOFException || cause instanceof java.net.SocketException) {
                return unreachable("The connection to " + where + " broke: the JVM has probably ended.", "");
            }
        }
        String text = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        return unreachable(where + ": " + firstLine(text), "");
    }

    private static String named(Throwable cause, String where) {
        return cause.getMessage() == null ? where : firstLine(cause.getMessage());
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("").strip();
    }

    private static Unreachable unreachable(String reason, String hint) {
        return new Unreachable(ProblemCode.TARGET_UNREACHABLE, reason, hint);
    }

    /** Whether a failure is one of the connection, not of the operation. */
    static boolean isConnection(Throwable failure) {
        return failure instanceof IOException || failure instanceof SecurityException;
    }
}
