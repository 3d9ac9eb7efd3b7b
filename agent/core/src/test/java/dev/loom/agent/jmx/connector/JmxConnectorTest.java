package dev.loom.agent.jmx.connector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.agent.config.JmxOptions;
import dev.loom.agent.jmx.FakeControl;
import dev.loom.agent.jmx.MBeans;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.management.MBeanServer;
import javax.management.MBeanServerConnection;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In this process, so without the instrumentation that a real agent has: the registry is an ordinary one here. */
class JmxConnectorTest {

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @TempDir
    Path directory;

    private final MBeanServer server = MBeanServerFactory.newMBeanServer();
    private final List<AutoCloseable> opened = new ArrayList<>();

    @BeforeEach
    void registerBeans() throws Exception {
        opened.add(MBeans.register(new FakeControl(), server, () -> {}));
        server.registerMBean(ManagementFactory.getMemoryMXBean(), new ObjectName("java.lang:type=Memory"));
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable one : opened) {
            one.close();
        }
    }

    @Test
    void aPlainClientReadsWithTheGeneratedPassword() throws Exception {
        JmxConnector connector = open(false, null);

        assertEquals("1.2.3", connect(connector, connector.user(), connector.password()).getAttribute(agent(), "Version"));
        assertEquals("", connector.fingerprint(), "no TLS on loopback");
    }

    @Test
    void nobodyComesInWithoutThePassword() throws Exception {
        JmxConnector connector = open(false, null);

        assertThrows(SecurityException.class, () -> connect(connector, null, null));
        assertThrows(SecurityException.class, () -> connect(connector, "loom", "guess"));
        assertThrows(SecurityException.class, () -> connect(connector, "other", connector.password()));
    }

    @Test
    void thePasswordFileIsTheOwnersAndGoesWithTheConnector() throws Exception {
        Path before = Path.of(System.getProperty("java.io.tmpdir"));
        JmxConnector connector = open(false, null);

        List<Path> files = passwordFiles(before);
        Path file = files.stream().filter(f -> contains(f, connector.password())).findFirst().orElseThrow();
        assertFalse(OwnerFile.isReadableByOthers(file));
        assertEquals("loom " + connector.password(), Files.readString(file).strip());

        opened.remove(connector);
        connector.close();
        assertFalse(Files.exists(file));
    }

    @Test
    void anOpenConnectorNeedsNoPasswordButChangesOnlyLoomsBeans() throws Exception {
        MBeanServerConnection client = connect(open(true, null), null, null);

        client.invoke(agent(), "check", new Object[] {"text"}, new String[] {"java.lang.String"});
        assertTrue(client.isRegistered(new ObjectName("java.lang:type=Memory")));
        client.getAttribute(new ObjectName("java.lang:type=Memory"), "HeapMemoryUsage");
        assertThrows(SecurityException.class, () -> client.invoke(new ObjectName("java.lang:type=Memory"), "gc", null, null));
    }

    @Test
    void clientsCannotCreateMBeans() throws Exception {
        JmxConnector connector = open(false, null);
        MBeanServerConnection client = connect(connector, connector.user(), connector.password());

        assertThrows(SecurityException.class, () -> client.createMBean("javax.management.timer.Timer", new ObjectName("x:type=y")));
        assertThrows(SecurityException.class, () -> client.unregisterMBean(agent()));
        client.invoke(new ObjectName("java.lang:type=Memory"), "gc", null, null);
    }

    @Test
    void userAndPasswordMayComeFromAFile() throws Exception {
        Path password = OwnerFile.write(".test", "secret\n");
        Path config = Files.writeString(directory.resolve("jmx.properties"), "user = ops\npassword.file = " + password + "\n");

        JmxConnector connector = open(false, config);

        connect(connector, "ops", "secret");
        assertThrows(SecurityException.class, () -> connect(connector, "loom", "secret"));
    }

    @Test
    void aWrongConfigurationFileIsExplained() throws Exception {
        Path config = Files.writeString(directory.resolve("jmx.properties"), "keystor = x\n");

        IOException e = assertThrows(IOException.class, () -> open(false, config));

        assertTrue(e.getMessage().contains("unknown key 'keystor'; allowed are keystore, keystore.password"), e.getMessage());
    }

    @Test
    void aPortInUseIsExplained() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, LOOPBACK)) {
            JmxOptions options = new JmxOptions(taken.getLocalPort(), "127.0.0.1", false, null, false);

            IOException e = assertThrows(IOException.class, () -> JmxConnector.open(options, LOOPBACK, LOOPBACK, server, null));

            assertTrue(e.getMessage().startsWith("jmx.port: 127.0.0.1:" + taken.getLocalPort() + " cannot be opened"), e.getMessage());
        }
    }

    @Test
    void itListensOnTheAddressGivenAlone() throws Exception {
        JmxConnector connector = open(false, null);
        int port = new JMXServiceURL(connector.url()).getURLPath().transform(p -> Integer.parseInt(p.replaceAll(".*:(\\d+)/.*", "$1")));

        try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.2"))) {
            assertEquals(port, free.getLocalPort());
        }
    }

    @Test
    void thePortIsFreeAfterClose() throws Exception {
        JmxConnector connector = open(false, null);
        int port = Integer.parseInt(connector.url().replaceAll(".*:(\\d+)/.*", "$1"));
        connector.close();
        opened.remove(connector);

        assertEquals(port, bindSoon(port));
    }

    /** Binds a port; the thread that accepts on it gives it back when it notices the end, a moment later. */
    private static int bindSoon(int port) throws Exception {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (true) {
            try (ServerSocket again = new ServerSocket(port, 1, LOOPBACK)) {
                return again.getLocalPort();
            } catch (BindException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                Thread.sleep(20);
            }
        }
    }

    @Test
    void theOwnCertificateIsValidForItsAddress() throws Exception {
        OwnKey own = OwnKey.generate(InetAddress.getByName("10.1.2.3"));

        X509Certificate certificate = own.certificate();
        certificate.checkValidity();
        certificate.verify(certificate.getPublicKey());
        assertEquals("10.1.2.3", certificate.getSubjectAlternativeNames().iterator().next().get(1));
        assertTrue(own.pem().startsWith("-----BEGIN CERTIFICATE-----\n"));
    }

    private JmxConnector open(boolean withoutPassword, Path config) throws IOException {
        JmxOptions options = new JmxOptions(0, "127.0.0.1", false, config, withoutPassword);
        JmxConnector connector = JmxConnector.open(options, LOOPBACK, LOOPBACK, server, null);
        opened.add(connector);
        return connector;
    }

    private MBeanServerConnection connect(JmxConnector connector, String user, String password) throws IOException {
        Map<String, Object> environment =
                user == null ? Map.of() : Map.of("jmx.remote.credentials", new String[] {user, password});
        var client = JMXConnectorFactory.connect(new JMXServiceURL(connector.url()), environment);
        opened.add(0, client);
        return client.getMBeanServerConnection();
    }

    private static ObjectName agent() throws Exception {
        return new ObjectName(MBeans.AGENT);
    }

    private static List<Path> passwordFiles(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.filter(f -> f.getFileName().toString().matches("loom-" + ProcessHandle.current().pid() + "-.*\\.password")).toList();
        }
    }

    private static boolean contains(Path file, String text) {
        try {
            return Files.readString(file).contains(text);
        } catch (IOException e) {
            return false;
        }
    }
}
