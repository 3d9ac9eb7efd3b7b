package dev.loom.console.target;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Filters;
import dev.loom.console.support.Rest;
import dev.loom.console.support.TargetJvm;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** An enrolment token enrols JVMs and changes nothing else: whoever wants to change a JVM shows its secret. */
class RegistrationsTest {

    private static final String SECRET = "Loom-JVM-Secret";

    private final ConsoleUnderTest console = ConsoleUnderTest.shared();
    private final Rest rest = console.rest();
    private final Rest agent = new Rest(
            console.url(),
            rest.postJson("/tokens", Map.of("name", "enrolment", "role", "agent")).expect(201).json().path("secret").asString());
    private final String host = Filters.name("host");

    private Map<String, Object> body(String name, long pid, Object... more) {
        Map<String, Object> body = new LinkedHashMap<>(
                Map.of("name", name, "labels", Map.of("app", "shop"), "pid", pid, "host", host, "startTime", 1_700_000_000_000L));
        for (int i = 0; i < more.length; i += 2) {
            body.put((String) more[i], more[i + 1]);
        }
        return body;
    }

    private static long id(Rest.Answer answer) {
        return answer.json().path("id").asLong();
    }

    @Test
    void whoShowsTheSecretMayChangeTheJvmAndNobodyElse() {
        Rest.Answer enrolled = agent.postJson("/targets", body("victim", 10)).expect(201);
        String secret = enrolled.header(SECRET);
        String before = rest.get("/targets/" + id(enrolled)).text();
        Map<String, Object> forged = body("victim", 10, "labels", Map.of("app", "stolen"), "username", "me", "password", "mine");
        assertThat(agent.postJson("/targets", forged).expect(403).code()).isEqualTo("LOOM-842");
        assertThat(agent.postJson("/targets", body("victim", 10, "jmxUrl", "127.0.0.1:1")).status()).isEqualTo(403);
        Rest.Answer other = agent.postJson("/targets", body("another", 11)).expect(201);
        assertThat(agent.postJson("/targets", forged, SECRET, other.header(SECRET)).status()).isIn(200, 201);
        assertThat(rest.get("/targets/" + id(enrolled)).text()).as("the victim, after all that").isEqualTo(before);

        assertThat(id(agent.postJson("/targets", body("victim", 10, "labels", Map.of("app", "mine")), SECRET, secret).expect(200)))
                .isEqualTo(id(enrolled));
        assertThat(rest.get("/targets/" + id(enrolled)).json().path("labels").path("app").asString()).isEqualTo("mine");
        assertThat(agent.postJson("/targets", body("victim", 10, "labels", Map.of("app", "mine"))).expect(403).json().path("hint").asString())
                .contains("off the list");
    }

    @Test
    void anAgentThatKnowsNoSecretsEnrolsAndGivesSignsOfLife() {
        Rest.Answer enrolled = agent.postJson("/targets", body("old", 20)).expect(201);
        assertThat(id(agent.postJson("/targets", body("old", 20)).expect(200))).isEqualTo(id(enrolled));
        Rest.Answer restarted = agent.postJson("/targets", body("old", 21)).expect(201);
        assertThat(id(restarted)).as("a restarted JVM that shows no secret is a new one").isNotEqualTo(id(enrolled));
    }

    @Test
    void aJvmThatWasRestartedTakesItsOldPlaceAndACopyBesideItDoesNot() {
        try (TargetJvm jvm = TargetJvm.fake("name=copied")) {
            Map<String, Object> body = body("copied", jvm.pid(), "jmxUrl", jvm.address());
            Rest.Answer enrolled = agent.postJson("/targets", body).expect(201);
            String secret = enrolled.header(SECRET);
            rest.await("/targets/" + id(enrolled), t -> t.path("state").asString().equals("REACHABLE"));
            Rest.Answer copy = agent.postJson("/targets", body("copied", jvm.pid() + 1), SECRET, secret).expect(201);
            assertThat(id(copy)).isNotEqualTo(id(enrolled));
            assertThat(copy.header(SECRET)).isNotEmpty().isNotEqualTo(secret);
            jvm.die();
            rest.await("/targets/" + id(enrolled), t -> t.path("state").asString().equals("UNREACHABLE"));
            assertThat(id(agent.postJson("/targets", body("copied", 99_999), SECRET, secret).expect(200))).isEqualTo(id(enrolled));
        }
    }

    @Test
    void theAnswerDoesNotTellWhetherAPortIsOpenOrWhoElseIsThere() {
        try (TargetJvm open = TargetJvm.fake("name=open")) {
            String closed = "127.0.0.1:1";
            for (int i = 0; i < 3; i++) {
                JsonNode one = agent.postJson("/targets", body("scan", 30, "jmxUrl", open.address())).json();
                JsonNode two = agent.postJson("/targets", body("scan", 31, "jmxUrl", closed)).json();
                for (JsonNode answer : new JsonNode[] {one, two}) {
                    assertThat(answer.path("state").asString()).isEqualTo("CONNECTING");
                    assertThat(answer.has("error") || answer.has("agent") || answer.has("jvm") || answer.has("lastSeen")).isFalse();
                }
                rest.await("/targets/" + one.path("id").asLong(), t -> t.path("state").asString().equals("REACHABLE"));
                rest.await("/targets/" + two.path("id").asLong(), t -> t.path("state").asString().equals("UNREACHABLE"));
            }
        }
    }

    @Test
    void aJvmThatWasAddedByHandIsNotTakenOver() {
        try (TargetJvm jvm = TargetJvm.fake("name=by-hand")) {
            long id = rest.postJson("/targets", Map.of("address", jvm.address(), "name", "by hand")).expect(201).json().path("id").asLong();
            Rest.Answer registered = agent.postJson("/targets", body("thief", jvm.pid(), "jmxUrl", jvm.address()));
            assertThat(id(registered)).isNotEqualTo(id);
            JsonNode kept = rest.get("/targets/" + id).json();
            assertThat(kept.path("name").asString()).isEqualTo("by hand");
            assertThat(kept.path("source").asString()).isEqualTo("JMX");
            rest.delete("/targets/" + id + "?force=true");
        }
    }

    @Test
    void longAndStrangeValuesAreRefused() {
        assertThat(agent.postJson("/targets", body("x", 1, "host", "h".repeat(3_000))).expect(400).code()).isEqualTo("LOOM-851");
        assertThat(agent.postJson("/targets", body("x", 1, "password", "p".repeat(3_000), "username", "u")).expect(400).code())
                .isEqualTo("LOOM-851");
        assertThat(agent.postJson("/targets", body("x", 1, "jmxUrl", "h".repeat(3_000) + ":1")).expect(422).code()).isEqualTo("LOOM-817");
    }
}
