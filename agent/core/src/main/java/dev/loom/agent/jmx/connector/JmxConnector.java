package dev.loom.agent.jmx.connector;

import dev.loom.agent.config.JmxOptions;
import dev.loom.agent.support.AgentLog;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.net.BindException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.rmi.server.RMIClientSocketFactory;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.management.MBeanServer;
import javax.management.remote.JMXConnectorServer;
import javax.management.remote.JMXServiceURL;
import javax.management.remote.rmi.RMIConnectorServer;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.rmi.ssl.SslRMIClientSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * A JMX connector over RMI that the agent opens: registry and objects on one port, on one address, with a password unless the
 * operator said {@code jmx.open=true}, and with TLS if the address is not loopback. It needs no system property and sets none; it
 * does not keep the JVM from ending.
 */
public final class JmxConnector implements AutoCloseable {

    private static final String DEFAULT_USER = "loom";

    /** Random bytes of a generated password. */
    private static final int PASSWORD_BYTES = 24;

    private final String url;
    private final String user;
    private final String password;
    private final String fingerprint;
    private final JMXConnectorServer server;
    private final Registry registry;
    private final BoundSockets sockets;
    private final RmiInternals internals;
    private final List<Path> files;

    private JmxConnector(
            String url, Secret secret, Security security, JMXConnectorServer server, Registry registry, BoundSockets sockets,
            RmiInternals internals, List<Path> files) {
        this.url = url;
        this.user = secret.user;
        this.password = secret.password;
        this.fingerprint = security.fingerprint;
        this.server = server;
        this.registry = registry;
        this.sockets = sockets;
        this.internals = internals;
        this.files = files;
    }

    /** Who may come in. @param file where the password is; null if it has not been generated */
    private record Secret(String user, String password, @Nullable Path file) {
        static final Secret NONE = new Secret("", "", null);
    }

    /** How what is sent is protected. @param certificate file with the agent's own certificate, else null */
    private record Security(@Nullable SSLContext tls, boolean clientCertificates, String fingerprint, @Nullable Path certificate) {
        static final Security NONE = new Security(null, false, "", null);
    }

    /**
     * Opens a connector.
     *
     * @param bind address to listen on
     * @param named address that clients are told, which differs from {@code bind} only if that is the wildcard
     * @throws IOException with a sentence for people
     */
    public static JmxConnector open(
            JmxOptions options, InetAddress bind, InetAddress named, MBeanServer beans, Instrumentation instrumentation)
            throws IOException {
        UrlClass.initialize();
        ConnectorFile file = ConnectorFile.read(options.config());
        List<Path> files = new ArrayList<>();
        try {
            Secret secret = options.open() ? Secret.NONE : secret(options, file, files);
            Security security = security(bind, named, file, files);
            return open(options, bind, named.getHostAddress(), beans, instrumentation, secret, security, files);
        } catch (GeneralSecurityException e) {
            deleteAll(files);
            throw new IOException("TLS cannot be set up: " + e.getMessage(), e);
        } catch (IOException | RuntimeException e) {
            deleteAll(files);
            throw e;
        }
    }

    private static JmxConnector open(
            JmxOptions options, InetAddress bind, String host, MBeanServer beans, Instrumentation instrumentation, Secret secret,
            Security security, List<Path> files)
            throws IOException {
        BoundSockets sockets;
        try {
            sockets = new BoundSockets(bind, options.port(), security.tls, security.clientCertificates);
        } catch (BindException e) {
            throw new IOException("jmx.port: " + bind.getHostAddress() + ":" + options.port() + " cannot be opened: " + e.getMessage());
        }
        RMIClientSocketFactory clients = security.tls == null ? null : new SslRMIClientSocketFactory();
        HostedRmiServer rmi = new HostedRmiServer(sockets.port(), clients, sockets, environment(options, secret), host);
        RMIConnectorServer server = new RMIConnectorServer(
                new JMXServiceURL("rmi", host, sockets.port()), environment(options, secret), rmi, beans);
        server.setMBeanServerForwarder(AccessLimit.forwarder(options.open()));
        try {
            server.start();
            RmiInternals internals = new RmiInternals(instrumentation);
            Registry registry = Registry.open(sockets.port(), clients, sockets, rmi.toStub(), internals);
            String url = "service:jmx:rmi:///jndi/rmi://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + sockets.port() + "/"
                    + Registry.NAME;
            announce(url, options, secret, security);
            return new JmxConnector(url, secret, security, server, registry, sockets, internals, files);
        } catch (IOException | RuntimeException e) {
            server.stop();
            sockets.discard();
            throw e;
        }
    }

    private static Map<String, Object> environment(JmxOptions options, Secret secret) {
        Map<String, Object> environment = new HashMap<>();
        // exported objects otherwise keep a non-daemon thread running, and with it the JVM
        environment.put("jmx.remote.x.daemon", "true");
        environment.put(RMIConnectorServer.CREDENTIALS_FILTER_PATTERN, "java.lang.String;!*");
        // all parameters that our operations take are open types; other beans may take more, all of the JDK
        environment.put(RMIConnectorServer.SERIAL_FILTER_PATTERN,
                "maxdepth=60;maxarray=1000000;maxbytes=67108864;java.base/*;java.rmi/*;java.management/*;java.management.rmi/*;"
                        + "jdk.management/*;!*");
        if (!options.open()) {
            environment.put(JMXConnectorServer.AUTHENTICATOR, new PasswordCheck(secret.user, secret.password));
        }
        return environment;
    }

    private static Secret secret(JmxOptions options, ConnectorFile file, List<Path> files) throws IOException {
        String user = file.user() == null ? DEFAULT_USER : file.user().strip();
        if (file.passwordFile() != null) {
            if (OwnerFile.isReadableByOthers(file.passwordFile())) {
                throw new IOException("jmx.config: " + file.passwordFile() + " can be read by others than its owner; chmod 600 it");
            }
            String password = Files.readString(file.passwordFile()).strip();
            if (password.isEmpty()) {
                throw new IOException("jmx.config: " + file.passwordFile() + " is empty");
            }
            return new Secret(user, password, null);
        }
        byte[] random = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(random);
        String password = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        Path written = OwnerFile.write(".password", user + " " + password + "\n");
        files.add(written);
        return new Secret(user, password, written);
    }

    private static Security security(InetAddress bind, InetAddress named, ConnectorFile file, List<Path> files)
            throws IOException, GeneralSecurityException {
        if (bind.isLoopbackAddress() && file.keystore() == null) {
            return Security.NONE;
        }
        char[] password = file.keystorePassword();
        KeyStore keys;
        Path pem = null;
        if (file.keystore() != null) {
            keys = ConnectorFile.store(file.keystore(), password);
        } else {
            OwnKey own = OwnKey.generate(named);
            password = "loom".toCharArray();
            keys = own.store(password);
            pem = OwnerFile.write(".pem", own.pem());
            files.add(pem);
        }
        KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(keys, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keyManagers.getKeyManagers(), trustManagers(file), null);
        return new Security(context, file.truststore() != null, fingerprint(keys), pem);
    }

    private static TrustManager @Nullable [] trustManagers(ConnectorFile file) throws IOException, GeneralSecurityException {
        if (file.truststore() == null) {
            return null;
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(ConnectorFile.store(file.truststore(), file.truststorePassword()));
        return factory.getTrustManagers();
    }

    private static String fingerprint(KeyStore keys) throws GeneralSecurityException {
        for (String alias : java.util.Collections.list(keys.aliases())) {
            Certificate certificate = keys.getCertificate(alias);
            if (keys.isKeyEntry(alias) && certificate != null) {
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
                return "sha256:" + HexFormat.of().formatHex(digest);
            }
        }
        throw new GeneralSecurityException("the key store has no key");
    }

    private static void announce(String url, JmxOptions options, Secret secret, Security security) {
        StringBuilder text = new StringBuilder("JMX connector at ").append(url);
        if (options.open()) {
            text.append(", WITHOUT a password: every user of this machine can change this JVM");
        } else {
            text.append(", user ").append(secret.user);
            if (secret.file != null) {
                text.append(", password in ").append(secret.file);
            }
        }
        if (security.tls != null) {
            text.append(", TLS").append(security.certificate == null ? "" : ", certificate in " + security.certificate)
                    .append(", fingerprint ").append(security.fingerprint);
        }
        AgentLog.tell(text.toString());
    }

    /** The JMX service URL. */
    public String url() {
        return url;
    }

    /** The user; empty if there is no password. */
    public String user() {
        return user;
    }

    /** The password; empty if there is none. */
    public String password() {
        return password;
    }

    /** SHA-256 of the certificate, {@code sha256:…}; empty without TLS. */
    public String fingerprint() {
        return fingerprint;
    }

    /** Closes it; clients lose their connections. */
    @Override
    public void close() throws IOException {
        try {
            registry.close();
        } finally {
            try {
                server.stop();
            } finally {
                deleteAll(files);
                forgetSockets();
            }
        }
    }

    private void forgetSockets() {
        try {
            internals.forget(sockets);
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            AgentLog.info("RMI keeps our socket factory, and with it the agent's classes (" + e + ")");
        }
    }

    private static void deleteAll(List<Path> files) {
        for (Path file : files) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                AgentLog.warn(file + " cannot be deleted: " + e.getMessage());
            }
        }
    }
}
