package dev.loom.client;

import java.io.EOFException;
import java.io.InvalidClassException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.rmi.ConnectIOException;
import java.rmi.NoSuchObjectException;
import java.rmi.NotBoundException;
import java.util.List;
import javax.net.ssl.SSLException;

/**
 * Why a JVM cannot be reached, decoded from what RMI and JMX throw. Whoever shows it adds what his users can do.
 *
 * @param detail the message of the exception that tells; of one line
 */
public record ConnectionFailure(Kind kind, String detail) {

    /** What is wrong. */
    public enum Kind {
        /** The user or the password. */
        LOGIN,
        /** What came is no answer of JMX, or more than is taken. */
        NOT_ACCEPTED,
        UNKNOWN_HOST,
        /** A registry, but not with this name in it. */
        NOT_BOUND,
        NO_ROUTE,
        TLS,
        TIMEOUT,
        /** The object is not there: another JVM is at this port now. */
        RESTARTED,
        /** Nobody listens. */
        NOBODY,
        /** Somebody listens, who does not speak RMI, or speaks it over TLS. */
        OTHER_PROTOCOL,
        /** The connection broke. */
        BROKEN,
        OTHER
    }

    private record Sign(Class<? extends Throwable> thrown, Kind kind) {}

    /** Of the causes of an exception the first of these that is there decides, in this order within each of three ranks. */
    private static final List<List<Sign>> SIGNS = List.of(
            List.of(new Sign(SecurityException.class, Kind.LOGIN), new Sign(InvalidClassException.class, Kind.NOT_ACCEPTED)),
            List.of(
                    new Sign(UnknownHostException.class, Kind.UNKNOWN_HOST),
                    new Sign(NotBoundException.class, Kind.NOT_BOUND),
                    new Sign(NoRouteToHostException.class, Kind.NO_ROUTE),
                    new Sign(SSLException.class, Kind.TLS),
                    new Sign(SocketTimeoutException.class, Kind.TIMEOUT),
                    new Sign(NoSuchObjectException.class, Kind.RESTARTED),
                    new Sign(ConnectException.class, Kind.NOBODY)),
            List.of(
                    new Sign(ConnectIOException.class, Kind.OTHER_PROTOCOL),
                    new Sign(java.rmi.ConnectException.class, Kind.OTHER_PROTOCOL),
                    new Sign(EOFException.class, Kind.BROKEN),
                    new Sign(SocketException.class, Kind.BROKEN)));

    /** Decodes what was thrown. */
    public static ConnectionFailure of(Throwable failure) {
        for (List<Sign> rank : SIGNS) {
            for (Throwable cause = failure; cause != null; cause = cause.getCause() == cause ? null : cause.getCause()) {
                for (Sign sign : rank) {
                    if (sign.thrown().isInstance(cause)) {
                        return new ConnectionFailure(sign.kind(), line(cause));
                    }
                }
            }
        }
        return new ConnectionFailure(Kind.OTHER, line(failure));
    }

    private static String line(Throwable thrown) {
        String message = thrown.getMessage();
        return message == null ? thrown.getClass().getSimpleName() : message.lines().findFirst().orElse("").strip();
    }
}
