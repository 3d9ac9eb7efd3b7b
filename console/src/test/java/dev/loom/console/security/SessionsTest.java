package dev.loom.console.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loom.console.contract.LoomProblem;
import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Filters;
import dev.loom.console.support.Rest;
import dev.loom.console.support.WebSession;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who somebody is, is looked up at each request: what was changed holds at once, in sessions and in streams. */
class SessionsTest {

    private static final String PASSWORD = "a-long-password";

    private final ConsoleUnderTest console = ConsoleUnderTest.shared();
    private final Rest admin = console.rest();

    private String account(String role) {
        String name = Filters.name("person");
        admin.postJson("/accounts", Map.of("username", name, "password", PASSWORD, "role", role)).expect(201);
        return name;
    }

    private WebSession session(String name) throws Exception {
        WebSession session = new WebSession(console.url());
        assertThat(session.login(name, PASSWORD)).doesNotContain("error");
        assertThat(session.isIn()).isTrue();
        return session;
    }

    private void change(String name, String json) {
        admin.send("PUT", "/accounts/" + name, "application/json", json.getBytes()).expect(200);
    }

    private void end(String name, String how) {
        switch (how) {
            case "deleted" -> admin.delete("/accounts/" + name).expect(204);
            case "disabled" -> change(name, "{\"enabled\":false}");
            case "disabled and enabled again" -> {
                change(name, "{\"enabled\":false}");
                change(name, "{\"enabled\":true}");
            }
            case "deleted and made again" -> {
                admin.delete("/accounts/" + name).expect(204);
                admin.postJson("/accounts", Map.of("username", name, "password", PASSWORD, "role", "admin")).expect(201);
            }
            default -> change(name, "{\"password\":\"another-password\"}");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"deleted", "disabled", "password changed", "disabled and enabled again", "deleted and made again"})
    void theSessionOfAnAccountEndsAtOnce(String how) throws Exception {
        String name = account("admin");
        WebSession session = session(name);
        end(name, how);
        assertThat(session.isIn()).isFalse();
        HttpResponse<String> token = session.form("/access/tokens", "name=x&role=ADMIN");
        assertThat(token.statusCode()).isEqualTo(302);
        assertThat(token.headers().firstValue("Location").orElse("")).contains("/login");
        if (admin.get("/accounts").text().contains('"' + name + '"')) {
            admin.delete("/accounts/" + name).expect(204);
        }
    }

    @Test
    void aDemotedAccountMayDoWhatItsRoleNowAllows() throws Exception {
        String name = account("admin");
        WebSession session = session(name);
        assertThat(session.send("GET", "/access", null).statusCode()).isEqualTo(200);
        change(name, "{\"role\":\"viewer\"}");
        assertThat(session.send("GET", "/access", null).statusCode()).isEqualTo(403);
        assertThat(session.form("/access/tokens", "name=x&role=ADMIN").statusCode()).isEqualTo(403);
        assertThat(session.isIn()).isTrue();
        change(name, "{\"role\":\"operator\"}");
        assertThat(session.send("GET", "/deployments/new", null).statusCode()).isEqualTo(200);
        admin.delete("/accounts/" + name).expect(204);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/live", "/api/v1/events"})
    void streamsOfAnAccountEndWithIt(String path) throws Exception {
        for (String how : new String[] {"deleted", "disabled", "password changed", "demoted"}) {
            String name = account("operator");
            try (InputStream stream = session(name).stream(path).body()) {
                if (how.equals("demoted")) {
                    change(name, "{\"role\":\"viewer\"}");
                } else {
                    end(name, how);
                }
                endsSoon(stream, how);
            }
        }
    }

    @Test
    void theStreamOfATokenEndsWhenItIsRevoked() throws Exception {
        var created = admin.postJson("/tokens", Map.of("name", "stream", "role", "viewer")).expect(201).json();
        var request = new Rest(console.url(), created.path("secret").asString()).request("/events", "Accept", "text/event-stream");
        try (InputStream stream = java.net.http.HttpClient.newHttpClient()
                .send(request.build(), HttpResponse.BodyHandlers.ofInputStream())
                .body()) {
            admin.delete("/tokens/" + created.path("token").path("id").asLong()).expect(204);
            endsSoon(stream, "revoked");
        }
    }

    private static void endsSoon(InputStream stream, String how) throws Exception {
        CompletableFuture<Integer> end = CompletableFuture.supplyAsync(() -> {
            try {
                return stream.readAllBytes().length;
            } catch (java.io.IOException e) {
                return -1;
            }
        });
        assertThat(end).as("the stream goes on after the account or token was " + how).succeedsWithin(10, TimeUnit.SECONDS);
    }

    @Test
    void oneUserCannotTakeAllStreams() throws Exception {
        String name = account("viewer");
        WebSession session = session(name);
        java.util.List<InputStream> open = new java.util.ArrayList<>();
        int refused = 0;
        for (int i = 0; i < 30; i++) {
            HttpResponse<InputStream> answer = session.stream(i % 2 == 0 ? "/live" : "/api/v1/events");
            refused += answer.statusCode() == 429 ? 1 : 0;
            open.add(answer.body());
        }
        for (int i = 0; i < 30; i++) {
            HttpResponse<InputStream> answer = session.stream("/api/v1/events");
            refused += answer.statusCode() == 429 ? 1 : 0;
            open.add(answer.body());
        }
        assertThat(refused).as("streams that were refused to one user with 429").isPositive();
        for (InputStream stream : open) {
            stream.close();
        }
        admin.delete("/accounts/" + name).expect(204);
    }

    @Test
    void twoAdministratorsWhoDemoteEachOtherAtOnceLeaveOne() throws Exception {
        try (ConsoleUnderTest own = ConsoleUnderTest.fresh()) {
            AccountService accounts = own.bean(AccountService.class);
            accounts.create("other", PASSWORD, Role.ADMIN);
            for (int round = 0; round < 30; round++) {
                CyclicBarrier start = new CyclicBarrier(2);
                CompletableFuture<?>[] both = Stream.of("admin", "other")
                        .map(name -> CompletableFuture.runAsync(() -> {
                            try {
                                start.await();
                                accounts.setRole(name, Role.VIEWER);
                            } catch (LoomProblem lastAdmin) {
                                // one of them must hear this
                            } catch (Exception e) {
                                throw new IllegalStateException(e);
                            }
                        }))
                        .toArray(CompletableFuture[]::new);
                CompletableFuture.allOf(both).get(30, TimeUnit.SECONDS);
                assertThat(accounts.list().stream().filter(a -> a.role() == Role.ADMIN)).as("administrators in round " + round).hasSize(1);
                accounts.setRole("admin", Role.ADMIN);
                accounts.setRole("other", Role.ADMIN);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE"})
    void whoIsNotLoggedInIsAskedToLogInAndNotForACsrfToken(String method) {
        Rest nobody = new Rest(console.url(), null);
        assertThat(nobody.send(method, "/filters/x", "text/plain", new byte[0]).expect(401).code()).isEqualTo("LOOM-841");
    }
}
