package dev.loom.client;

/** Why a question to a JVM has no answer. */
public sealed class ClientException extends Exception {

    private static final long serialVersionUID = 1;

    private ClientException(String message) {
        super(message, null, false, false);
    }

    /** What happened, in a few words; never null. */
    public String reason() {
        return String.valueOf(getMessage());
    }

    /** The JVM cannot be reached, or the connection to it broke. */
    public static final class Connection extends ClientException {

        private static final long serialVersionUID = 1;

        private final ConnectionFailure failure;

        Connection(ConnectionFailure failure) {
            super(failure.detail());
            this.failure = failure;
        }

        public ConnectionFailure failure() {
            return failure;
        }
    }

    /** The JVM answers, but the MBean is not there: there is no agent, or the filter has ended. */
    public static final class NotThere extends ClientException {

        private static final long serialVersionUID = 1;

        NotThere() {
            super("no such MBean");
        }
    }

    /** The agent says that it does not do this, and why. */
    public static final class Refused extends ClientException {

        private static final long serialVersionUID = 1;

        Refused(String reason) {
            super(reason);
        }
    }

    /** The agent failed: a fault of Loom's. */
    public static final class Fault extends ClientException {

        private static final long serialVersionUID = 1;

        Fault(String reason) {
            super(reason);
        }
    }
}
