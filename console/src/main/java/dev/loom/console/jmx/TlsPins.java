package dev.loom.console.jmx;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.rmi.server.RMIClientSocketFactory;
import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Which certificate a JVM's connector must show. An agent makes its own key and hands the certificate's fingerprint over when it
 * registers; where there is one, it alone counts. Elsewhere the JVM's trust store decides, as always.
 *
 * <p>Each fingerprint has a TLS context of its own. A resumed session shows no certificate, and a ticket for one may come at any time
 * after the handshake; with a context for each fingerprint a session is resumed only where the same certificate is asked for.
 *
 * <p>It becomes the process's default TLS context, because the socket factory that comes with a connector's stub takes that. Safe for
 * use by many threads.
 */
final class TlsPins {

    /** Fingerprints, {@code sha256:…}, by address and port. */
    private static final Map<String, String> PINS = new ConcurrentHashMap<>();

    /** By fingerprint. */
    private static final Map<String, SSLContext> CONTEXTS = new ConcurrentHashMap<>();

    private TlsPins() {}

    /** Makes the default context heed the pins. */
    static void apply() throws GeneralSecurityException {
        SSLContext.setDefault(PinnedContext.over(SSLContext.getDefault()));
    }

    /** Says what certificate a connector must show; null forgets it. */
    static void pin(String host, int port, @Nullable String fingerprint) {
        try {
            for (InetAddress address : InetAddress.getAllByName(host)) {
                String key = key(address, port);
                String before = fingerprint == null ? PINS.remove(key) : PINS.put(key, fingerprint);
                if (before != null && !before.equals(fingerprint) && !PINS.containsValue(before)) {
                    CONTEXTS.remove(before);
                }
            }
        } catch (UnknownHostException e) {
            // the connect says so
        }
    }

    /** The context for connections to an address: that of its pin, or null where the trust store decides. */
    static @Nullable SSLContext context(InetAddress address, int port) {
        String pin = PINS.get(key(address, port));
        return pin == null ? null : CONTEXTS.computeIfAbsent(pin, TlsPins::pinned);
    }

    private static SSLContext pinned(String fingerprint) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new PinTrust(fingerprint)}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM has no TLS", e);
        }
    }

    private static String key(InetAddress address, int port) {
        return address.getHostAddress() + " " + port;
    }

    /**
     * Connects to a registry over TLS, bounded in time. RMI shares connections between equal factories, so the fingerprint is part of
     * one: a connection that was made for another certificate is not used again.
     */
    record Sockets(@Nullable String fingerprint) implements RMIClientSocketFactory {
        @Override
        public Socket createSocket(String host, int port) throws IOException {
            try {
                SSLSocket socket = (SSLSocket) SSLContext.getDefault().getSocketFactory().createSocket(host, port);
                try {
                    socket.setSoTimeout(RmiSettings.HANDSHAKE_MILLIS);
                    socket.startHandshake();
                    return socket;
                } catch (IOException | RuntimeException e) {
                    socket.close();
                    throw e;
                }
            } catch (NoSuchAlgorithmException e) {
                throw new IOException(e);
            }
        }
    }
}
