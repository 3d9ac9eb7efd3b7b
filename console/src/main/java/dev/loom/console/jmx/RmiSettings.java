package dev.loom.console.jmx;

import dev.loom.client.RmiLimits;
import java.io.IOException;
import java.security.GeneralSecurityException;
import org.slf4j.LoggerFactory;

/**
 * The JVM-wide settings that make RMI bearable for many JVMs at once: every connect, handshake and answer is bounded in time, nothing but
 * the JDK's own management types is ever deserialized, and TLS knows the certificates of agents.
 */
public final class RmiSettings {

    /** Longest time for a TCP connection, ms. */
    static final int CONNECT_MILLIS = 3_000;
    /** Longest time for RMI's handshake, ms. */
    static final int HANDSHAKE_MILLIS = 5_000;
    /** Longest time for an answer, ms. An install that takes longer goes on in the JVM, and is seen there by the next reading. */
    static final int ANSWER_MILLIS = 15_000;

    private static final RmiLimits LIMITS = new RmiLimits(CONNECT_MILLIS, HANDSHAKE_MILLIS, ANSWER_MILLIS, 200_000, 24 << 20);

    private static boolean applied;

    private RmiSettings() {}

    /** Sets them, once. */
    public static synchronized void apply() {
        if (applied) {
            return;
        }
        applied = true;
        if (System.getProperty("sun.rmi.transport.connectionTimeout") == null) {
            System.setProperty("sun.rmi.transport.connectionTimeout", "15000");
        }
        try {
            LIMITS.apply();
        } catch (IOException e) {
            LoggerFactory.getLogger(RmiSettings.class).warn("RMI keeps its own sockets: connects may take long", e);
        }
        try {
            TlsPins.apply();
        } catch (GeneralSecurityException e) {
            LoggerFactory.getLogger(RmiSettings.class).warn("JVMs that use TLS cannot be reached", e);
        }
    }
}
