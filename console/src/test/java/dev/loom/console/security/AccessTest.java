package dev.loom.console.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Filters;
import dev.loom.console.support.Rest;
import dev.loom.console.support.WebSession;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class AccessTest {

    private final ConsoleUnderTest console = ConsoleUnderTest.shared();
    private final Rest admin = console.rest();
    private final Rest nobody = new Rest(console.url(), null);

    private Rest withRole(String role) {
        String secret = admin.postJson("/tokens", Map.of("name", role + " of a test", "role", role)).expect(201).json().path("secret").asString();
        return new Rest(console.url(), secret);
    }

    @Test
    void withoutATokenTheApiSaysWhatToDo() {
        Rest.Answer answer = nobody.get("/targets").expect(401);
        assertThat(answer.code()).isEqualTo("LOOM-841");
        assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer");
        assertThat(answer.json().path("hint").asString()).contains("Authorization");
        assertThat(new Rest(console.url(), "loom_wrong").get("/targets").expect(401).code()).isEqualTo("LOOM-841");
    }

    @ParameterizedTest(name = "{0}: read {1}, write a filter {2}, add a JVM {3}, make tokens {4}")
    @CsvSource({"viewer,200,403,403,403", "author,200,201,403,403", "operator,200,403,422,403", "admin,200,201,422,201", "agent,403,403,403,403"})
    void eachRoleMayDoItsPart(String role, int read, int write, int add, int tokens) {
        Rest rest = withRole(role);
        assertThat(rest.get("/filters").status()).isEqualTo(read);
        assertThat(rest.postText("/filters?name=" + Filters.name(role), Filters.text("")).status()).isEqualTo(write);
        assertThat(rest.postJson("/targets", Map.of("address", "not an address")).status()).isEqualTo(add);
        assertThat(rest.postJson("/tokens", Map.of("name", "t", "role", "viewer")).status()).isEqualTo(tokens);
    }

    @Test
    void aRevokedTokenEndsAtOnceAndItsSecretIsStoredNowhere() {
        JsonNode created = admin.postJson("/tokens", Map.of("name", "to revoke", "role", "viewer")).expect(201).json();
        String secret = created.path("secret").asString();
        Rest rest = new Rest(console.url(), secret);
        rest.get("/filters").expect(200);
        assertThat(admin.get("/tokens?size=500").text()).doesNotContain(secret);
        admin.delete("/tokens/" + created.path("token").path("id").asLong()).expect(204);
        rest.get("/filters").expect(401);
        assertThat(admin.get("/audit?type=access.token-revoked").json().path("items").get(0).path("actor").asString())
                .isEqualTo("token:bootstrap");
    }

    @Test
    void healthIsOpenAndMetricsAreNot() {
        assertThat(nobody.get("/actuator/health").expect(200).text()).isEqualTo("{\"groups\":[\"liveness\",\"readiness\"],\"status\":\"UP\"}");
        nobody.get("/actuator/health/liveness").expect(200);
        nobody.get("/actuator/health/readiness").expect(200);
        nobody.get("/actuator/prometheus").expect(401);
        nobody.get("/actuator/info").expect(401);
        withRole("agent").get("/actuator/prometheus").expect(403);
        assertThat(withRole("viewer").get("/actuator/prometheus").expect(200).text()).contains("loom_targets{state=\"REACHABLE\"}");
    }

    @Test
    void everyAnswerCarriesThePolicyOfThisHostOnly() {
        for (String path : new String[] {"/api/v1/filters", "/actuator/health"}) {
            Rest.Answer answer = nobody.get(path);
            assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(answer.header("X-Frame-Options")).isEqualTo("DENY");
        }
        assertThat(nobody.get("/filters").header("Content-Security-Policy")).contains("default-src 'self'").doesNotContain("unsafe");
    }

    @Test
    void aSessionChangesNothingThroughTheApiWithoutItsCsrfToken() throws Exception {
        WebSession browser = new WebSession(console.url());
        assertThat(browser.login("admin", ConsoleUnderTest.ADMIN_PASSWORD)).doesNotContain("error");
        assertThat(browser.send("GET", "/api/v1/filters", null).statusCode()).isEqualTo(200);
        HttpResponse<String> refused = browser.send("POST", "/api/v1/filters/check?name=x", Filters.text(""));
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("LOOM-843");
        assertThat(browser.send("GET", "/actuator/prometheus", null).statusCode()).isEqualTo(200);
    }

    @Test
    void guessingAPasswordIsSlowedDown() throws Exception {
        WebSession browser = new WebSession(console.url());
        String where = "";
        for (int i = 0; i <= LoginThrottle.FREE && !where.contains("throttled"); i++) {
            where = browser.login("somebody", "wrong");
        }
        assertThat(where).contains("throttled");
        assertThat(new WebSession(console.url()).login("admin", ConsoleUnderTest.ADMIN_PASSWORD)).doesNotContain("throttled");
        assertThat(admin.get("/audit?type=access.login-failed").json().path("items").get(0).path("data").path("username").asString())
                .isEqualTo("somebody");
        assertThat(withRole("viewer").get("/audit?size=500").text()).doesNotContain("access.");
    }

    @Test
    void theLastAdministratorStays() {
        assertThat(admin.delete("/accounts/admin").expect(409).code()).isEqualTo("LOOM-848");
        admin.postJson("/accounts", Map.of("username", "olga", "password", "olgas-password", "role", "operator")).expect(201);
        assertThat(admin.postJson("/accounts", Map.of("username", "olga", "password", "olgas-password", "role", "viewer")).expect(409).code())
                .isEqualTo("LOOM-847");
        assertThat(admin.postJson("/accounts", Map.of("username", "x", "password", "short", "role", "viewer")).expect(400).code())
                .isEqualTo("LOOM-851");
        assertThat(admin.get("/accounts").text()).contains("olga").doesNotContain("olgas-password");
        admin.delete("/accounts/olga").expect(204);
    }
}
