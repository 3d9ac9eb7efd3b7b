package dev.loom.console.target;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loom.console.support.Await;
import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Filters;
import dev.loom.console.support.Rest;
import dev.loom.console.support.TargetJvm;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

class TargetRestTest {

    private final ConsoleUnderTest console = ConsoleUnderTest.shared();
    private final Rest rest = console.rest();

    @Test
    void aJvmIsAddedByItsAddressAndTellsOfItself() {
        try (TargetJvm jvm = TargetJvm.fake("name=shop", "label=env:prod")) {
            JsonNode target = rest.postJson("/targets", Map.of("jmxUrl", "service:jmx:rmi:///jndi/rmi://" + jvm.address() + "/jmxrmi"))
                    .expect(201)
                    .json();
            assertThat(target.path("state").asString()).isEqualTo("REACHABLE");
            long id = target.path("id").asLong();
            JsonNode known = rest.get("/targets/" + id).json();
            assertThat(known.path("name").asString()).isEqualTo("shop");
            assertThat(known.path("labels").path("env").asString()).isEqualTo("prod");
            assertThat(known.path("agent").path("version").asString()).isEqualTo("fake-1");
            assertThat(known.path("pid").asLong()).isEqualTo(jvm.pid());
            assertThat(rest.postJson("/targets", Map.of("address", jvm.address())).expect(409).code()).isEqualTo("LOOM-812");
            rest.delete("/targets/" + id).expect(204);
            rest.get("/targets/" + id).expect(404);
        }
    }

    @Test
    void nameLabelsAndLoginOfAJvmInTheListCanBeChanged() {
        try (TargetJvm jvm = TargetJvm.fake("name=before")) {
            long id = rest.postJson("/targets", Map.of("address", jvm.address())).expect(201).json().path("id").asLong();
            String path = "/targets/" + id;
            JsonNode changed =
                    rest.send("PATCH", path, "application/json", "{\"name\":\"after\",\"labels\":{\"env\":\"test\"}}".getBytes()).expect(200).json();
            assertThat(changed.path("name").asString()).isEqualTo("after");
            assertThat(changed.path("labels").path("env").asString()).isEqualTo("test");
            rest.await(path, t -> t.path("state").asString().equals("REACHABLE"));
            assertThat(rest.get(path).json().path("name").asString()).as("what the agent says does not undo it").isEqualTo("after");
            rest.send("PATCH", path, "application/json", "{\"username\":\"ops\"}".getBytes()).expect(400);
            rest.send("PATCH", path, "application/json", "{\"name\":\" \"}".getBytes()).expect(400);
            rest.send("PATCH", path, "application/json", "{\"username\":\"ops\",\"password\":\"secret\"}".getBytes()).expect(200);
            assertThat(rest.get(path).json().path("username").asString()).isEqualTo("ops");
            assertThat(rest.get("/events?target=" + id, "Accept", "application/json").text()).doesNotContain("secret");
            rest.send("PATCH", path, "application/json", "{\"username\":\"\",\"password\":\"\"}".getBytes()).expect(200);
            assertThat(rest.get(path).json().path("username").asString("")).as("connects without a login again").isEmpty();
            rest.delete(path).expect(204);
        }
    }

    @Test
    void namesThatBeginAsTypedAreAskedOfTheJvm() {
        try (TargetJvm jvm = TargetJvm.fake("name=names")) {
            long id = rest.postJson("/targets", Map.of("address", jvm.address())).expect(201).json().path("id").asLong();
            assertThat(rest.get("/targets/" + id + "/names?q=Ban").expect(200).json().path("names").valueStream().map(JsonNode::asString))
                    .containsExactly("com.acme.Bank", "com.acme.Bank$Worker");
            assertThat(rest.get("/targets/" + id + "/names?q=com.acme.Bank%23tr").expect(200).json().path("names").get(0).asString())
                    .isEqualTo("com.acme.Bank#transfer");
            rest.delete("/targets/" + id).expect(204);
            rest.get("/targets/" + id + "/names?q=Ban").expect(404);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "nonsense", "host:99999", "host", "service:jmx:rmi:///jndi/ldap://evil.example/x", "service:jmx:iiop://x/stub/AAAA",
        "service:jmx:rmi://127.0.0.1/stub/rO0ABQ==", "http://127.0.0.1:8080", "service:jmx:rmi:///jndi/rmi://a:1/x?y"
    })
    void whatIsNoAddressOfAJmxRegistryIsRefused(String address) {
        assertThat(rest.postJson("/targets", Map.of("address", address)).expect(422).code()).isEqualTo("LOOM-817");
    }

    @Test
    void aJvmWhereNothingListensIsAddedAndSaysWhy() {
        int port;
        try (TargetJvm jvm = TargetJvm.fake()) {
            port = jvm.port();
        }
        JsonNode target = rest.postJson("/targets", Map.of("address", "127.0.0.1:" + port)).expect(201).json();
        assertThat(target.path("state").asString()).isEqualTo("UNREACHABLE");
        assertThat(target.path("errorCode").asString()).isEqualTo("LOOM-813");
        assertThat(target.path("error").asString()).contains("Nothing listens at 127.0.0.1:" + port);
        assertThat(target.path("hint").asString()).contains("jmx.port");
        rest.delete("/targets/" + target.path("id").asLong()).expect(204);
    }

    @Test
    void aWrongPasswordIsSaidAndNoPasswordIsEverShownOrStoredInTheClear() {
        try (TargetJvm jvm = TargetJvm.fake("password=very-secret-word")) {
            JsonNode wrong = rest.postJson(
                            "/targets", Map.of("address", jvm.address(), "username", "loom", "password", "wrong-secret-word"))
                    .expect(201)
                    .json();
            assertThat(wrong.path("state").asString()).isEqualTo("UNREACHABLE");
            assertThat(wrong.path("errorCode").asString()).isEqualTo("LOOM-818");
            rest.delete("/targets/" + wrong.path("id").asLong()).expect(204);

            Rest.Answer right =
                    rest.postJson("/targets", Map.of("address", jvm.address(), "username", "loom", "password", "very-secret-word")).expect(201);
            assertThat(right.json().path("state").asString()).isEqualTo("REACHABLE");
            long id = right.json().path("id").asLong();
            assertThat(right.text() + rest.get("/targets/" + id).text() + rest.get("/events?size=500", "Accept", "application/json").text())
                    .doesNotContain("secret-word");
            String stored = console.bean(JdbcClient.class)
                    .sql("select password_sealed from target where id = ?")
                    .param(id)
                    .query(String.class)
                    .single();
            assertThat(stored).isNotBlank().doesNotContain("secret-word");
            rest.delete("/targets/" + id).expect(204);
        }
    }

    @Test
    void aJvmWithoutTheAgentIsToldApartFromOneThatIsGone() {
        try (TargetJvm jvm = TargetJvm.fake("no-agent")) {
            JsonNode target = rest.postJson("/targets", Map.of("address", jvm.address())).expect(201).json();
            assertThat(target.path("state").asString()).isEqualTo("NO_AGENT");
            assertThat(target.path("errorCode").asString()).isEqualTo("LOOM-814");
            long id = target.path("id").asLong();
            String filter = Filters.name("no-agent");
            rest.postText("/filters?name=" + filter, Filters.text("")).expect(201);
            assertThat(rest.postJson("/deployments", Map.of("filter", filter, "targets", new long[] {id})).expect(409).code())
                    .isEqualTo("LOOM-814");
            rest.delete("/targets/" + id).expect(204);
        }
    }

    @Test
    void theJvmIsAskedAboutATextWithASyntaxErrorToo() {
        try (TargetJvm jvm = TargetJvm.fake("name=asked")) {
            long id = rest.postJson("/targets", Map.of("address", jvm.address())).expect(201).json().path("id").asLong();
            Rest.Answer check = rest.postText("/filters/check?name=x&target=" + id, "atomic (\n" + Filters.text("reject-early")).expect(200);
            assertThat(check.json().path("accepted").asBoolean()).isFalse();
            List<String> codes = check.json().path("diagnostics").valueStream().map(d -> d.path("code").asString()).toList();
            assertThat(codes).contains("LOOM-001"); // of the text, which the played agent does not read
            assertThat(codes.size()).as("and what the agent says").isGreaterThan(1);
            rest.delete("/targets/" + id).expect(204);
        }
    }

    @Test
    void aJvmThatHangsDelaysNobodyAndIsBackWhenItGoesOn() {
        try (TargetJvm jvm = TargetJvm.fake("name=hanging")) {
            long id = rest.postJson("/targets", Map.of("address", jvm.address())).expect(201).json().path("id").asLong();
            jvm.freeze();
            long start = System.nanoTime();
            Rest.Answer check = rest.postText("/filters/check?name=x&target=" + id, Filters.text(""));
            assertThat(check.code()).isIn("LOOM-815", "LOOM-813");
            assertThat((System.nanoTime() - start) / 1_000_000).isLessThan(25_000);
            rest.get("/targets").expect(200);
            jvm.thaw();
            rest.await("/targets/" + id, t -> t.path("state").asString().equals("REACHABLE"));
            rest.delete("/targets/" + id).expect(204);
        }
    }

    @Test
    void anAgentRegistersItselfOnceHoweverOftenItSaysSo() {
        String enrolment =
                rest.postJson("/tokens", Map.of("name", "enrolment", "role", "agent")).expect(201).json().path("secret").asString();
        Rest agent = new Rest(console.url(), enrolment);
        try (TargetJvm jvm = TargetJvm.fake("name=registered")) {
            Map<String, Object> body = new LinkedHashMap<>(Map.of(
                    "name", "registered", "labels", Map.of("app", "shop"), "pid", jvm.pid(), "host", "test-host", "startTime",
                    1_000_000_000_000L, "version", "0.1.0", "jmxUrl", "service:jmx:rmi:///jndi/rmi://" + jvm.address() + "/jmxrmi"));
            Rest.Answer enrolled = agent.postJson("/targets", body).expect(201);
            JsonNode first = enrolled.json();
            String secret = enrolled.header("Loom-JVM-Secret");
            assertThat(secret).startsWith("jvm_");
            JsonNode second = agent.postJson("/targets", body).expect(200).json();
            long id = first.path("id").asLong();
            assertThat(second.path("id").asLong()).isEqualTo(id);
            assertThat(first.path("source").asString()).isEqualTo("REGISTERED");
            rest.await("/targets/" + id, t -> t.path("state").asString().equals("REACHABLE"));
            // the JVM's own start is another than the one that was registered here: still the same process
            assertThat(agent.postJson("/targets", body).status()).isEqualTo(200);

            agent.get("/targets").expect(403);
            assertThat(agent.postJson("/targets", Map.of("address", jvm.address())).expect(403).code()).isEqualTo("LOOM-842");
            jvm.die();
            rest.await("/targets/" + id, t -> t.path("state").asString().equals("UNREACHABLE"));
            try (TargetJvm again = TargetJvm.fake("name=registered")) {
                body.put("pid", again.pid());
                body.put("startTime", 1_000_000_100_000L);
                body.put("jmxUrl", "service:jmx:rmi:///jndi/rmi://" + again.address() + "/jmxrmi");
                assertThat(agent.postJson("/targets", body, "Loom-JVM-Secret", secret).expect(200).json().path("id").asLong())
                        .as("a restarted JVM takes its old place")
                        .isEqualTo(id);
                rest.await("/targets/" + id, t -> t.path("state").asString().equals("REACHABLE"));
            }
        }
    }

    @Test
    void anApplicationsOwnCountersAreReadWhereverTheyAre() {
        try (TargetJvm jvm = TargetJvm.fake("name=orders")) {
            Map<String, Object> bean = Map.of("name", "com.acme:type=Orders", "operations", "Processed", "failures", "Broken");
            long id = rest.postJson("/targets", Map.of("address", jvm.address(), "appBean", bean)).expect(201).json().path("id").asLong();
            JsonNode app = rest.get("/targets/" + id).json().path("app");
            assertThat(app.path("failures").asLong()).isPositive();
            JsonNode history = Await.until(
                    () -> rest.get("/targets/" + id + "/history").json(),
                    h -> h.path("failures").valueStream().filter(v -> !v.isNull()).count() >= 5,
                    "the history of failures");
            double last = history.path("failures").valueStream().filter(v -> !v.isNull()).reduce((a, b) -> b).orElseThrow().asDouble();
            assertThat(last).as("one a millisecond").isBetween(300.0, 3000.0);
            assertThat(rest.send("PUT", "/targets/" + id + "/app-bean", "application/json", "{\"name\":\"*:*\",\"operations\":\"a\",\"failures\":\"b\"}".getBytes())
                            .expect(400).code())
                    .isEqualTo("LOOM-851");
            rest.delete("/targets/" + id).expect(204);
        }
    }

    @Test
    void attachingToWhatIsNoJvmIsDecoded() {
        assertThat(rest.postJson("/targets/local/999999999/attach", Map.of()).expect(422).json().path("detail").asString())
                .contains("no such process");
        assertThat(rest.postJson("/targets/local/" + ProcessHandle.current().pid() + "/attach", Map.of()).expect(422).code())
                .isEqualTo("LOOM-816");
    }
}
