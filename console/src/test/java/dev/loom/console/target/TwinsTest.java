package dev.loom.console.target;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Filters;
import dev.loom.console.support.Rest;
import dev.loom.console.support.TargetJvm;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A JVM that is in the list twice is one JVM: that is said, and it gets each filter once. */
class TwinsTest {

    private static final int ROUNDS = 60;

    private final Rest rest = ConsoleUnderTest.shared().rest();
    private final String tier = Filters.name("twin");
    private final String filter = Filters.name("once");
    private final List<Long> targets = new ArrayList<>();
    private final TargetJvm jvm = TargetJvm.fake("name=one", "label=tier:" + tier);

    @AfterEach
    void end() {
        targets.forEach(id -> rest.delete("/targets/" + id + "?force=true"));
        jvm.close();
    }

    private long list(String address) {
        return came(rest.postJson("/targets", Map.of("address", address)));
    }

    private long register(TargetJvm which) {
        return came(rest.postJson("/targets", Map.of(
                "name", "registered", "pid", which.pid(), "host", Filters.name("host"), "labels", Map.of("tier", tier),
                "jmxUrl", "service:jmx:rmi:///jndi/rmi://" + which.address() + "/jmxrmi")));
    }

    private long came(Rest.Answer answer) {
        long id = answer.expect(201).json().path("id").asLong();
        targets.add(id);
        rest.await("/targets/" + id, t -> t.path("state").asString().equals("REACHABLE") && t.path("labels").path("tier").asString("").equals(tier));
        return id;
    }

    private void awaitSame(long entry, long as) {
        rest.await("/targets/" + entry, t -> t.path("sameAs").asLong(0) == as);
    }

    private JsonNode deployment(long id) {
        return rest.get("/deployments/" + id).json();
    }

    private static List<Long> jvms(JsonNode deployment) {
        return deployment.path("jvms").valueStream().map(j -> j.path("targetId").asLong()).toList();
    }

    @Test
    void whoIsListedAndRegistersGetsAFilterOnceAndKeepsItWhenOneEntryIsTakenOff() {
        long listed = list(jvm.address());
        long registered = register(jvm);
        awaitSame(registered, listed);
        assertThat(rest.get("/targets/" + listed).json().has("sameAs")).isFalse();

        rest.postText("/filters?name=" + filter, Filters.text("")).expect(201);
        long id = rest.postJson("/deployments?wait=30", Map.of("filter", filter, "selector", "tier=" + tier)).expect(201).json().path("id").asLong();
        assertThat(jvms(deployment(id))).containsExactly(listed);
        Rest.Answer named = rest.postJson("/deployments", Map.of("filter", filter, "targets", List.of(registered))).expect(409);
        assertThat(named.json().path("detail").asString()).contains("same JVM as " + listed);
        rest.await("/targets/" + registered + "/filters", f -> f.path("items").size() == 1);
        assertThat(rest.post("/targets/" + registered + "/filters/" + filter + "/adopt").expect(409).code()).isEqualTo("LOOM-812");

        rest.delete("/targets/" + listed + "?force=true").expect(204);
        rest.await("/targets/" + registered, t -> !t.has("sameAs"));
        rest.await("/deployments/" + id, d -> jvms(d).contains(registered));
        rest.await("/targets/" + registered + "/filters/" + filter, live -> live.path("deployment").asLong() == id && live.path("state").asString().equals("ACTIVE"));
        rest.delete("/deployments/" + id + "?wait=30").expect(200);
    }

    @Test
    void theEntryThatAPersonMadeCountsAlsoIfItCameLater() {
        long registered = register(jvm);
        rest.postJson("/targets", Map.of("address", jvm.address())).expect(409); // the very same address
        long listed = list("localhost:" + jvm.port());
        awaitSame(registered, listed);
        assertThat(rest.get("/targets/" + listed).json().has("sameAs")).isFalse();
    }

    @Test
    void ofTwoAddressesOfOneJvmTheOlderCounts() {
        long first = list(jvm.address());
        long second = list("localhost:" + jvm.port());
        awaitSame(second, first);
        assertThat(rest.get("/targets/" + first).json().has("sameAs")).isFalse();
    }

    /** A reading that is under way when the entry is taken off must not bring it back. */
    @Test
    void anEntryThatIsTakenOffWhileItIsReadIsNobodysTwin() {
        TargetMonitor monitor = ConsoleUnderTest.shared().bean(TargetMonitor.class);
        for (int round = 0; round < ROUNDS; round++) {
            long before = rest.postJson("/targets", Map.of("address", jvm.address())).expect(201).json().path("id").asLong();
            monitor.wake(before);
            rest.delete("/targets/" + before + "?force=true").expect(204);
        }
        long listed = list(jvm.address());
        assertThat(rest.get("/targets/" + listed).json().has("sameAs")).as("there is no other entry of this JVM").isFalse();
    }

    @Test
    void anotherJvmIsAnotherWhateverItsRegistrationSays() {
        long listed = list(jvm.address());
        try (TargetJvm other = TargetJvm.fake("name=one", "label=tier:" + tier)) {
            long registered = came(rest.postJson("/targets", Map.of(
                    "name", "one", "pid", jvm.pid(), "host", "127.0.0.1", "labels", Map.of("tier", tier),
                    "jmxUrl", "service:jmx:rmi:///jndi/rmi://" + other.address() + "/jmxrmi")));
            assertThat(rest.get("/targets/" + registered).json().has("sameAs")).isFalse();
            assertThat(rest.get("/targets/" + listed).json().has("sameAs")).isFalse();
        }
    }
}
