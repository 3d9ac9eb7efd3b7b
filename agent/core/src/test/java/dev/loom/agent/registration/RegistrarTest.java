package dev.loom.agent.registration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.loom.agent.config.AgentConfig;
import dev.loom.agent.config.ConsoleOptions;
import dev.loom.agent.config.DefaultConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistrarTest {

    private record Request(String method, String path, String authorization, String contentType, String body, String secret) {}

    private static final Registrar.Access ACCESS =
            new Registrar.Access("service:jmx:rmi:///jndi/rmi://127.0.0.1:7091/jmxrmi", "loom", "s\"cret", "");

    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    private final BlockingQueue<Integer> answers = new LinkedBlockingQueue<>();
    private HttpServer console;

    @BeforeEach
    void startConsole() throws IOException {
        console = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        console.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            requests.add(new Request(exchange.getRequestMethod(), exchange.getRequestURI().toString(),
                    exchange.getRequestHeaders().getFirst("Authorization"), exchange.getRequestHeaders().getFirst("Content-Type"), body,
                    exchange.getRequestHeaders().getFirst("Loom-JVM-Secret")));
            exchange.getResponseHeaders().add("Loom-JVM-Secret", "jvm_0123456789abcdef");
            Integer status = answers.poll();
            exchange.sendResponseHeaders(status == null ? 201 : status, -1);
            exchange.close();
        });
        console.start();
    }

    @AfterEach
    void stopConsole() {
        console.stop(0);
    }

    @TempDir
    Path home;

    @BeforeEach
    void keepSecretsInADirectoryOfTheTest() {
        System.setProperty("loom.home", home.toString());
    }

    @AfterEach
    void forgetTheDirectory() {
        System.clearProperty("loom.home");
    }

    @Test
    void theSecretOfTheFirstRegistrationIsShownByTheJvmThatIsStartedInItsPlace() throws Exception {
        try (Registrar registration = Registrar.start(config(), options("/base"), ACCESS)) {
            assertEquals(null, requests.poll(10, TimeUnit.SECONDS).secret);
            awaitKept("/base");
        }
        try (Registrar registration = Registrar.start(config(), options("/base"), ACCESS)) {
            assertEquals("jvm_0123456789abcdef", requests.poll(10, TimeUnit.SECONDS).secret);
        }
        try (Registrar registration = Registrar.start(config(), options("/other"), ACCESS)) {
            assertEquals(null, requests.poll(10, TimeUnit.SECONDS).secret, "another console gets no secret of this one");
            awaitKept("/other");
        }
    }

    private void awaitKept(String path) throws Exception {
        String what = options(path).url() + " " + host() + " shop";
        for (int i = 0; i < 1_000 && KeptSecret.of(what).get().isEmpty(); i++) {
            Thread.sleep(10);
        }
        assertEquals("jvm_0123456789abcdef", KeptSecret.of(what).get());
    }

    private static String host() throws IOException {
        return InetAddress.getLocalHost().getHostName();
    }

    @Test
    void anAgentRegistersWithNameLabelsAndHowToReachIt() throws Exception {
        try (Registrar registration = Registrar.start(config(), options("/base"), ACCESS)) {
            Request request = requests.poll(10, TimeUnit.SECONDS);

            assertEquals("POST", request.method);
            assertEquals("/base/api/v1/targets", request.path);
            assertEquals("Bearer loom_token", request.authorization);
            assertEquals("application/json", request.contentType);
            assertTrue(request.body.startsWith("{\"name\":\"shop\",\"labels\":{\"env\":\"prod\"},"
                    + "\"jmxUrl\":\"service:jmx:rmi:///jndi/rmi://127.0.0.1:7091/jmxrmi\",\"pid\":" + ProcessHandle.current().pid()
                    + ",\"host\":\""), request.body);
            assertTrue(request.body.contains("\"username\":\"loom\",\"password\":\"s\\\"cret\",\"version\":\""), request.body);
        }
    }

    @Test
    void aRegistrationThatFailsIsTriedAgain() throws Exception {
        answers.add(503);
        try (Registrar registration = Registrar.start(config(), options(""), ACCESS)) {
            requests.poll(10, TimeUnit.SECONDS);

            assertEquals("/api/v1/targets", requests.poll(10, TimeUnit.SECONDS).path, "again after about two seconds");
        }
    }

    private static AgentConfig config() {
        AgentConfig none = DefaultConfig.read();
        return new AgentConfig(none.include(), none.exclude(), null, null, null, dev.loom.agent.config.PrepareOption.START, "shop", java.util.Map.of("env", "prod"), null, null, none.log());
    }

    private ConsoleOptions options(String base) {
        return new ConsoleOptions(
                URI.create("http://127.0.0.1:" + console.getAddress().getPort() + base), "loom_token", false);
    }
}
