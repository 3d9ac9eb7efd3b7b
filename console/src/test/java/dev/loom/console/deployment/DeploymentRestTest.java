package dev.loom.console.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Filters;
import dev.loom.console.support.Rest;
import dev.loom.console.support.TargetJvm;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class DeploymentRestTest {

    private final Rest rest = ConsoleUnderTest.shared().rest();
    private TargetJvm jvm;
    private long target;

    @BeforeEach
    void start() {
        jvm = TargetJvm.fake("name=deployed", "label=tier:" + Filters.name("t"));
        target = rest.postJson("/targets", Map.of("address", jvm.address())).expect(201).json().path("id").asLong();
    }

    @AfterEach
    void end() {
        rest.delete("/targets/" + target + "?force=true");
        jvm.close();
    }

    private String filter(String about) {
        String name = Filters.name("f");
        rest.postText("/filters?name=" + name, Filters.text(about)).expect(201);
        return name;
    }

    private JsonNode deploy(String filter, Object... more) {
        return rest.postJson("/deployments?wait=30", body(filter, more)).expect(201).json();
    }

    private Map<String, Object> body(String filter, Object... more) {
        Map<String, Object> body = new java.util.LinkedHashMap<>(Map.of("filter", filter, "targets", List.of(target)));
        for (int i = 0; i < more.length; i += 2) {
            body.put((String) more[i], more[i + 1]);
        }
        return body;
    }

    private static JsonNode onlyJvm(JsonNode deployment) {
        return deployment.path("jvms").get(0);
    }

    @Test
    void aFilterIsEnabledFollowedAndDisabled() {
        String filter = filter("plain");
        JsonNode deployment = deploy(filter);
        assertThat(deployment.path("state").asString()).isEqualTo("ENABLED");
        assertThat(onlyJvm(deployment).path("state").asString()).isEqualTo("ACTIVE");
        assertThat(deployment.path("progress").asDouble()).isEqualTo(1);
        JsonNode live = rest.get("/targets/" + target + "/filters/" + filter).expect(200).json();
        assertThat(live.path("deployment").asLong()).isEqualTo(deployment.path("id").asLong());
        assertThat(live.path("hooks").get(0).path("hits").asLong()).isPositive();
        rest.await("/targets/" + target + "/filters/" + filter, l -> l.path("hitsPerSecond").asDouble() > 100);
        assertThat(rest.delete("/filters/" + filter).expect(409).code()).isEqualTo("LOOM-808");
        assertThat(rest.delete("/targets/" + target).expect(409).code()).isEqualTo("LOOM-822");

        JsonNode ended = rest.delete("/deployments/" + deployment.path("id").asLong() + "?wait=30").expect(200).json();
        assertThat(ended.path("state").asString()).isEqualTo("DISABLED");
        assertThat(onlyJvm(ended).path("state").asString()).isEqualTo("REMOVED");
        rest.delete("/deployments/" + deployment.path("id").asLong()).expect(200);
        rest.delete("/filters/" + filter).expect(204);
    }

    @Test
    void stragglersAreShownWithTheirStacksAndAcceptedWithAReason() {
        String filter = filter("straggle");
        JsonNode deployment = rest.postJson("/deployments", body(filter)).expect(201).json();
        String path = "/deployments/" + deployment.path("id").asLong();
        JsonNode evacuating = rest.await(path, d -> onlyJvm(d).path("state").asString().equals("EVACUATING"));
        assertThat(evacuating.path("state").asString()).isEqualTo("ENABLING");
        assertThat(onlyJvm(evacuating).path("stragglers").asInt()).isEqualTo(1);
        String live = "/targets/" + target + "/filters/" + filter;
        JsonNode straggler = rest.get(live).json().path("stragglers").get(0);
        assertThat(straggler.path("location").asString()).isEqualTo("com.acme.Bank.work(Bank.java:42)");
        assertThat(straggler.path("stack").size()).isEqualTo(2);

        assertThat(rest.postJson(live + "/accept", Map.of("why", " ")).expect(400).code()).isEqualTo("LOOM-851");
        JsonNode accepted = rest.postJson(live + "/accept", Map.of("why", "it only reads")).expect(200).json();
        assertThat(accepted.path("state").asString()).isEqualTo("ACCEPTED");
        assertThat(accepted.path("accepted").asString()).isEqualTo("token:bootstrap: it only reads");
        rest.await(path, d -> d.path("state").asString().equals("ENABLED"));
        assertThat(rest.get("/audit?filter=" + filter + "&type=filter.accepted").json().path("items").get(0).path("message").asString())
                .contains("it only reads");
        rest.delete(path + "?wait=30").expect(200);
    }

    @Test
    void theWaitsOfNowAreShownWithWhomTheyWaitForAndTheOverheadInItsTwoParts() {
        String filter = filter("held");
        JsonNode deployment = deploy(filter);
        JsonNode live = rest.get("/targets/" + target + "/filters/" + filter).expect(200).json();
        assertThat(live.path("waits").size()).isEqualTo(2);
        JsonNode wait = live.path("waits").get(0);
        assertThat(wait.path("thread").asString()).isEqualTo("teller-1");
        assertThat(wait.path("threadId").asLong()).isEqualTo(31);
        assertThat(wait.path("hook").asString()).isEqualTo("h1");
        assertThat(wait.path("location").asString()).isEqualTo("com.acme.Bank#transfer:42-45");
        assertThat(wait.path("sinceMillis").asLong()).isEqualTo(4_000);
        assertThat(wait.path("waitsFor").get(0).asString()).isEqualTo("teller-2 (id 32)");
        assertThat(live.path("waits").get(1).path("waitsFor").size()).as("one that waits for an event waits for no thread").isZero();
        assertThat(live.path("cpuPercent").asDouble()).isEqualTo(0.2);
        assertThat(live.path("waitPercent").asDouble()).as("waits of several threads add up").isEqualTo(150);
        assertThat(live.path("hooks").get(0).path("cpuPercent").asDouble()).isEqualTo(0.2);
        assertThat(live.path("hooks").get(0).path("waitPercent").asDouble()).isEqualTo(0.05);
        rest.delete("/deployments/" + deployment.path("id").asLong() + "?wait=30").expect(200);
    }

    @Test
    void threadsThatWereDeadlockedBeforeAreShownAndAcceptedByThePolicy() {
        String filter = filter("stuck");
        JsonNode waiting = rest.postJson("/deployments", body(filter)).expect(201).json();
        assertThat(waiting.path("onDeadlocked").asString()).isEqualTo("wait");
        String path = "/deployments/" + waiting.path("id").asLong();
        rest.await(path, d -> onlyJvm(d).path("state").asString().equals("EVACUATING"));
        JsonNode live = rest.get("/targets/" + target + "/filters/" + filter).expect(200).json();
        assertThat(live.path("deadlocks").get(0).asString()).startsWith("left waits for the monitor of com.acme.Fork@1");
        rest.post("/targets/" + target + "/filters/" + filter + "/cancel").expect(200);
        rest.await(path, d -> d.path("endedAt").isString());

        JsonNode accepted = deploy(filter, "options", Map.of("on-deadlocked", "accept"));
        assertThat(accepted.path("state").asString()).as("the agent was not told to accept: " + accepted).isEqualTo("ENABLED");
        assertThat(rest.get("/deployments/" + accepted.path("id").asLong()).json().path("onDeadlocked").asString()).isEqualTo("accept");
        rest.delete("/deployments/" + accepted.path("id").asLong() + "?wait=30").expect(200);
    }

    @Test
    void anInstallThatIsNotFinishedIsNotInstalledOverAndCanBeCancelled() {
        String filter = filter("straggle");
        JsonNode deployment = rest.postJson("/deployments", body(filter)).expect(201).json();
        String path = "/deployments/" + deployment.path("id").asLong();
        // before that, nothing is installed yet, and a newer deployment may take the place
        rest.await(path, d -> !onlyJvm(d).path("state").asString().equals("PENDING"));
        Rest.Answer busy = rest.postJson("/deployments", body(filter)).expect(409);
        assertThat(busy.code()).isEqualTo("LOOM-832");
        rest.await(path, d -> onlyJvm(d).path("state").asString().equals("EVACUATING"));
        assertThat(rest.postJson("/deployments", body(filter)).expect(409).json().path("detail").asString()).contains("EVACUATING");

        rest.post("/targets/" + target + "/filters/" + filter + "/cancel").expect(200);
        JsonNode ended = rest.await(path, d -> d.path("endedAt").isString());
        assertThat(onlyJvm(ended).path("state").asString()).isEqualTo("REMOVED");
        assertThat(ended.path("state").asString()).isEqualTo("DISABLED");
    }

    @Test
    void aNewVersionTakesThePlaceOfTheOldAndCancelBringsThatBack() {
        String filter = filter("first");
        JsonNode first = deploy(filter);
        rest.putText("/filters/" + filter, Filters.text("second, straggle"), "If-Match", "\"1\"").expect(200);
        JsonNode second = rest.postJson("/deployments", body(filter)).expect(201).json();
        String firstPath = "/deployments/" + first.path("id").asLong();
        String secondPath = "/deployments/" + second.path("id").asLong();
        assertThat(rest.get(firstPath).json().path("state").asString()).isEqualTo("SUPERSEDED");
        rest.await(secondPath, d -> onlyJvm(d).path("state").asString().equals("EVACUATING"));

        JsonNode aborted = rest.post(secondPath + "/abort?wait=30").expect(200).json();
        assertThat(aborted.path("state").asString()).isEqualTo("ABORTED");
        assertThat(onlyJvm(aborted).path("state").asString()).isEqualTo("CANCELLED");
        rest.await(firstPath, d -> d.path("state").asString().equals("ENABLED"));
        assertThat(rest.get("/targets/" + target + "/filters/" + filter).json().path("deployment").asLong())
                .isEqualTo(first.path("id").asLong());
        rest.delete(firstPath + "?wait=30").expect(200);
    }

    @Test
    void aFilterThatTheJvmRefusesIsRefusedWithTheReasonAndNothingIsStored() {
        String filter = filter("reject-early");
        long before = rest.get("/deployments").json().path("total").asLong();
        Rest.Answer refused = rest.postJson("/deployments", body(filter)).expect(422);
        assertThat(refused.code()).isEqualTo("LOOM-805");
        assertThat(refused.json().path("diagnostics").get(0).path("message").asString()).isEqualTo("com.acme.Bank has no method transfr");
        assertThat(rest.get("/deployments").json().path("total").asLong()).isEqualTo(before);
    }

    @Test
    void aFilterThatIsRejectedAtTheInstallFailsItsDeploymentWithTheDiagnostics() {
        JsonNode deployment = deploy(filter("reject-late"));
        assertThat(deployment.path("state").asString()).isEqualTo("FAILED");
        assertThat(onlyJvm(deployment).path("state").asString()).isEqualTo("REJECTED");
        assertThat(onlyJvm(deployment).path("diagnostics").get(0).path("line").asInt()).isEqualTo(3);
    }

    @Test
    void aJvmThatDiesDuringEvacuationIsUnreachableAndItsDeploymentSaysSo() {
        String filter = filter("straggle");
        JsonNode deployment = rest.postJson("/deployments", body(filter)).expect(201).json();
        String path = "/deployments/" + deployment.path("id").asLong();
        rest.await(path, d -> onlyJvm(d).path("state").asString().equals("EVACUATING"));
        jvm.die();
        JsonNode dead = rest.await(path, d -> onlyJvm(d).path("state").asString().equals("UNREACHABLE"));
        assertThat(dead.path("state").asString()).isEqualTo("DEGRADED");
        assertThat(onlyJvm(dead).path("cause").asString()).contains("It was EVACUATING, 50 %");
        assertThat(onlyJvm(dead).path("reachable").asBoolean()).isFalse();
        rest.await("/targets/" + target, t -> t.path("state").asString().equals("UNREACHABLE"));
        happened("deployment.unreachable");
        assertThat(rest.postJson("/deployments", body(filter("x"))).expect(409).code()).isEqualTo("LOOM-813");

        // the same address again: a restarted JVM gets what it shall have
        try (TargetJvm again = TargetJvm.fake("name=deployed", "port=" + jvm.port())) {
            rest.post("/targets/" + target + "/retry").expect(200);
            rest.await(path, d -> onlyJvm(d).path("state").asString().equals("EVACUATING"));
            happened("deployment.reinstalling");
            happened("target.restarted");
        }
    }

    private void happened(String type) {
        rest.await("/events?type=" + type + "&target=" + target, events -> events.path("total").asInt() == 1);
    }

    @Test
    void observingIsPromotedToEnforcing() {
        String filter = filter("plain");
        JsonNode deployment = deploy(filter, "mode", "observe");
        assertThat(onlyJvm(deployment).path("state").asString()).isEqualTo("OBSERVING");
        String path = "/deployments/" + deployment.path("id").asLong();
        JsonNode promoted = rest.post(path + "/promote?wait=30").expect(200).json();
        assertThat(promoted.path("mode").asString()).isEqualTo("enforce");
        rest.await(path, d -> onlyJvm(d).path("state").asString().equals("ACTIVE"));
        assertThat(rest.post(path + "/promote").expect(409).code()).isEqualTo("LOOM-833");
        assertThat(rest.post(path + "/resume").expect(409).code()).isEqualTo("LOOM-833");
        rest.delete(path + "?wait=30").expect(200);
    }

    @Test
    void aSelectorTakesTheJvmsThatAreThereAndThoseThatComeLaterUnlessItIsPaused() {
        String tier = Filters.name("tier");
        String filter = filter("plain");
        Map<String, Object> body = Map.of("filter", filter, "selector", "tier=" + tier, "allowEmpty", true);
        JsonNode deployment = rest.postJson("/deployments", body).expect(201).json();
        String path = "/deployments/" + deployment.path("id").asLong();
        assertThat(deployment.path("jvms").size()).isZero();
        try (TargetJvm one = TargetJvm.fake("name=one", "label=tier:" + tier);
                TargetJvm two = TargetJvm.fake("name=two", "label=tier:" + tier)) {
            long first = rest.postJson("/targets", Map.of("address", one.address())).expect(201).json().path("id").asLong();
            rest.await(path, d -> d.path("jvms").size() == 1 && d.path("state").asString().equals("ENABLED"));
            rest.post(path + "/pause").expect(200);
            long second = rest.postJson("/targets", Map.of("address", two.address())).expect(201).json().path("id").asLong();
            assertThat(rest.get(path).json().path("jvms").size()).isEqualTo(1);
            rest.post(path + "/resume").expect(200);
            rest.await(path, d -> d.path("jvms").size() == 2 && d.path("state").asString().equals("ENABLED"));
            assertThat(rest.delete(path + "?wait=30").expect(200).json().path("state").asString()).isEqualTo("DISABLED");
            rest.delete("/targets/" + first).expect(204);
            rest.delete("/targets/" + second).expect(204);
        }
    }

    @Test
    void nonsenseInARequestIsNamed() {
        String filter = filter("plain");
        assertThat(rest.postJson("/deployments", Map.of("filter", filter)).expect(422).code()).isEqualTo("LOOM-834");
        assertThat(rest.postJson("/deployments", body(filter, "selector", "a=b")).expect(422).code()).isEqualTo("LOOM-834");
        assertThat(rest.postJson("/deployments", Map.of("filter", filter, "targets", List.of(987654))).expect(404).code())
                .isEqualTo("LOOM-811");
        assertThat(rest.postJson("/deployments", body("no-such-filter")).expect(404).code()).isEqualTo("LOOM-801");
        assertThat(rest.postJson("/deployments", body(filter, "version", 7)).expect(404).code()).isEqualTo("LOOM-809");
        assertThat(rest.postJson("/deployments", body(filter, "mode", "guess")).expect(422).code()).isEqualTo("LOOM-835");
        assertThat(rest.postJson("/deployments", body(filter, "options", Map.of("on-deadlocked", "kill"))).expect(422).json().path("detail").asString())
                .contains("'kill'");
        assertThat(rest.postJson("/deployments", body(filter, "options", Map.of("on-straggler", "shrug"))).expect(422).code())
                .isEqualTo("LOOM-835");
        assertThat(rest.postJson("/deployments", body(filter, "strategy", Map.of("type", "canary"))).expect(422).code())
                .isEqualTo("LOOM-835");
        assertThat(rest.get("/targets/" + target + "/filters/" + filter).expect(404).code()).isEqualTo("LOOM-819");
    }

    @Test
    void whatIsWantedOutlivesTheConsole(@TempDir Path data) {
        String filter = "kept";
        long id;
        long known;
        try (ConsoleUnderTest console = ConsoleUnderTest.on(data)) {
            Rest own = console.rest();
            known = own.postJson("/targets", Map.of("address", jvm.address(), "name", "kept jvm")).expect(201).json().path("id").asLong();
            own.postText("/filters?name=" + filter, Filters.text("plain")).expect(201);
            JsonNode deployment = own.postJson("/deployments?wait=30", Map.of("filter", filter, "targets", List.of(known))).expect(201).json();
            assertThat(deployment.path("state").asString()).isEqualTo("ENABLED");
            id = deployment.path("id").asLong();
        }
        int port = jvm.port();
        jvm.die();
        jvm = TargetJvm.fake("name=deployed", "port=" + port);
        try (ConsoleUnderTest console = ConsoleUnderTest.on(data)) {
            Rest own = console.rest();
            own.await("/targets/" + known + "/filters/" + filter, live -> live.path("state").asString().equals("ACTIVE"));
            JsonNode deployment = own.await("/deployments/" + id, d -> d.path("state").asString().equals("ENABLED"));
            assertThat(deployment.path("filter").asString()).isEqualTo(filter);
            assertThat(own.get("/events?type=deployment.reinstalling", "Accept", "application/json").json().path("total").asInt()).isEqualTo(1);
            assertThat(own.delete("/deployments/" + id + "?wait=30").json().path("state").asString()).isEqualTo("DISABLED");
        }
    }
}
