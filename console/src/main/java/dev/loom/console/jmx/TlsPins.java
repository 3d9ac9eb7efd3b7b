package dev.loom.console.jmx;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.rmi.server.RMIClientSocketFactory;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Which certificate a JVM's connector must show. An agent makes its own key and hands the certificate's fingerprint over when it
 * registers; where there is one, it alone counts. Elsewhere the JVM's trust store decides, as always.
 *
 * <p>It becomes the process's default TLS context, because the socket factory that comes with a connector's stub takes that.
 */
final class TlsPins extends X509ExtendedTrustManager {

    private static final TlsPins INSTANCE = new TlsPins();

    /** Fingerprints, {@code sha256:…}, by address and port. */
    private final Map<String, String> pins = new ConcurrentHashMap<>();

    private final @Nullable X509ExtendedTrustManager usual;
    private volatile @Nullable SSLContext context;

    private TlsPins() {
        this.usual = usual();
    }

    private static @Nullable X509ExtendedTrustManager usual() {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509ExtendedTrustManager extended) {
                    return extended;
                }
            }
        } catch (GeneralSecurityException e) {
            // no trust store: only pins count
        }
        return null;
    }

    /** Makes it the default. */
    static void apply() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {INSTANCE}, null);
        SSLContext.setDefault(context);
        INSTANCE.context = context;
    }

    /** Says what certificate a connector must show; null forgets it. */
    static void pin(String host, int port, @Nullable String fingerprint) {
        try {
            for (InetAddress address : InetAddress.getAllByName(host)) {
                String key = key(address, port);
                String before = fingerprint == null ? INSTANCE.pins.remove(key) : INSTANCE.pins.put(key, fingerprint);
                if (!Objects.equals(before, fingerprint)) {
                    INSTANCE.forgetSessions(port);
                }
            }
        } catch (UnknownHostException e) {
            // the connect says so
        }
    }

    /** A resumed session shows no certificate, so it must not outlive what its certificate was compared with. */
    private void forgetSessions(int port) {
        SSLContext known = context;
        if (known == null) {
            return;
        }
        for (byte[] id : Collections.list(known.getClientSessionContext().getIds())) {
            SSLSession session = known.getClientSessionContext().getSession(id);
            if (session != null && session.getPeerPort() == port) {
                session.invalidate();
            }
        }
    }

    private static String key(InetAddress address, int port) {
        return address.getHostAddress() + " " + port;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) throws CertificateException {
        InetAddress address = socket.getInetAddress();
        String pin = address == null ? null : pins.get(key(address, socket.getPort()));
        if (pin == null) {
            required().checkServerTrusted(chain, authType, socket);
        } else if (!fingerprint(chain[0]).equals(pin)) {
            throw new CertificateException("the certificate is not the one that the agent registered with");
        }
    }

    private static String fingerprint(X509Certificate certificate) throws CertificateException {
        try {
            return "sha256:" + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (NoSuchAlgorithmException e) {
            throw new CertificateException(e);
        }
    }

    private X509ExtendedTrustManager required() throws CertificateException {
        if (usual == null) {
            throw new CertificateException("there is no trust store");
        }
        return usual;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        required().checkServerTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) throws CertificateException {
        required().checkServerTrusted(chain, authType, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        required().checkClientTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) throws CertificateException {
        required().checkClientTrusted(chain, authType, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) throws CertificateException {
        required().checkClientTrusted(chain, authType, engine);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return usual == null ? new X509Certificate[0] : ((X509TrustManager) usual).getAcceptedIssuers();
    }

    /**
     * Connects to a registry over TLS, bounded in time. RMI shares connections between equal factories, so the fingerprint is part of
     * one: a connection that was made for another certificate is not used again.
     */
    record Sockets(@Nullable String fingerprint) implements RMIClientSocketFactory {
        @Override
        public Socket createSocket(String host, int port) throws IOException {
            Socket plain = new Socket();
            try {
                plain.connect(new InetSocketAddress(host, port), RmiSettings.CONNECT_MILLIS);
                plain.setSoTimeout(RmiSettings.HANDSHAKE_MILLIS);
                Socket tls = SSLContext.getDefault().getSocketFactory().createSocket(plain, host, port, true);
                ((javax.net.ssl.SSLSocket) tls).startHandshake();
                return tls;
            } catch (GeneralSecurityException e) {
                plain.close();
                throw new IOException(e);
            } catch (IOException | RuntimeException e) {
                plain.close();
                throw e;
            }
        }
    }
}
