package dev.loom.console.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Filters;
import dev.loom.console.support.Rest;
import dev.loom.console.support.TargetJvm;
import dev.loom.console.support.WebSession;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What a deployment would do, asked before it is enabled; and a new version that takes the place of an old one. */
class DryRunTest {

    private static final ConsoleUnderTest console = ConsoleUnderTest.shared();
    private static final Rest rest = console.rest();
    private static final String tier = Filters.name("dry");
    private static TargetJvm one;
    private static TargetJvm other;
    private static long first;
    private static long second;

    private final String filter = Filters.name("tried");

    @BeforeAll
    static void list() {
        one = TargetJvm.fake("name=dry-1");
        other = TargetJvm.fake("name=dry-2");
        first = listed(one, "dry-1");
        second = listed(other, "dry-2");
    }

    private static long listed(TargetJvm jvm, String name) {
        long id = rest.postJson("/targets", Map.of("address", jvm.address(), "name", name, "labels", Map.of("tier", tier))).expect(201).json().path("id")
                .asLong();
        rest.await("/targets/" + id, t -> t.path("state").asString().equals("REACHABLE"));
        return id;
    }

    @AfterAll
    static void end() {
        rest.delete("/targets/" + first + "?force=true");
        rest.delete("/targets/" + second + "?force=true");
        one.close();
        other.close();
    }

    private void stored(String about) {
        rest.postText("/filters?name=" + filter, Filters.text(about)).expect(201);
    }

    private JsonNode dry(Map<String, ?> order) {
        return rest.postJson("/deployments/dry-run", order).expect(200).json();
    }

    private static JsonNode jvm(JsonNode run, String name) {
        for (JsonNode jvm : run.path("jvms")) {
            if (jvm.path("targetName").asString().equals(name)) {
                return jvm;
            }
        }
        throw new AssertionError("no " + name + " in " + run);
    }

    private long enabled(Map<String, ?> order) {
        long id = rest.postJson("/deployments?wait=30", order).expect(201).json().path("id").asLong();
        rest.await("/deployments/" + id, d -> d.path("state").asString().equals("ENABLED"));
        return id;
    }

    @Test
    void aDryRunTellsOfEachJvmWhatItWouldDoAndDoesNothing() {
        stored("as it is");
        long enabled = enabled(Map.of("filter", filter, "targets", List.of(first)));
        long events = rest.get("/events?size=1").json().path("items").path(0).path("id").asLong();
        JsonNode run = dry(Map.of("filter", filter, "selector", "tier=" + tier, "mode", "observe"));
        assertThat(run.path("total").asInt()).isEqualTo(2);
        assertThat(run.path("asked").asInt()).isEqualTo(2);
        JsonNode replaced = jvm(run, "dry-1");
        assertThat(replaced.path("outcome").asString()).isEqualTo("REPLACE");
        assertThat(replaced.path("now").path("deployment").asLong()).isEqualTo(enabled);
        assertThat(replaced.path("now").path("mode").asString()).isEqualTo("enforce");
        JsonNode installed = jvm(run, "dry-2");
        assertThat(installed.path("outcome").asString()).isEqualTo("INSTALL");
        assertThat(installed.path("pins").asString()).isEqualTo("NONE");
        assertThat(installed.path("explained").path("methods").asInt()).isEqualTo(1);
        assertThat(installed.path("explained").path("places").asInt()).isEqualTo(1);
        assertThat(installed.path("explained").path("inTheWay").asInt()).isEqualTo(1);
        assertThat(installed.path("explained").path("names").path(0).asString()).isEqualTo("com.acme.Bank#transfer(Lcom/acme/Account;J)V");
        assertThat(jvm(dry(Map.of("filter", filter, "targets", List.of(first))), "dry-1").path("outcome").asString()).isEqualTo("NOTHING");
        assertThat(rest.get("/events?filter=" + filter + "&size=1").json().path("items").path(0).path("id").asLong()).as("nothing has happened since")
                .isLessThanOrEqualTo(events);
        assertThat(rest.get("/targets/" + second + "/filters/" + filter).status()).isEqualTo(404);
        rest.delete("/deployments/" + enabled + "?wait=30").expect(200);
    }

    @Test
    void whatAJvmRefusesAndWhatIsAtWorkIsTold() {
        stored("reject-early");
        JsonNode refused = jvm(dry(Map.of("filter", filter, "targets", List.of(first))), "dry-1");
        assertThat(refused.path("outcome").asString()).isEqualTo("REJECTED");
        assertThat(refused.path("diagnostics").path(0).path("code").asString()).isEqualTo("LOOM-021");
        assertThat(refused.has("explained")).isFalse();

        rest.putText("/filters/" + filter, Filters.text("straggle"), "If-Match", "\"1\"").expect(200);
        long id = rest.postJson("/deployments", Map.of("filter", filter, "targets", List.of(first))).expect(201).json().path("id").asLong();
        rest.await("/deployments/" + id, d -> d.path("jvms").path(0).path("state").asString().equals("EVACUATING"));
        JsonNode busy = jvm(dry(Map.of("filter", filter, "targets", List.of(first), "mode", "observe")), "dry-1");
        assertThat(busy.path("outcome").asString()).isEqualTo("BUSY");
        assertThat(busy.path("now").path("state").asString()).isEqualTo("EVACUATING");
        rest.post("/deployments/" + id + "/abort?wait=30").expect(200);
    }

    @Test
    void aJvmThatDoesNotAnswerIsNotAskedAndSaysWhy() {
        stored("far away");
        long gone = rest.postJson("/targets", Map.of("address", "127.0.0.2:1", "name", Filters.name("gone"))).expect(201).json().path("id").asLong();
        rest.await("/targets/" + gone, t -> t.path("state").asString().equals("UNREACHABLE"));
        JsonNode jvm = dry(Map.of("filter", filter, "targets", List.of(gone))).path("jvms").path(0);
        assertThat(jvm.path("outcome").asString()).isEqualTo("UNREACHABLE");
        assertThat(jvm.path("asked").asBoolean()).isFalse();
        assertThat(jvm.path("reason").asString()).isNotBlank();
        rest.delete("/targets/" + gone).expect(204);
    }

    @Test
    void aTextThatIsNotStoredIsTriedAndStaysUnstored() {
        JsonNode run = dry(Map.of("filter", filter, "text", Filters.text("not stored"), "targets", List.of(first)));
        assertThat(run.path("version").asInt()).isEqualTo(1);
        assertThat(run.path("jvms").path(0).path("outcome").asString()).isEqualTo("INSTALL");
        assertThat(rest.get("/filters/" + filter).status()).isEqualTo(404);
        stored("one");
        assertThat(dry(Map.of("filter", filter, "text", Filters.text("two"), "targets", List.of(first))).path("version").asInt()).isEqualTo(2);
        assertThat(dry(Map.of("filter", filter, "text", Filters.text("one"), "targets", List.of(first))).path("version").asInt()).isEqualTo(1);
        Rest.Answer wrong = rest.postJson("/deployments/dry-run", Map.of("filter", filter, "text", "atomic ;", "targets", List.of(first))).expect(422);
        assertThat(wrong.json().path("diagnostics")).isNotEmpty();
    }

    @Test
    void wrongWishesAreRefusedAsTheyWouldBe() {
        stored("wrong wishes");
        assertThat(rest.postJson("/deployments/dry-run", Map.of("filter", "none-such", "targets", List.of(first))).expect(404).code()).isEqualTo("LOOM-801");
        assertThat(rest.postJson("/deployments/dry-run", Map.of("filter", filter)).expect(422).code()).isEqualTo("LOOM-834");
        String secret = rest.postJson("/tokens", Map.of("name", filter, "role", "operator", "scope", "tier=none")).expect(201).json().path("secret").asString();
        assertThat(new Rest(console.url(), secret).postJson("/deployments/dry-run", Map.of("filter", filter, "targets", List.of(first))).expect(403).code())
                .isEqualTo("LOOM-849");
    }

    @Test
    void anUpdateBringsTheNewVersionToAllThatHaveTheOldOneAsTheyHaveIt() {
        stored("one");
        long observing = enabled(Map.of("filter", filter, "targets", List.of(first), "mode", "observe", "options", Map.of("on-harmful", "remove")));
        long enforcing = enabled(Map.of("filter", filter, "targets", List.of(second)));
        rest.putText("/filters/" + filter, Filters.text("two"), "If-Match", "\"1\"").expect(200);
        JsonNode done = rest.postJson("/deployments/update", Map.of("filter", filter)).expect(200).json();
        assertThat(done.path("version").asInt()).isEqualTo(2);
        assertThat(done.path("left")).isEmpty();
        assertThat(done.path("updated")).hasSize(2);
        for (JsonNode updated : done.path("updated")) {
            JsonNode now = rest.await("/deployments/" + updated.path("deployment").asLong(), d -> d.path("state").asString().equals("ENABLED"));
            boolean observes = updated.path("replaces").asLong() == observing;
            assertThat(now.path("version").asInt()).isEqualTo(2);
            assertThat(now.path("mode").asString()).isEqualTo(observes ? "observe" : "enforce");
            assertThat(now.path("onHarmful").asString()).isEqualTo(observes ? "remove" : "keep");
            rest.await("/deployments/" + updated.path("replaces").asLong(), d -> d.path("state").asString().equals("SUPERSEDED"));
        }
        assertThat(List.of(done.path("updated").path(0).path("replaces").asLong(), done.path("updated").path(1).path("replaces").asLong()))
                .containsExactly(observing, enforcing);
        assertThat(rest.postJson("/deployments/update", Map.of("filter", filter)).expect(409).code()).as("all have it").isEqualTo("LOOM-833");
        rest.get("/deployments?ended=false&filter=" + filter).json().path("items").forEach(d -> rest.delete("/deployments/" + d.path("id").asLong() + "?wait=30"));
    }

    @Test
    void anUpdateBySelectorTakesThePlaceOfTheOldOneInStepsIfItIsToldSo() {
        stored("one");
        long old = enabled(Map.of("filter", filter, "selector", "tier=" + tier));
        rest.putText("/filters/" + filter, Filters.text("two"), "If-Match", "\"1\"").expect(200);
        JsonNode done = rest.postJson(
                "/deployments/update", Map.of("filter", filter, "strategy", Map.of("steps", List.of(Map.of("jvms", 1), Map.of("percent", 100))))).expect(200).json();
        long now = done.path("updated").path(0).path("deployment").asLong();
        rest.await("/deployments/" + now, d -> d.path("rollout").path("state").asString().equals("DONE"));
        JsonNode there = rest.await("/deployments/" + now, d -> d.path("state").asString().equals("ENABLED"));
        assertThat(there.path("jvms")).hasSize(2);
        assertThat(there.path("selector").asString()).isEqualTo("tier=" + tier);
        rest.await("/deployments/" + old, d -> d.path("state").asString().equals("SUPERSEDED"));
        rest.delete("/deployments/" + now + "?wait=30").expect(200);
    }

    @Test
    void whatCannotBeUpdatedIsLeftAndSaysWhy() throws Exception {
        stored("straggle");
        long atWork = rest.postJson("/deployments", Map.of("filter", filter, "targets", List.of(first))).expect(201).json().path("id").asLong();
        rest.await("/deployments/" + atWork, d -> d.path("jvms").path(0).path("state").asString().equals("EVACUATING"));
        rest.putText("/filters/" + filter, Filters.text("two"), "If-Match", "\"1\"").expect(200);
        WebSession admin = new WebSession(console.url());
        admin.login("admin", ConsoleUnderTest.ADMIN_PASSWORD);
        assertThat(admin.send("GET", "/filters/" + filter, null).body()).contains("data-test=\"update\"", "Update to version");
        admin.form("/filters/" + filter + "/update", "version=2");
        assertThat(admin.send("GET", "/filters/" + filter, null).body()).contains("0 updated, 1 left as they are", "Deployment " + atWork + ": ");
        rest.post("/deployments/" + atWork + "/abort?wait=30").expect(200);
    }

    @Test
    void thePageTellsWhatItWouldDo() throws Exception {
        stored("on the page");
        WebSession admin = new WebSession(console.url());
        admin.login("admin", ConsoleUnderTest.ADMIN_PASSWORD);
        String page = admin.form("/deployments/dry-run", "filter=" + filter + "&selector=tier=" + tier).body();
        assertThat(page).contains("data-test=\"dry-run-result\"", "data-outcome=\"INSTALL\"", "be installed", "Nothing was installed", "value=\"tier=" + tier + "\"");
        assertThat(admin.form("/deployments/dry-run", "filter=" + filter).body()).contains("No JVM is given");
    }
}
