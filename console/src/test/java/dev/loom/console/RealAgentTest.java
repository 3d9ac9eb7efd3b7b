package dev.loom.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.acme.office.Office;
import com.acme.racy.RacyTarget;
import dev.loom.console.support.Await;
import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Filters;
import dev.loom.console.support.Rest;
import dev.loom.console.support.TargetJvm;
import dev.loom.console.support.WebSession;
import dev.loom.console.target.AgentJar;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The main job with the real agent: a race in a running JVM is bypassed from the console, and comes back when it shall. */
class RealAgentTest {

    private static final String FILTER = "about \"Two workers meet where one may be.\"\natomic com.acme.racy.RacyTarget#critical\n";

    private final ConsoleUnderTest console = ConsoleUnderTest.shared();
    private final Rest rest = console.rest();

    @Test
    void anAgentRegistersItsJvmAndItsRaceIsBypassedUntilTheFilterIsDisabled() {
        String enrolment = rest.postJson("/tokens", Map.of("name", "real agents", "role", "agent")).expect(201).json().path("secret").asString();
        String options = "=name=racy,state=off,labels=env:test;app:racy,jmx.port=0,console=" + console.url() + ",token=" + enrolment;
        try (TargetJvm jvm = TargetJvm.start(List.of("-javaagent:" + console.bean(AgentJar.class).get().file() + options), RacyTarget.class)) {
            JsonNode target = Await.until(
                    () -> rest.get("/targets?q=racy").json().path("items").path(0), t -> t.path("state").asString("").equals("REACHABLE"),
                    "the JVM that registers");
            assertThat(target.path("source").asString()).isEqualTo("REGISTERED");
            assertThat(target.path("pid").asLong()).isEqualTo(jvm.pid());
            assertThat(target.path("labels").path("app").asString()).isEqualTo("racy");
            assertThat(target.path("agent").path("mode").asString()).isEqualTo("PREMAIN");
            bypass(target.path("id").asLong());

            long id = target.path("id").asLong();
            String filter = stored();
            String path = enabled(filter, id);
            jvm.die();
            JsonNode dead = rest.await(path, d -> d.path("jvms").get(0).path("state").asString().equals("UNREACHABLE"));
            assertThat(dead.path("jvms").get(0).path("cause").asString()).contains("It was ACTIVE");
            assertThat(rest.get("/targets/" + id).json().path("error").asString()).isNotBlank();
            rest.delete("/targets/" + id).expect(204);
            assertThat(rest.get(path).json().path("endedAt").isString()).isTrue();
        }
    }

    @Test
    void aJvmThatWasStartedWithoutTheAgentGetsItFromTheConsole() {
        try (TargetJvm jvm = TargetJvm.start(List.of("-XX:+EnableDynamicAgentLoading"), RacyTarget.class)) {
            JsonNode local = rest.get("/targets/local").expect(200).json();
            assertThat(local.path("items").valueStream().filter(j -> j.path("pid").asLong() == jvm.pid()).findFirst().orElseThrow()
                            .path("display").asString())
                    .isEqualTo("com.acme.racy.RacyTarget");
            JsonNode target = rest.postJson("/targets/local/" + jvm.pid() + "/attach", Map.of("options", "name=attached")).expect(201).json();
            assertThat(target.path("state").asString()).isEqualTo("REACHABLE");
            assertThat(target.path("source").asString()).isEqualTo("LOCAL");
            assertThat(target.path("agent").path("mode").asString()).isEqualTo("ATTACHED");
            long id = target.path("id").asLong();
            assertThat(rest.postJson("/targets/local/" + jvm.pid() + "/attach", Map.of()).expect(201).json().path("id").asLong())
                    .as("attaching again finds the agent that is there")
                    .isEqualTo(id);
            bypass(id);
            rest.delete("/targets/" + id).expect(204);
        }
    }

    @Test
    void theDeadlockOfARunningJvmIsSeenAmongItsThreadsAndAFilterProposedForIt() throws Exception {
        String enrolment = rest.postJson("/tokens", Map.of("name", "deadlocked", "role", "agent")).expect(201).json().path("secret").asString();
        String options = "=name=deadlocked,state=off,jmx.port=0,console=" + console.url() + ",token=" + enrolment;
        List<String> agent = List.of("-javaagent:" + console.bean(AgentJar.class).get().file() + options);
        try (TargetJvm jvm = TargetJvm.start(agent, Office.class, "real", "deadlock", "workers=20")) {
            long id = Await.until(
                    () -> rest.get("/targets?q=deadlocked").json().path("items").path(0), t -> t.path("state").asString("").equals("REACHABLE"),
                    "the JVM that registers").path("id").asLong();
            JsonNode dump = rest.get("/targets/" + id + "/threads").expect(200).json();
            assertThat(dump.path("deadlocks").size()).isEqualTo(2);
            assertThat(dump.path("threads").valueStream().filter(thread -> thread.path("loom").asBoolean()).map(thread -> thread.path("thread").asString()))
                    .as("threads of the agent").isNotEmpty().allMatch(name -> name.startsWith("loom-"));

            String text = rest.get("/targets/" + id + "/threads", "Accept", "text/plain").expect(200).text();
            JsonNode proposed = rest.postText("/targets/" + id + "/suggest", text).expect(200).json().path("suggestions");
            assertThat(proposed.get(0).path("filter").asString()).contains("com.acme.office.Office#");
            WebSession admin = new WebSession(console.url());
            admin.login("admin", ConsoleUnderTest.ADMIN_PASSWORD);
            String number = admin.send("GET", "/targets/" + id + "/threads", null).body().replaceAll("(?s).*name=\"dump\" value=\"(\\d+)\".*", "$1");
            assertThat(admin.form("/targets/" + id + "/threads/suggest", "dump=" + number).body()).contains("data-test=\"suggested\"", "com.acme.office.Office#");
            rest.delete("/targets/" + id).expect(204);
        }
    }

    private String stored() {
        String filter = Filters.name("racy");
        rest.postText("/filters?name=" + filter, FILTER).expect(201);
        return filter;
    }

    private String enabled(String filter, long target) {
        JsonNode deployment =
                rest.postJson("/deployments?wait=60", Map.of("filter", filter, "targets", List.of(target))).expect(201).json();
        assertThat(deployment.path("state").asString()).as(deployment.toString()).isEqualTo("ENABLED");
        assertThat(deployment.path("jvms").get(0).path("state").asString()).isEqualTo("ACTIVE");
        return "/deployments/" + deployment.path("id").asLong();
    }

    private void bypass(long target) {
        String misspelt = "atomic com.acme.racy.RacyTarget#critcal\n";
        JsonNode checked = rest.postText("/filters/check?name=x&target=" + target, misspelt).expect(200).json();
        assertThat(checked.path("accepted").asBoolean()).isFalse();
        assertThat(checked.path("diagnostics").get(0).path("code").asString()).isEqualTo("LOOM-021");

        String filter = stored();
        moreFailures(target);
        String path = enabled(filter, target);
        String live = "/targets/" + target + "/filters/" + filter;
        long hits = rest.get(live).expect(200).json().path("hooks").get(0).path("hits").asLong();
        rest.await("/targets/" + target, t -> t.path("app").path("operations").asLong() > 0);
        long failures = counted(target, "failures");
        long operations = counted(target, "operations");
        rest.await("/targets/" + target, t -> t.path("app").path("operations").asLong() > operations + 500);
        // a worker may have been in the middle of one operation when the filter became active
        assertThat(counted(target, "failures")).isBetween(failures, failures + 1);
        rest.await(live, l -> l.path("hooks").get(0).path("hits").asLong() > hits + 500 && l.path("contended").asLong() > 0);
        assertThat(new Rest(console.url(), ConsoleUnderTest.TOKEN).get("/actuator/prometheus").text())
                .contains("loom_hook_hits_total{filter=\"" + filter + "\",hook=\"h1\",jvm=");
        JsonNode history = rest.get(live + "/history").expect(200).json();
        assertThat(history.path("hits").valueStream().anyMatch(v -> v.asDouble(0) > 10)).isTrue();
        assertThat(history.path("failures").valueStream().anyMatch(v -> v.asDouble(0) > 0)).isTrue();

        assertThat(rest.delete(path + "?wait=60").expect(200).json().path("state").asString()).isEqualTo("DISABLED");
        moreFailures(target);
    }

    private void moreFailures(long target) {
        long before = counted(target, "failures");
        rest.await("/targets/" + target, t -> t.path("app").path("failures").asLong() > before + 5);
    }

    private long counted(long target, String what) {
        return rest.await("/targets/" + target, t -> t.path("app").has(what)).path("app").path(what).asLong();
    }
}
