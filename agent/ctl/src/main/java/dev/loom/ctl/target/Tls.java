package dev.loom.ctl.target;

import dev.loom.ctl.failure.CommandFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Makes this process trust the certificates of one file. */
public final class Tls {

    private Tls() {}

    /**
     * Trusts the certificates in a PEM file, or in a key store without password.
     *
     * <p>Sets the default of the process: the socket factory that a JMX stub carries takes no other.
     */
    public static void trust(Path file) {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store(file));
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, factory.getTrustManagers(), null);
            SSLContext.setDefault(context);
        } catch (IOException | GeneralSecurityException e) {
            throw CommandFailure.usage("--trust: " + file.toAbsolutePath() + " has no certificate that can be read: " + e.getMessage(),
                    "give the certificate of the target as PEM, or a PKCS12 key store with it");
        }
    }

    private static KeyStore store(Path file) throws IOException, GeneralSecurityException {
        byte[] start = new byte[64];
        try (InputStream in = Files.newInputStream(file)) {
            in.read(start);
        }
        if (!new String(start, java.nio.charset.StandardCharsets.ISO_8859_1).contains("-----BEGIN")) {
            return KeyStore.getInstance(file.toFile(), (char[]) null);
        }
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream in = Files.newInputStream(file)) {
            Collection<? extends Certificate> certificates = CertificateFactory.getInstance("X.509").generateCertificates(in);
            int number = 0;
            for (Certificate certificate : certificates) {
                store.setCertificateEntry("trusted-" + number++, certificate);
            }
            if (number == 0) {
                throw new IOException("no certificate in it");
            }
        }
        return store;
    }
}
