package dev.loom.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.loom.client.ConnectionFailure.Kind;
import java.io.IOException;
import java.io.InvalidClassException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.rmi.ConnectIOException;
import java.rmi.registry.LocateRegistry;
import java.rmi.registry.Registry;
import java.rmi.server.UnicastRemoteObject;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Real sockets where the failure can be had from one. */
class ConnectionFailureTest {

    private static Kind kindOf(int port) {
        JvmAddress address = new JvmAddress.Registry("127.0.0.1", port, "jmxrmi");
        ClientException.Connection thrown = assertThrows(
                ClientException.Connection.class, () -> JmxClient.open(address, null, RegistryLookup.over(null), Map.of()));
        return thrown.failure().kind();
    }

    @Test
    void aPortWhereNobodyListensIsToldFromOneWithAnotherProtocol() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        assertEquals(Kind.NOBODY, kindOf(free));
        try (ServerSocket web = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread answering = new Thread(() -> {
                try {
                    web.accept().getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes());
                } catch (IOException e) {
                    // the test says what it saw instead
                }
            });
            answering.setDaemon(true);
            answering.start();
            assertEquals(Kind.OTHER_PROTOCOL, kindOf(web.getLocalPort()));
        }
    }

    @Test
    void aRegistryWithoutAConnectorSaysSo() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Registry registry = LocateRegistry.createRegistry(port);
        try {
            assertEquals(Kind.NOT_BOUND, kindOf(port));
        } finally {
            UnicastRemoteObject.unexportObject(registry, true);
        }
    }

    @Test
    void theCauseThatTellsMostDecides() {
        assertEquals(
                new ConnectionFailure(Kind.UNKNOWN_HOST, "shop"),
                ConnectionFailure.of(new java.rmi.UnknownHostException("Unknown host: shop", new UnknownHostException("shop"))));
        assertEquals(Kind.LOGIN, ConnectionFailure.of(new SecurityException("Authentication failed")).kind());
        assertEquals(
                Kind.NOT_ACCEPTED,
                ConnectionFailure.of(new ConnectIOException("read", new InvalidClassException("filter status: REJECTED"))).kind());
        assertEquals(new ConnectionFailure(Kind.OTHER, "two"), ConnectionFailure.of(new IllegalStateException("two\nlines")));
    }
}
