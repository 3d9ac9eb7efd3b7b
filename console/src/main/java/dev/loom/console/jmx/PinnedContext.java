package dev.loom.console.jmx;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.KeyManagementException;
import java.security.SecureRandom;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * A TLS context whose client sockets take the context of the {@linkplain TlsPins pin} of the address that they connect to, and the usual
 * one where there is no pin. All else is the usual context's.
 */
final class PinnedContext extends SSLContextSpi {

    private final SSLContext usual;

    private PinnedContext(SSLContext usual) {
        this.usual = usual;
    }

    static SSLContext over(SSLContext usual) {
        return new SSLContext(new PinnedContext(usual), usual.getProvider(), usual.getProtocol()) {};
    }

    @Override
    protected SSLSocketFactory engineGetSocketFactory() {
        return new PinnedSockets(usual.getSocketFactory());
    }

    @Override
    protected void engineInit(KeyManager @Nullable [] keys, TrustManager @Nullable [] trusted, @Nullable SecureRandom random)
            throws KeyManagementException {
        throw new KeyManagementException("a default context is initialized already");
    }

    @Override
    protected SSLServerSocketFactory engineGetServerSocketFactory() {
        return usual.getServerSocketFactory();
    }

    @Override
    protected SSLEngine engineCreateSSLEngine() {
        return usual.createSSLEngine();
    }

    @Override
    protected SSLEngine engineCreateSSLEngine(String host, int port) {
        return usual.createSSLEngine(host, port);
    }

    @Override
    protected SSLSessionContext engineGetServerSessionContext() {
        return usual.getServerSessionContext();
    }

    @Override
    protected SSLSessionContext engineGetClientSessionContext() {
        return usual.getClientSessionContext();
    }

    @Override
    protected SSLParameters engineGetDefaultSSLParameters() {
        return usual.getDefaultSSLParameters();
    }

    @Override
    protected SSLParameters engineGetSupportedSSLParameters() {
        return usual.getSupportedSSLParameters();
    }

    /** Sockets for RMI's stubs. Connects are bounded in time; RMI itself bounds what it reads. */
    private static final class PinnedSockets extends SSLSocketFactory {

        private final SSLSocketFactory usual;

        PinnedSockets(SSLSocketFactory usual) {
            this.usual = usual;
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            return connected(new InetSocketAddress(host, port), host, null);
        }

        @Override
        public Socket createSocket(InetAddress host, int port) throws IOException {
            return connected(new InetSocketAddress(host, port), host.getHostAddress(), null);
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
            return connected(new InetSocketAddress(host, port), host, new InetSocketAddress(local, localPort));
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
            return connected(new InetSocketAddress(host, port), host.getHostAddress(), new InetSocketAddress(local, localPort));
        }

        private Socket connected(InetSocketAddress address, String host, @Nullable InetSocketAddress local) throws IOException {
            Socket plain = new Socket();
            try {
                if (local != null) {
                    plain.bind(local);
                }
                plain.connect(address, RmiSettings.CONNECT_MILLIS);
                plain.setTcpNoDelay(true);
                return createSocket(plain, host, address.getPort(), true);
            } catch (IOException | RuntimeException e) {
                plain.close();
                throw e;
            }
        }

        @Override
        public Socket createSocket(Socket connected, String host, int port, boolean autoClose) throws IOException {
            SSLContext pinned = TlsPins.context(connected.getInetAddress(), connected.getPort());
            return (pinned == null ? usual : pinned.getSocketFactory()).createSocket(connected, host, port, autoClose);
        }

        /** Nobody knows yet where it will connect to, so no pin is asked for, and the trust store decides. */
        @Override
        public Socket createSocket() throws IOException {
            return usual.createSocket();
        }

        @Override
        public String[] getDefaultCipherSuites() {
            return usual.getDefaultCipherSuites();
        }

        @Override
        public String[] getSupportedCipherSuites() {
            return usual.getSupportedCipherSuites();
        }
    }
}
