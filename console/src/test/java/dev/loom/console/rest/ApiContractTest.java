package dev.loom.console.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Filters;
import dev.loom.console.support.Rest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ApiContractTest {

    private final ConsoleUnderTest console = ConsoleUnderTest.shared();
    private final Rest rest = console.rest();

    @Test
    void theDescriptionNamesEveryPathOfTheContract() {
        JsonNode paths = new Rest(console.url(), null).get("/v3/api-docs").expect(200).json().path("paths");
        List<String> contract = List.of(
                "/api/v1/filters", "/api/v1/filters/{name}", "/api/v1/filters/{name}/versions", "/api/v1/filters/check",
                "/api/v1/targets", "/api/v1/targets/{id}", "/api/v1/targets/local", "/api/v1/targets/local/{pid}/attach",
                "/api/v1/deployments", "/api/v1/deployments/{id}", "/api/v1/deployments/{id}/pause", "/api/v1/deployments/{id}/resume",
                "/api/v1/deployments/{id}/abort", "/api/v1/deployments/{id}/promote", "/api/v1/targets/{id}/filters/{name}",
                "/api/v1/targets/{id}/filters/{name}/accept", "/api/v1/targets/{id}/filters/{name}/cancel", "/api/v1/events",
                "/api/v1/audit", "/api/v1/targets/{id}/find", "/api/v1/targets/{id}/findings", "/api/v1/targets/{id}/suggest", "/api/v1/targets/{id}/threads", "/api/v1/targets/{id}/classes/{name}");
        assertThat(paths.propertyNames()).containsAll(contract);
    }

    @Test
    void theDescriptionIsTheOneThatIsCheckedIn() throws Exception {
        Path checkedIn = Path.of("openapi.json");
        String now = new Rest(console.url(), null).get("/v3/api-docs").expect(200).text().replace("\r\n", "\n").strip() + "\n";
        Path fresh = Path.of("target", "openapi.json");
        Files.writeString(fresh, now);
        assertThat(now)
                .as("The API has changed. If that is meant, copy console/%s to console/%s: it is what users build on.", fresh, checkedIn)
                .isEqualTo(Files.exists(checkedIn) ? Files.readString(checkedIn) : "");
    }

    @Test
    void errorsAreProblemDetailsWithCodeAndDiagnostics() {
        Rest.Answer answer = rest.get("/deployments/999999").expect(404);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        JsonNode problem = answer.json();
        assertThat(problem.path("type").asString()).isEqualTo("urn:loom:problem:LOOM-831");
        assertThat(problem.path("status").asInt()).isEqualTo(404);
        assertThat(problem.path("title").asString()).isNotBlank();
        assertThat(problem.path("detail").asString()).contains("999999");
        assertThat(problem.path("instance").asString()).isEqualTo("/api/v1/deployments/999999");
        assertThat(problem.path("diagnostics").get(0).path("code").asString()).isEqualTo("LOOM-831");
    }

    @Test
    void whatIsNotThereAndWhatIsNotPossibleAreProblemsToo() {
        assertThat(rest.get("/nothing").expect(404).code()).isEqualTo("LOOM-852");
        assertThat(rest.get("/targets/12x").expect(400).code()).isEqualTo("LOOM-851");
        Rest.Answer method = rest.delete("/filters").expect(405);
        assertThat(method.code()).isEqualTo("LOOM-853");
        assertThat(method.header("Allow")).contains("POST");
        assertThat(rest.send("POST", "/filters", "application/xml", new byte[] {'<'}).expect(415).code()).isEqualTo("LOOM-855");
        assertThat(rest.get("/filters", "Accept", "image/png").expect(406).code()).isEqualTo("LOOM-854");
    }

    @Test
    void aRepeatedPostWithTheSameKeyIsDoneOnce() {
        String name = Filters.name("idempotent");
        String key = "key-" + name;
        Rest.Answer first = rest.postText("/filters?name=" + name, Filters.text(""), "Idempotency-Key", key).expect(201);
        Rest.Answer second = rest.postText("/filters?name=" + name, Filters.text(""), "Idempotency-Key", key).expect(201);
        assertThat(second.text()).isEqualTo(first.text());
        assertThat(second.header("Location")).isEqualTo(first.header("Location"));
        assertThat(second.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(rest.get("/filters/" + name).json().path("version").asInt()).isEqualTo(1);
        assertThat(rest.postText("/filters?name=" + name, Filters.text("other"), "Idempotency-Key", key).expect(422).code())
                .isEqualTo("LOOM-856");
        assertThat(rest.postText("/filters?name=" + name, Filters.text(""), "Idempotency-Key", "k".repeat(201)).expect(400).code())
                .isEqualTo("LOOM-851");
    }

    @Test
    void aRefusalIsRepeatedAsWell() {
        String key = Filters.name("refused");
        Rest.Answer first = rest.postText("/filters?name=refused", "nonsense", "Idempotency-Key", key).expect(422);
        Rest.Answer second = rest.postText("/filters?name=refused", "nonsense", "Idempotency-Key", key).expect(422);
        assertThat(second.text()).isEqualTo(first.text());
        assertThat(second.header("Content-Type")).startsWith("application/problem+json");
    }

    @Test
    void theSecretOfATokenIsNeverKeptForARepetition() {
        Map<String, String> body = Map.of("name", "no replay", "role", "viewer");
        String one = rest.postJson("/tokens", body, "Idempotency-Key", "tok").expect(201).json().path("secret").asString();
        String two = rest.postJson("/tokens", body, "Idempotency-Key", "tok").expect(201).json().path("secret").asString();
        assertThat(one).isNotEqualTo(two);
    }

    @Test
    void theAgentIsServedWithVersionAndChecksum() throws Exception {
        Rest anyone = new Rest(console.url(), null);
        Rest.Answer jar = anyone.get("/agent/loom-agent.jar").expect(200);
        byte[] digest = java.security.MessageDigest.getInstance("SHA-256").digest(jar.response().body());
        assertThat(jar.header("X-Loom-SHA256")).isEqualTo(java.util.HexFormat.of().formatHex(digest));
        assertThat(jar.header("X-Loom-Version")).isNotBlank();
        assertThat(anyone.get("/agent/loom-agent.jar.sha256").text()).isEqualTo(java.util.HexFormat.of().formatHex(digest) + "  loom-agent.jar\n");
    }
}
