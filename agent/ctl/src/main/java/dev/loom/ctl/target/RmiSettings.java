package dev.loom.ctl.target;

import java.io.IOException;
import java.io.ObjectInputFilter;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.rmi.server.RMISocketFactory;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Settings of this process that bound RMI in time, and let nothing but the JDK's management types come in. */
public final class RmiSettings {

    private static final int CONNECT_MILLIS = 5_000;
    private static final int HANDSHAKE_MILLIS = 5_000;
    /** An install may wait for a slow class transformer of another agent. */
    private static final int ANSWER_MILLIS = 120_000;

    /** Bounded depth and arrays; nothing of the class path. A whole module is {@code module/*}: with two stars it is no class at all. */
    private static final String ACCEPTED = "maxdepth=60;maxarray=1000000;maxbytes=67108864;"
            + "java.base/java.**;java.base/sun.util.calendar.**;java.rmi/*;java.management/*;java.management.rmi/*;"
            + "jdk.management/*;!*";

    private RmiSettings() {}

    /** Held so that the level stays: the JDK keeps its loggers weakly. */
    private static final Logger JMX_LOG = Logger.getLogger("javax.management.remote");

    /** Sets them, once, for the whole process. */
    public static synchronized void apply() {
        // a connection that breaks is said by the command itself
        JMX_LOG.setLevel(Level.OFF);
        set("sun.rmi.transport.tcp.handshakeTimeout", HANDSHAKE_MILLIS);
        set("sun.rmi.transport.tcp.responseTimeout", ANSWER_MILLIS);
        try {
            if (RMISocketFactory.getSocketFactory() == null) {
                RMISocketFactory.setSocketFactory(new BoundedSockets());
            }
        } catch (IOException e) {
            // somebody else set one in between; connects are then as slow as theirs
        }
        if (ObjectInputFilter.Config.getSerialFilter() == null) {
            ObjectInputFilter.Config.setSerialFilter(ObjectInputFilter.Config.createFilter(ACCEPTED));
        }
    }

    private static void set(String property, int value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, Integer.toString(value));
        }
    }

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
