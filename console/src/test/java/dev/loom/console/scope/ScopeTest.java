package dev.loom.console.scope;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Filters;
import dev.loom.console.support.Rest;
import dev.loom.console.support.TargetJvm;
import dev.loom.console.support.WebSession;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Whoever is restricted to some JVMs acts on those and on no other, by whatever way, now or later; and sees them all. */
class ScopeTest {

    private static final String PASSWORD = "a-long-password";

    private final ConsoleUnderTest console = ConsoleUnderTest.shared();
    private final Rest admin = console.rest();
    private final String tier = Filters.name("mine");
    private final String scope = "tier=" + tier;
    private final String filter = Filters.name("scoped");
    private final Rest scoped = token("operator", scope);
    private final List<TargetJvm> jvms = new ArrayList<>();
    private final List<Long> targets = new ArrayList<>();
    private long inside;
    private long outside;

    private Rest token(String role, String scope) {
        return new Rest(
                console.url(),
                admin.postJson("/tokens", Map.of("name", Filters.name("t"), "role", role, "scope", scope)).expect(201).json().path("secret").asString());
    }

    @BeforeEach
    void oneInsideAndOneOutside() {
        inside = come(tier);
        outside = come("other");
        admin.postText("/filters?name=" + filter, Filters.text("")).expect(201);
    }

    @AfterEach
    void end() {
        targets.forEach(id -> admin.delete("/targets/" + id + "?force=true"));
        jvms.forEach(TargetJvm::close);
    }

    private long come(String label) {
        TargetJvm jvm = TargetJvm.fake("name=jvm of " + label, "label=tier:" + label);
        jvms.add(jvm);
        long id = admin.postJson("/targets", Map.of("address", jvm.address())).expect(201).json().path("id").asLong();
        targets.add(id);
        admin.await("/targets/" + id, t -> t.path("labels").path("tier").asString("").equals(label));
        return id;
    }

    private long deploy(Rest by, Object... targets) {
        return by.postJson("/deployments?wait=30", Map.of("filter", filter, "targets", List.of(targets))).expect(201).json().path("id").asLong();
    }

    private void refused(Rest.Answer answer) {
        answer.expect(403);
        assertThat(answer.code()).isEqualTo("LOOM-849");
        assertThat(answer.json().path("detail").asString()).as("names the scope").contains(scope);
    }

    @Test
    void anOperatorWithAScopeDeploysInsideAndNotOutside() {
        long own = deploy(scoped, inside);
        scoped.delete("/deployments/" + own + "?wait=30").expect(200);
        refused(scoped.postJson("/deployments", Map.of("filter", filter, "targets", List.of(outside))));
        refused(scoped.postJson("/deployments", Map.of("filter", filter, "targets", List.of(inside, outside))));
        assertThat(admin.get("/targets/" + outside).json().path("filters").size()).isZero();
        scoped.get("/targets/" + outside).expect(200);
    }

    @Test
    void aSelectorThatCouldTakeOthersNowOrLaterIsRefusedAndWhatJoinsIsInside() {
        for (String wide : List.of("*", "tier", "tier!=other", "env=staging")) {
            refused(scoped.postJson("/deployments", Map.of("filter", filter, "selector", wide, "allowEmpty", true)));
        }
        JsonNode own = scoped.postJson("/deployments?wait=30", Map.of("filter", filter, "selector", scope)).expect(201).json();
        long late = come(tier);
        long stranger = come("stranger");
        scoped.await("/targets/" + late + "/filters/" + filter, live -> live.path("state").asString().equals("ACTIVE"));
        assertThat(admin.get("/targets/" + stranger).json().path("filters").size()).isZero();
        scoped.delete("/deployments/" + own.path("id").asLong() + "?wait=30").expect(200);
    }

    @Test
    void aRollOutIsBoundInAllItsStepsAndNotOnlyInTheFirst() {
        Map<String, ?> steps = Map.of("steps", List.of(Map.of("jvms", 1), Map.of("approve", true), Map.of("percent", 100)));
        refused(scoped.postJson("/deployments", Map.of("filter", filter, "targets", List.of(inside, outside), "strategy", steps)));
        refused(scoped.postJson("/deployments", Map.of("filter", filter, "selector", "tier", "strategy", steps)));
        long theirs = admin.postJson("/deployments", Map.of("filter", filter, "targets", List.of(inside, outside), "strategy", steps))
                .expect(201).json().path("id").asLong();
        for (String act : List.of("approve", "pause", "abort")) {
            refused(scoped.post("/deployments/" + theirs + "/" + act));
        }
        admin.delete("/deployments/" + theirs + "?wait=30").expect(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pause", "resume", "abort", "promote", "approve", "disable"})
    void aDeploymentThatReachesBeyondTheScopeIsNotChanged(String act) {
        long both = deploy(admin, inside, outside);
        refused(act.equals("disable") ? scoped.delete("/deployments/" + both) : scoped.post("/deployments/" + both + "/" + act));
        assertThat(admin.get("/deployments/" + both).json().path("state").asString()).isEqualTo("ENABLED");
        admin.delete("/deployments/" + both + "?wait=30").expect(200);
        long bySelector = admin.postJson("/deployments?wait=30", Map.of("filter", filter, "selector", "tier=" + tier)).expect(201).json().path("id").asLong();
        scoped.delete("/deployments/" + bySelector + "?wait=30").expect(200);
    }

    @Test
    void nothingElseIsDoneToAJvmOutside() {
        String jvm = "/targets/" + outside;
        long theirs = deploy(admin, outside);
        refused(scoped.delete(jvm + "?force=true"));
        refused(scoped.post(jvm + "/retry"));
        refused(scoped.postJson(jvm + "/filters/" + filter + "/accept", Map.of("why", "I say so")));
        refused(scoped.post(jvm + "/filters/" + filter + "/cancel"));
        refused(scoped.post(jvm + "/filters/" + filter + "/adopt"));
        refused(scoped.delete(jvm + "/filters/" + filter));
        refused(scoped.send("PUT", jvm + "/app-bean", "application/json", "{\"name\":\"\",\"operations\":\"\",\"failures\":\"\"}".getBytes()));
        refused(scoped.send("PATCH", jvm, "application/json", ("{\"labels\":{\"tier\":\"" + tier + "\"}}").getBytes()));
        admin.delete("/deployments/" + theirs + "?wait=30").expect(200);
    }

    @Test
    void labelsNeitherBringAJvmInNorTakeOneOut() {
        refused(scoped.send("PATCH", "/targets/" + inside, "application/json", "{\"labels\":{\"tier\":\"other\"}}".getBytes()));
        scoped.send("PATCH", "/targets/" + inside, "application/json", ("{\"labels\":{\"tier\":\"" + tier + "\",\"more\":\"x\"}}").getBytes()).expect(200);
        refused(scoped.postJson("/targets", Map.of("address", "127.0.0.1:1", "labels", Map.of("tier", tier))));
        refused(scoped.postJson("/targets", Map.of("name", "x", "pid", 1, "host", "h", "labels", Map.of("tier", tier))));
        refused(scoped.postJson("/targets/local/1/attach", Map.of()));
    }

    @Test
    void anEnrolmentTokenWithAScopeRegistersOnlyWhatHasItsLabels() {
        Rest agent = token("agent", scope);
        Map<String, Object> body = new HashMap<>(Map.of("name", "enrolled", "pid", 77, "host", Filters.name("host"), "labels", Map.of("tier", tier)));
        targets.add(agent.postJson("/targets", body).expect(201).json().path("id").asLong());
        body.put("labels", Map.of("tier", "prod"));
        body.put("host", Filters.name("host"));
        refused(agent.postJson("/targets", body));
        body.remove("labels");
        refused(agent.postJson("/targets", body));
    }

    @Test
    void whatCannotBeRestrictedHasNoScope() {
        for (String role : List.of("viewer", "author", "admin")) {
            Rest.Answer answer = admin.postJson("/tokens", Map.of("name", "t", "role", role, "scope", scope)).expect(422);
            assertThat(answer.json().path("detail").asString()).contains("not what is seen");
        }
        admin.postJson("/tokens", Map.of("name", "t", "role", "operator", "scope", "tier=((")).expect(422);
        String name = Filters.name("ada");
        admin.postJson("/accounts", Map.of("username", name, "password", PASSWORD, "role", "operator", "scope", scope)).expect(201);
        String path = "/accounts/" + name;
        admin.send("PUT", path, "application/json", "{\"role\":\"admin\"}".getBytes()).expect(422);
        JsonNode now = admin.send("PUT", path, "application/json", "{\"role\":\"admin\",\"scope\":\"\"}".getBytes()).expect(200).json();
        assertThat(now.path("role").asString()).isEqualTo("ADMIN");
        assertThat(now.has("scope")).isFalse();
        admin.delete(path).expect(204);
    }

    @Test
    void onThePagesAsWellAndFromTheNextRequestOn() throws Exception {
        String name = Filters.name("ada");
        admin.postJson("/accounts", Map.of("username", name, "password", PASSWORD, "role", "operator")).expect(201);
        WebSession session = new WebSession(console.url());
        session.login(name, PASSWORD);
        assertThat(session.send("GET", "/targets/" + outside, null).body()).contains("data-test=\"deploy\"");
        admin.send("PUT", "/accounts/" + name, "application/json", ("{\"scope\":\"" + scope + "\"}").getBytes()).expect(200);
        assertThat(session.send("GET", "/targets/" + outside, null).body()).doesNotContain("data-test=\"deploy\"");
        assertThat(session.send("GET", "/targets/" + inside, null).body()).contains("data-test=\"deploy\"");
        assertThat(session.send("GET", "/targets/new", null).statusCode()).isEqualTo(403);
        for (String form : List.of("/targets/" + outside + "/delete?force=true", "/targets/" + outside + "/retry", "/targets/" + outside + "/change?name=x")) {
            String[] parts = form.split("\\?");
            var answer = session.form(parts[0], parts.length > 1 ? parts[1] : "x=x");
            assertThat(answer.statusCode()).as(form).isEqualTo(403);
            assertThat(answer.body()).as(form).contains(scope);
        }
        var deployed = session.form("/deployments", "filter=" + filter + "&targets=" + outside);
        assertThat(deployed.statusCode()).isEqualTo(403);
        assertThat(deployed.body()).contains(scope);
        assertThat(session.form("/deployments", "filter=" + filter + "&targets=" + inside).statusCode()).isEqualTo(302);
        admin.delete("/accounts/" + name).expect(204);
    }
}
