package dev.loom.agent.jmx.connector;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.rmi.server.RMIServerSocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.jspecify.annotations.Nullable;

/**
 * Gives RMI its server socket: on one address instead of all, and with TLS if there is a key. The socket is opened before RMI asks
 * for it, so that a free port is known, and a port in use is reported, before anything is exported.
 */
final class BoundSockets implements RMIServerSocketFactory {

    private final InetAddress address;
    private final @Nullable SSLContext tls;
    private final boolean clientCertificates;
    private final int port;
    /** Until RMI has taken it; guarded by this. */
    private @Nullable ServerSocket ready;

    BoundSockets(InetAddress address, int port, @Nullable SSLContext tls, boolean clientCertificates) throws IOException {
        this.address = address;
        this.tls = tls;
        this.clientCertificates = clientCertificates;
        this.ready = open(port);
        this.port = ready.getLocalPort();
    }

    int port() {
        return port;
    }

    @Override
    public synchronized ServerSocket createServerSocket(int wanted) throws IOException {
        ServerSocket socket = ready;
        if (socket == null) {
            return open(port);
        }
        ready = null;
        return socket;
    }

    /** Closes the socket if RMI never took it. */
    synchronized void discard() throws IOException {
        if (ready != null) {
            ready.close();
            ready = null;
        }
    }

    private ServerSocket open(int number) throws IOException {
        ServerSocket socket;
        if (tls == null) {
            socket = new ServerSocket();
        } else {
            SSLServerSocket secured = (SSLServerSocket) tls.getServerSocketFactory().createServerSocket();
            secured.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
            secured.setNeedClientAuth(clientCertificates);
            socket = secured;
        }
        try {
            socket.bind(new InetSocketAddress(address, number));
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }
}
