package dev.loom.it.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.sun.net.httpserver.HttpServer;
import dev.loom.it.harness.Jdk;
import dev.loom.it.shell.target.Idle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A JVM that tells a console how to reach it, and can be reached so. */
class RegistrationTest {

    static Stream<Jdk> jdks() {
        return Jdk.all().stream();
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void whatAnAgentSaysOfItselfIsEnoughToReachIt(Jdk jdk) throws Exception {
        BlockingQueue<String> bodies = new LinkedBlockingQueue<>();
        HttpServer console = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        console.createContext("/api/v1/targets", exchange -> {
            bodies.add(exchange.getRequestHeaders().getFirst("Authorization") + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(201, -1);
            exchange.close();
        });
        console.start();
        String url = "http://127.0.0.1:" + console.getAddress().getPort();
        try (TestJvm jvm = TestJvm.start(jdk, List.of(TestJvm.agent("name=shop,console=" + url + "/,token=loom_x")), Idle.class)) {
            String body = bodies.poll(60, TimeUnit.SECONDS);
            assertNotNull(body, () -> "no registration; stderr: " + jvm.err());
            assertEquals("Bearer loom_x {\"name\":\"shop\"", body.substring(0, body.indexOf(',')));

            String[] login = {field(body, "username"), field(body, "password")};
            try (JMXConnector client = JMXConnectorFactory.connect(
                    new JMXServiceURL(field(body, "jmxUrl")), Map.of("jmx.remote.credentials", login))) {
                assertEquals("shop", client.getMBeanServerConnection().getAttribute(TestJvm.agentName(), "Name"));
            }
        } finally {
            console.stop(0);
        }
    }

    private static String field(String json, String name) {
        return json.replaceAll(".*\"" + name + "\":\"([^\"]*)\".*", "$1");
    }
}
