package dev.loom.console.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Filters;
import dev.loom.console.support.Rest;
import dev.loom.console.support.TargetJvm;
import dev.loom.console.support.WebSession;
import dev.loom.console.target.TargetMonitor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What somebody changes in a JVM past the console: it is seen, not fought over, and settled by an operator. */
class DriftTest {

    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private static final ConsoleUnderTest console = ConsoleUnderTest.shared();
    private static final Rest rest = console.rest();
    private static TargetJvm jvm;
    private static long target;

    private final String filter = Filters.name("drift");
    private final String live = "/targets/" + target + "/filters/" + filter;
    private long deployment;

    @BeforeAll
    static void list() {
        jvm = TargetJvm.fake("name=drifting");
        target = rest.postJson("/targets", Map.of("address", jvm.address(), "labels", Map.of("drift", "yes"))).expect(201).json().path("id").asLong();
        rest.await("/targets/" + target, t -> t.path("state").asString().equals("REACHABLE"));
    }

    @AfterAll
    static void end() {
        rest.delete("/targets/" + target + "?force=true");
        jvm.close();
    }

    @BeforeEach
    void enable() {
        rest.postText("/filters?name=" + filter, Filters.text("as wanted")).expect(201);
        deployment = rest.postJson("/deployments", Map.of("filter", filter, "targets", List.of(target))).expect(201).json().path("id").asLong();
        rest.await("/deployments/" + deployment, d -> d.path("state").asString().equals("ENABLED"));
    }

    @AfterEach
    void disable() {
        for (JsonNode open : rest.get("/deployments?ended=false&filter=" + filter).json().path("items")) {
            rest.delete("/deployments/" + open.path("id").asLong() + "?wait=30").expect(200);
        }
    }

    private static void byHand(TargetMonitor.Command<?> command) {
        console.bean(TargetMonitor.class).call(target, DEADLINE, command);
    }

    private JsonNode drift(String kind) {
        return rest.await("/drift?size=500", all -> of(all) != null && of(all).path("drift").asString().equals(kind));
    }

    private JsonNode of(JsonNode all) {
        for (JsonNode drift : all.path("items")) {
            if (drift.path("filter").asString().equals(filter)) {
                return drift;
            }
        }
        return null;
    }

    private JsonNode onlyJvm() {
        return rest.get("/deployments/" + deployment).json().path("jvms").path(0);
    }

    private void noDrift() {
        rest.await("/drift?size=500", all -> of(all) == null);
    }

    @Test
    void whatWasRemovedByOthersIsNotFoughtOverAndIsAppliedAgainWhenSomebodySaysSo() {
        byHand(agent -> agent.remove(filter));
        JsonNode found = of(drift("REMOVED"));
        assertThat(found.path("deployment").asLong()).isEqualTo(deployment);
        assertThat(rest.get("/deployments/" + deployment).json().path("state").asString()).isEqualTo("DEGRADED");
        assertThat(onlyJvm().path("cause").asString()).isEqualTo("It was removed there, not by the console.");
        rest.await("/events?type=deployment.drift&filter=" + filter, events -> events.path("total").asInt() == 1);
        assertThat(rest.get(live).json().path("state").asString()).isEqualTo("REMOVED");

        rest.post(live + "/reapply").expect(200);
        rest.await("/deployments/" + deployment, d -> d.path("state").asString().equals("ENABLED"));
        assertThat(rest.get(live).json().path("state").asString()).isEqualTo("ACTIVE");
        noDrift();
        assertThat(rest.get("/audit?type=filter.reapplied&filter=" + filter).json().path("total").asInt()).isEqualTo(1);
        assertThat(rest.post(live + "/reapply").expect(409).code()).isEqualTo("LOOM-833");
    }

    @Test
    void whatWasRemovedIsLetGo() {
        byHand(agent -> agent.remove(filter));
        drift("REMOVED");
        rest.post(live + "/adopt").expect(200);
        JsonNode ended = rest.await("/deployments/" + deployment, d -> d.path("endedAt").isString());
        assertThat(ended.path("jvms").path(0).path("cause").asString()).contains("token:").contains("let it go");
        noDrift();
    }

    @Test
    void whatWasRemovedCanBeDisabledOrDeployedAnew() {
        byHand(agent -> agent.remove(filter));
        drift("REMOVED");
        long next = rest.postJson("/deployments?wait=30", Map.of("filter", filter, "targets", List.of(target))).expect(201).json().path("id").asLong();
        rest.await("/deployments/" + next, d -> d.path("state").asString().equals("ENABLED"));
        byHand(agent -> agent.remove(filter));
        drift("REMOVED");
        assertThat(rest.delete("/deployments/" + next + "?wait=30").expect(200).json().path("state").asString()).isEqualTo("DISABLED");
        noDrift();
    }

    @Test
    void anotherTextIsSeenAsLongAsItIsThereAndReplacedByWhatIsWanted() {
        String digest = rest.get(live).json().path("digest").asString();
        byHand(agent -> agent.install(filter, Filters.text("by hand"), "mode=enforce"));
        drift("OTHER_TEXT");
        String read = rest.get(live).json().path("at").asString();
        rest.await(live, f -> f.path("at").asString().compareTo(read) > 0); // and it still says so after more readings
        rest.await("/deployments/" + deployment, d -> d.path("jvms").path(0).path("cause").asString().startsWith("Another text"));
        assertThat(rest.delete(live).expect(409).json().path("hint").asString()).contains("apply it again");
        rest.post(live + "/reapply").expect(200);
        rest.await(live, f -> f.path("digest").asString().equals(digest) && f.path("state").asString().equals("ACTIVE"));
        noDrift();
        rest.await("/deployments/" + deployment, d -> d.path("jvms").path(0).path("cause").asString().isEmpty());
    }

    @Test
    void anotherTextIsAdoptedAsAVersionWithoutBeingInstalledAgain() {
        byHand(agent -> agent.install(filter, Filters.text("better, by hand"), "mode=enforce"));
        drift("OTHER_TEXT");
        String since = rest.get(live).json().path("enabledSince").asString();
        JsonNode adopted = rest.post(live + "/adopt").expect(200).json();
        assertThat(adopted.path("version").asInt()).isEqualTo(2);
        rest.await("/deployments/" + adopted.path("id").asLong(), d -> d.path("state").asString().equals("ENABLED"));
        rest.await("/deployments/" + deployment, d -> d.path("state").asString().equals("SUPERSEDED"));
        assertThat(rest.get(live).json().path("enabledSince").asString()).isEqualTo(since);
        noDrift();
    }

    @Test
    void anotherModeIsAdoptedOrTakenBack() {
        byHand(agent -> agent.install(filter, Filters.text("as wanted"), "mode=observe"));
        drift("OTHER_MODE");
        rest.post(live + "/reapply").expect(200);
        rest.await(live, f -> f.path("mode").asString().equals("enforce") && f.path("state").asString().equals("ACTIVE"));
        noDrift();
        byHand(agent -> agent.install(filter, Filters.text("as wanted"), "mode=observe"));
        drift("OTHER_MODE");
        JsonNode adopted = rest.post(live + "/adopt").expect(200).json();
        assertThat(adopted.path("mode").asString()).isEqualTo("observe");
        assertThat(adopted.path("version").asInt()).isEqualTo(1);
        noDrift();
    }

    @Test
    void whoeverMayNotActOnTheJvmSettlesNothingThere() {
        byHand(agent -> agent.remove(filter));
        drift("REMOVED");
        String secret = rest.postJson("/tokens", Map.of("name", filter, "role", "operator", "scope", "drift=no")).expect(201).json().path("secret").asString();
        Rest scoped = new Rest(console.url(), secret);
        assertThat(scoped.post(live + "/reapply").expect(403).code()).isEqualTo("LOOM-849");
        assertThat(scoped.post(live + "/adopt").expect(403).code()).isEqualTo("LOOM-849");
    }

    @Test
    void theMatrixAndTheJvmsPageShowItAndOfferTheWaysOut() throws Exception {
        WebSession admin = new WebSession(console.url());
        admin.login("admin", ConsoleUnderTest.ADMIN_PASSWORD);
        assertThat(admin.send("GET", "/matrix?filter=" + filter, null).body()).contains("data-filter=\"" + filter + "\"", "data-state=\"ACTIVE\"")
                .doesNotContain("data-test=\"cell-drift\"");
        byHand(agent -> agent.install(filter, Filters.text("by hand"), "mode=enforce"));
        drift("OTHER_TEXT");
        assertThat(admin.send("GET", "/matrix?drift=true&filter=" + filter, null).body()).contains("data-name=\"drifting\"", "other text", ", 1 changed");
        assertThat(admin.send("GET", "/matrix?drift=true&q=no-such-jvm", null).body()).contains("Nothing was changed elsewhere");
        assertThat(admin.send("GET", "/targets/" + target, null).body()).contains("data-drift=\"OTHER_TEXT\"", "data-test=\"reapply\"", "data-test=\"adopt\"")
                .doesNotContain("data-test=\"remove-orphan\"");
        assertThat(admin.send("GET", "/", null).body()).contains(filter + " in drifting was changed elsewhere");
        assertThat(admin.form("/targets/" + target + "/filters/" + filter + "/reapply", "").headers().firstValue("Location").orElse(""))
                .endsWith("/targets/" + target);
        noDrift();
    }
}
