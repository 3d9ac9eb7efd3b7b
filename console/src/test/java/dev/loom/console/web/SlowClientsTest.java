package dev.loom.console.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Filters;
import dev.loom.console.support.RawHttp;
import dev.loom.console.support.Rest;
import dev.loom.console.support.WebSession;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that send slowly or wait long hold connections, and neither threads nor others: health, login and REST answer meanwhile. */
class SlowClientsTest {

    /** More than Tomcat has threads. */
    private static final int MANY = 230;

    private final ConsoleUnderTest console = ConsoleUnderTest.shared();
    private final Rest rest = console.rest();
    private final List<Socket> sockets = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private Socket open(String request) throws IOException {
        Socket socket = RawHttp.connect(console.url());
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        sockets.add(socket);
        return socket;
    }

    private void allAnswers() throws Exception {
        long began = System.nanoTime();
        new Rest(console.url(), null).get("/actuator/health").expect(200);
        rest.get("/filters").expect(200);
        WebSession session = new WebSession(console.url());
        assertThat(session.login("admin", ConsoleUnderTest.ADMIN_PASSWORD)).doesNotContain("error");
        assertThat(session.isIn()).isTrue();
        rest.postText("/filters?name=" + Filters.name("meanwhile"), Filters.text("")).expect(201);
        assertThat((System.nanoTime() - began) / 1_000_000).as("ms for health, a login and REST meanwhile").isLessThan(10_000);
    }

    @Test
    void slowFormsOfStrangers() throws Exception {
        for (int i = 0; i < MANY; i++) {
            open("POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nusername=");
        }
        allAnswers();
    }

    @Test
    void slowBodiesUnderAFalseToken() throws Exception {
        for (int i = 0; i < MANY; i++) {
            open((i % 2 == 0 ? "POST /api/v1/filters" : "POST /api/v1/filters/names")
                    + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer nonsense\r\nContent-Type: application/octet-stream\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello");
        }
        allAnswers();
    }

    @Test
    void waitsOfAViewer() throws Exception {
        String viewer = rest.postJson("/tokens", Map.of("name", "waits", "role", "viewer")).expect(201).json().path("secret").asString();
        String filter = Filters.name("waits");
        rest.postText("/filters?name=" + filter, Filters.text("")).expect(201);
        long id = rest.postJson("/deployments", Map.of("filter", filter, "selector", "waits=" + filter, "allowEmpty", true))
                .expect(201).json().path("id").asLong();
        for (int i = 0; i < MANY; i++) {
            open("GET /api/v1/deployments/" + id + "?wait=60 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + viewer + "\r\n\r\n");
        }
        allAnswers();
        assertThat(new Rest(console.url(), viewer).get("/deployments/" + id + "?wait=60").code()).isEqualTo("LOOM-859");
        rest.delete("/deployments/" + id + "?wait=20").expect(200);
    }

    @Test
    void aJarThatHangsHoldsUpNoOther() throws Exception {
        for (int i = 0; i < 3; i++) {
            open("POST /api/v1/filters/names HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + ConsoleUnderTest.TOKEN
                    + "\r\nContent-Type: application/octet-stream\r\nContent-Length: 100000\r\n\r\nPK");
        }
        Thread.sleep(300);
        rest.send("POST", "/filters/names", "application/octet-stream", Filters.jar(SlowClientsTest.class)).expect(200);
    }

    @Test
    void aBodyThatDoesNotComeIsAnsweredWith408() throws Exception {
        Socket socket = open("POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\na=");
        assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).contains("408").contains("LOOM-860");
    }

    @Test
    void aWaitingPostWithAKeyIsAnsweredTheSameTwice() throws Exception {
        String filter = Filters.name("key");
        rest.postText("/filters?name=" + filter, Filters.text("")).expect(201);
        Map<String, Object> body = Map.of("filter", filter, "selector", "key=" + filter, "allowEmpty", true);
        Rest.Answer first = rest.postJson("/deployments?wait=1", body, "Idempotency-Key", filter).expect(201);
        Rest.Answer second = rest.postJson("/deployments?wait=1", body, "Idempotency-Key", filter).expect(201);
        assertThat(second.text()).isEqualTo(first.text());
        assertThat(second.header("Idempotency-Replayed")).isEqualTo("true");
        rest.delete("/deployments/" + first.json().path("id").asLong()).expect(200);
    }
}
