package dev.loom.console.jmx;

import java.io.IOException;
import java.io.ObjectInputFilter;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.rmi.server.RMISocketFactory;
import java.security.GeneralSecurityException;
import org.slf4j.LoggerFactory;

/**
 * The JVM-wide settings that make RMI bearable: every connect, handshake and answer is bounded in time, nothing but the
 * JDK's own management types is ever deserialized from a JVM that somebody named, and TLS knows the certificates of agents.
 */
public final class RmiSettings {

    /** Longest time for a TCP connection, ms. */
    static final int CONNECT_MILLIS = 3_000;
    /** Longest time for RMI's handshake, ms. */
    static final int HANDSHAKE_MILLIS = 5_000;
    /** Longest time for an answer, ms. An install that takes longer goes on in the JVM, and is seen there by the next reading. */
    static final int ANSWER_MILLIS = 15_000;

    /** Whole modules of the JDK that JMX uses; bounded depth and arrays; nothing of the class path. */
    private static final String ACCEPTED = "maxdepth=60;maxarray=200000;maxbytes=25165824;"
            + "java.base/java.**;java.base/sun.util.calendar.**;java.rmi/*;java.management/*;java.management.rmi/*;"
            + "jdk.management/*;!*";

    private static boolean tls;

    private RmiSettings() {}

    /** Sets them, once. */
    public static synchronized void apply() {
        setIfAbsent("sun.rmi.transport.connectionTimeout", 15_000);
        setIfAbsent("sun.rmi.transport.tcp.handshakeTimeout", HANDSHAKE_MILLIS);
        setIfAbsent("sun.rmi.transport.tcp.responseTimeout", ANSWER_MILLIS);
        try {
            if (RMISocketFactory.getSocketFactory() == null) {
                RMISocketFactory.setSocketFactory(new BoundedSockets());
            }
        } catch (IOException e) {
            LoggerFactory.getLogger(RmiSettings.class).warn("RMI keeps its own sockets: connects may take long", e);
        }
        if (!tls) {
            tls = true;
            try {
                TlsPins.apply();
            } catch (GeneralSecurityException e) {
                LoggerFactory.getLogger(RmiSettings.class).warn("JVMs that use TLS cannot be reached", e);
            }
        }
        if (ObjectInputFilter.Config.getSerialFilter() == null) {
            ObjectInputFilter.Config.setSerialFilter(ObjectInputFilter.Config.createFilter(ACCEPTED));
        }
    }

    private static void setIfAbsent(String property, int value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, Integer.toString(value));
        }
    }

    /** Sockets whose connect is bounded in time. */
    private static final class BoundedSockets extends RMISocketFactory {
        @Override
        public Socket createSocket(String host, int port) throws IOException {
            Socket socket = new Socket();
            try {
                socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
                socket.setTcpNoDelay(true);
                return socket;
            } catch (IOException | RuntimeException e) {
                socket.close();
                throw e;
            }
        }

        @Override
        public ServerSocket createServerSocket(int port) throws IOException {
            return new ServerSocket(port);
        }
    }
}
