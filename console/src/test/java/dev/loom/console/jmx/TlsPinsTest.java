package dev.loom.console.jmx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real TLS server on loopback, which sends one byte to whoever connects. */
class TlsPinsTest {

    private static final char[] PASSWORD = "changeit".toCharArray();

    private SSLServerSocket server;
    private String fingerprint;

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        Path keys = directory.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias", "jmx", "-keyalg", "EC",
                        "-dname", "CN=test", "-storetype", "PKCS12", "-keystore", keys.toString(), "-storepass", "changeit")
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes());
        assertThat(keytool.waitFor()).as(said).isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(keys)) {
            store.load(in, PASSWORD);
        }
        fingerprint = "sha256:"
                + HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256")
                                .digest(store.getCertificate("jmx").getEncoded()));
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        server = (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread serving = new Thread(this::serve, "tls server");
        serving.setDaemon(true);
        serving.start();
        RmiSettings.apply();
    }

    private void serve() {
        while (!server.isClosed()) {
            try {
                Socket one = server.accept();
                one.getOutputStream().write(1);
            } catch (IOException e) {
                // a client that trusts nobody ends its handshake, or the test is over
            }
        }
    }

    @AfterEach
    void stop() throws IOException {
        TlsPins.pin("127.0.0.1", server.getLocalPort(), null);
        server.close();
    }

    private Socket connect(String pin) throws IOException {
        return new TlsPins.Sockets(pin).createSocket("127.0.0.1", server.getLocalPort());
    }

    @Test
    void theCertificateWithTheFingerprintIsTrustedAndNoOther() throws IOException {
        TlsPins.pin("127.0.0.1", server.getLocalPort(), fingerprint);
        try (Socket socket = connect(fingerprint)) {
            assertThat(socket.getInputStream().read()).isEqualTo(1);
        }
        String other = "sha256:" + "0".repeat(64);
        TlsPins.pin("127.0.0.1", server.getLocalPort(), other);
        assertThatThrownBy(() -> connect(other)).isInstanceOf(SSLException.class).hasMessageContaining("not the one that the agent registered");
    }

    @Test
    void aSessionWhoseTicketComesAfterThePinHasGoneIsNotResumed() throws IOException {
        int port = server.getLocalPort();
        TlsPins.pin("127.0.0.1", port, fingerprint);
        try (Socket early = connect(fingerprint)) {
            TlsPins.pin("127.0.0.1", port, null);
            // what is read brings the tickets for a resumption along
            assertThat(early.getInputStream().read()).isEqualTo(1);
            assertThatThrownBy(() -> connect(null))
                    .as("no fingerprint is known any more, and the trust store does not know the certificate; a session was resumed instead")
                    .isInstanceOf(SSLException.class);
        }
    }
}
