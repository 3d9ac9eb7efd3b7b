package dev.loom.client;

import java.io.IOException;
import java.io.ObjectInputFilter;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.rmi.server.RMISocketFactory;

/**
 * The process-wide settings that make RMI bearable: each connect, handshake and answer is bounded in time, and nothing but the JDK's own
 * management types is ever deserialized from a JVM that somebody named.
 *
 * @param connectMillis longest time for a TCP connection
 * @param handshakeMillis longest time for RMI's handshake
 * @param answerMillis longest time for an answer
 * @param mostElements of an array in an answer
 * @param mostBytes of an answer
 */
public record RmiLimits(int connectMillis, int handshakeMillis, int answerMillis, int mostElements, int mostBytes) {

    /** Whole modules of the JDK that JMX uses, {@code module/*} (with two stars it is no class at all); nothing of the class path. */
    private static final String ACCEPTED =
            "java.base/java.**;java.base/sun.util.calendar.**;java.rmi/*;java.management/*;java.management.rmi/*;jdk.management/*;!*";

    /**
     * Sets them for the process. What the command line has set stays, and so does another one's socket factory.
     *
     * @throws IOException if somebody else set a socket factory in between: connects may then take as long as theirs
     */
    public void apply() throws IOException {
        setIfAbsent("sun.rmi.transport.tcp.handshakeTimeout", handshakeMillis);
        setIfAbsent("sun.rmi.transport.tcp.responseTimeout", answerMillis);
        if (ObjectInputFilter.Config.getSerialFilter() == null) {
            String bounds = "maxdepth=60;maxarray=" + mostElements + ";maxbytes=" + mostBytes + ";";
            ObjectInputFilter.Config.setSerialFilter(ObjectInputFilter.Config.createFilter(bounds + ACCEPTED));
        }
        if (RMISocketFactory.getSocketFactory() == null) {
            RMISocketFactory.setSocketFactory(new BoundedSockets(connectMillis));
        }
    }

    private static void setIfAbsent(String property, int value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, Integer.toString(value));
        }
    }

    /** Sockets whose connect is bounded in time. */
    private static final class BoundedSockets extends RMISocketFactory {

        private final int connectMillis;

        BoundedSockets(int connectMillis) {
            this.connectMillis = connectMillis;
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            Socket socket = new Socket();
            try {
                socket.connect(new InetSocketAddress(host, port), connectMillis);
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
