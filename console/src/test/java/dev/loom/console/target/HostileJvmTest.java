package dev.loom.console.target;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Filters;
import dev.loom.console.support.ReplacedAnswers;
import dev.loom.console.support.Rest;
import dev.loom.console.support.TargetJvm;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A JVM can harm only itself, whatever its agent says, and whether it says anything. */
class HostileJvmTest {

    private final ConsoleUnderTest console = ConsoleUnderTest.shared();
    private final Rest rest = console.rest();

    private long add(TargetJvm jvm) {
        return rest.postJson("/targets", Map.of("address", jvm.address())).expect(201).json().path("id").asLong();
    }

    @ParameterizedTest
    @ValueSource(strings = {"long-version", "many-labels", "long-filter", "unknown-state", "control", "nan", "many-filters", "flood"})
    void whatAnAgentSaysIsBoundedAndOthersDoNotNotice(String how) {
        try (TargetJvm bad = TargetJvm.fake("name=bad-" + how, "hostile=" + how);
                TargetJvm good = TargetJvm.fake("name=good-" + how)) {
            long hostile = add(bad);
            long other = add(good);
            rest.await("/targets/" + hostile, t -> t.path("state").asString().equals("REACHABLE"));
            JsonNode view = rest.get("/targets/" + hostile).expect(200).json();
            assertThat(view.path("agent").path("version").asString().length()).isLessThanOrEqualTo(100);
            assertThat(view.path("labels").size()).isLessThanOrEqualTo(50);
            assertThat(view.path("filters").size()).isLessThanOrEqualTo(200);
            if (how.equals("many-labels") || how.equals("long-filter") || how.equals("unknown-state") || how.equals("many-filters")) {
                rest.await("/targets/" + hostile, t -> t.path("agent").path("remarks").size() > 0);
            }
            String filter = Filters.name("bounded");
            rest.postText("/filters?name=" + filter, Filters.text("plain")).expect(201);
            rest.postJson("/deployments?wait=20", Map.of("filter", filter, "targets", List.of(hostile)));
            long began = System.nanoTime();
            JsonNode deployed =
                    rest.postJson("/deployments?wait=20", Map.of("filter", filter, "targets", List.of(other))).expect(201).json();
            assertThat(deployed.path("state").asString()).isEqualTo("ENABLED");
            assertThat((System.nanoTime() - began) / 1_000_000).as("ms for a deployment to the healthy JVM").isLessThan(5_000);
            rest.await("/targets/" + other + "/history", h -> h.path("overhead").size() >= 2);
            assertThat(rest.get("/events?target=" + hostile + "&size=500", "Accept", "application/json").json().path("total").asInt())
                    .as("events of one JVM").isLessThan(400);
            rest.delete("/targets/" + hostile + "?force=true");
            rest.delete("/targets/" + other + "?force=true");
        }
    }

    @Test
    void anAnswerThatIsTooLargeIsNotReadAndSaidAsTheReason() {
        try (TargetJvm bad = TargetJvm.fake("name=huge", "hostile=huge-labels")) {
            long id = add(bad);
            JsonNode view = rest.await("/targets/" + id, t -> t.path("state").asString().equals("UNREACHABLE"));
            assertThat(view.path("error").asString()).contains("more than");
            rest.delete("/targets/" + id + "?force=true");
        }
    }

    /** An agent that fails at each question: what it said before must not stand there as what is so now. */
    @Test
    void aJvmWhoseAgentFailsIsNotReachable() throws Exception {
        try (TargetJvm failing = TargetJvm.fake("name=failing", "replaced");
                var steering = javax.management.remote.JMXConnectorFactory.connect(
                        new javax.management.remote.JMXServiceURL("service:jmx:rmi:///jndi/rmi://" + failing.address() + "/jmxrmi"))) {
            long id = add(failing);
            rest.await("/targets/" + id, t -> t.path("state").asString().equals("REACHABLE"));
            ReplacedAnswers.replace(steering.getMBeanServerConnection(), "Filters", "error");
            JsonNode view = rest.await("/targets/" + id, t -> t.path("state").asString().equals("UNREACHABLE"));
            assertThat(view.path("error").asString()).contains("The agent failed");
            ReplacedAnswers.replace(steering.getMBeanServerConnection(), "", "");
            rest.await("/targets/" + id, t -> t.path("state").asString().equals("REACHABLE"));
            rest.delete("/targets/" + id + "?force=true");
        }
    }

    @Test
    void aDeploymentIntoAJvmThatTellsAnUnknownStateCanBeTakenBack() {
        try (TargetJvm bad = TargetJvm.fake("name=unknown", "hostile=unknown-state")) {
            long id = add(bad);
            String filter = Filters.name("unknown");
            rest.postText("/filters?name=" + filter, Filters.text("plain")).expect(201);
            JsonNode d = rest.postJson("/deployments", Map.of("filter", filter, "targets", List.of(id))).expect(201).json();
            String path = "/deployments/" + d.path("id").asLong();
            rest.await(path, now -> now.path("jvms").get(0).path("state").asString().equals("UNKNOWN"));
            assertThat(rest.delete(path + "?wait=20").expect(200).json().path("state").asString()).isEqualTo("DISABLED");
            rest.delete("/targets/" + id + "?force=true");
        }
    }

    @Test
    void frozenJvmsDoNotDelayAHealthyOne() {
        List<TargetJvm> frozen = new ArrayList<>();
        List<Long> ids = new ArrayList<>();
        try (TargetJvm healthy = TargetJvm.fake("name=healthy");
                ConsoleUnderTest own = ConsoleUnderTest.fresh("--loom.targets.reader-threads=2", "--loom.targets.command-threads=2")) {
            Rest there = own.rest();
            for (int i = 0; i < 6; i++) {
                TargetJvm jvm = TargetJvm.fake("name=frozen-" + i);
                frozen.add(jvm);
                ids.add(there.postJson("/targets", Map.of("address", jvm.address())).expect(201).json().path("id").asLong());
            }
            long target = there.postJson("/targets", Map.of("address", healthy.address())).expect(201).json().path("id").asLong();
            there.postText("/filters?name=freeze", Filters.text("plain")).expect(201);
            frozen.forEach(TargetJvm::freeze);
            long began = System.nanoTime();
            JsonNode d = there.postJson("/deployments?wait=30", Map.of("filter", "freeze", "targets", List.of(target))).expect(201).json();
            assertThat(d.path("state").asString()).isEqualTo("ENABLED");
            assertThat((System.nanoTime() - began) / 1_000_000).as("ms until the healthy JVM had it").isLessThan(6_000);
        } finally {
            frozen.forEach(TargetJvm::close);
        }
    }
}
