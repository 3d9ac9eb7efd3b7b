package dev.loom.console.jmx;

import dev.loom.client.JvmAddress;
import dev.loom.console.contract.LoomProblem;
import dev.loom.console.contract.ProblemCode;

/** Reads the addresses of JVMs that somebody typed or sent. */
public final class Addresses {

    private Addresses() {}

    /** Reads {@code host:port} or {@code service:jmx:rmi:///jndi/rmi://host:port/jmxrmi}; nothing else is an address here. */
    public static JvmAddress.Registry parse(String text) {
        try {
            return JvmAddress.parse(text);
        } catch (IllegalArgumentException e) {
            throw new LoomProblem(
                    ProblemCode.BAD_ADDRESS, e.getMessage() + ".", "Write host:port, or service:jmx:rmi:///jndi/rmi://HOST:PORT/jmxrmi.");
        }
    }
}
