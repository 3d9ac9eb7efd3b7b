package dev.loom.console.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Filters;
import dev.loom.console.support.Rest;
import dev.loom.console.support.TargetJvm;
import dev.loom.console.target.TargetMonitor;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A filter that a JVM has and that the console does not want there is found, shown, and adopted or removed. */
class OrphanTest {

    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final ConsoleUnderTest console = ConsoleUnderTest.shared();
    private final Rest rest = console.rest();
    private final String filter = Filters.name("orphan");
    private TargetJvm jvm;
    private long target;
    private String live;

    @BeforeEach
    void start() {
        jvm = TargetJvm.fake("name=" + filter);
        target = rest.postJson("/targets", Map.of("address", jvm.address())).expect(201).json().path("id").asLong();
        live = "/targets/" + target + "/filters/" + filter;
        console.bean(TargetMonitor.class)
                .call(target, DEADLINE, agent -> agent.install(filter, Filters.text("by hand"), "mode=observe"));
        rest.await(live, f -> f.path("state").asString().equals("OBSERVING"));
    }

    @AfterEach
    void end() {
        rest.delete("/targets/" + target + "?force=true");
        jvm.close();
    }

    @Test
    void itIsShownAndAdoptedWithoutBeingInstalledAgain() {
        assertThat(console.bean(Drifts.class).all()).anyMatch(o -> o.target() == target && o.filter().equals(filter));
        String since = rest.get(live).json().path("enabledSince").asString();
        JsonNode adopted = rest.post(live + "/adopt").expect(200).json();
        assertThat(adopted.path("mode").asString()).isEqualTo("observe");
        rest.await("/deployments/" + adopted.path("id").asLong(), d -> d.path("state").asString().equals("ENABLED"));
        assertThat(rest.get(live).json().path("enabledSince").asString()).isEqualTo(since);
        assertThat(rest.get("/filters/" + filter).expect(200).json().path("note").asString()).contains("Adopted from");
        assertThat(console.bean(Drifts.class).all()).noneMatch(o -> o.target() == target);
        assertThat(rest.post(live + "/adopt").expect(409).code()).isEqualTo("LOOM-833");
        assertThat(rest.delete(live).expect(409).json().path("hint").asString()).contains("Disable");
        assertThat(rest.get("/audit?type=filter.adopted&filter=" + filter).json().path("total").asInt()).isEqualTo(1);
    }

    @Test
    void aTextThatIsStoredIsAdoptedAsThatVersion() {
        rest.postText("/filters?name=" + filter, Filters.text("by hand")).expect(201);
        rest.putText("/filters/" + filter, Filters.text("newer"), "If-Match", "\"1\"").expect(200);
        assertThat(rest.post(live + "/adopt").expect(200).json().path("version").asInt()).isEqualTo(1);
    }

    @Test
    void itIsRemoved() {
        rest.delete(live).expect(200);
        rest.await(live, f -> f.path("state").asString().equals("REMOVED"));
        assertThat(console.bean(Drifts.class).all()).noneMatch(o -> o.target() == target);
        assertThat(rest.delete(live).expect(404).code()).isEqualTo("LOOM-819");
    }

    @Test
    void whatWasEnabledBeforeItsJvmWasTakenOffTheListIsFoundWhenItComesBack() {
        rest.post(live + "/adopt").expect(200);
        rest.delete("/targets/" + target + "?force=true").expect(204);
        target = rest.postJson("/targets", Map.of("address", jvm.address())).expect(201).json().path("id").asLong();
        rest.await("/targets/" + target + "/filters/" + filter, f -> f.path("state").asString().equals("OBSERVING"));
        assertThat(console.bean(Drifts.class).all()).anyMatch(o -> o.target() == target && o.filter().equals(filter));
    }
}
