package dev.loom.console.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Filters;
import dev.loom.console.support.Rest;
import dev.loom.console.support.TargetJvm;
import dev.loom.console.support.WebSession;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The last interleavings of a filter, in JVMs whose agents are played behind real connectors. */
class InterleavingRestTest {

    private final ConsoleUnderTest console = ConsoleUnderTest.shared();
    private final Rest rest = console.rest();

    private long target(TargetJvm jvm) {
        long id = rest.postJson("/targets", Map.of("address", jvm.address())).expect(201).json().path("id").asLong();
        rest.await("/targets/" + id, t -> t.path("state").asString().equals("REACHABLE"));
        return id;
    }

    @Test
    void theyAreToldWithBothStacksWhateverTheThreadsAreCalled() throws Exception {
        String filter = Filters.name("seen");
        try (TargetJvm jvm = TargetJvm.fake("name=seen")) {
            long target = target(jvm);
            rest.postText("/filters?name=" + filter, Filters.text("plain")).expect(201);
            long deployment = rest.postJson("/deployments?wait=30", Map.of("filter", filter, "targets", List.of(target))).expect(201).json().path("id").asLong();
            JsonNode seen = rest.get("/targets/" + target + "/filters/" + filter + "/interleavings").expect(200).json().path("interleavings");
            assertThat(seen.size()).isEqualTo(2);
            assertThat(seen.path(0).path("end").asString()).isEqualTo("PREVENTED");
            assertThat(seen.path(0).path("other").asString()).isEqualTo("teller-2");
            assertThat(seen.path(0).path("otherStack").path(0).asString()).isEqualTo("com.acme.Bank.transfer(Bank.java:45)");
            WebSession admin = new WebSession(console.url());
            admin.login("admin", ConsoleUnderTest.ADMIN_PASSWORD);
            String part = admin.send("GET", "/deployments/" + deployment + "/targets/" + target + "/interleavings", null).body();
            assertThat(part).contains("teller-1 waited 1.20 ms for teller-2", "&lt;b&gt;clerk&lt;/b&gt; waited 2.00 s for teller-1, and went on without", "<rect")
                    .doesNotContain("<b>clerk");
            rest.delete("/deployments/" + deployment + "?wait=30");
            rest.delete("/targets/" + target + "?force=true");
        }
    }

    @Test
    void aFilterThatIsNotThereAndAnAgentThatIsTooOldAreSaidToBeSo() {
        try (TargetJvm jvm = TargetJvm.fake("name=none"); TargetJvm old = TargetJvm.fake("name=old", "old")) {
            long target = target(jvm);
            assertThat(rest.get("/targets/" + target + "/filters/nobodys/interleavings").text()).contains("there is no filter 'nobodys' in this JVM");
            long ancient = target(old);
            assertThat(rest.get("/targets/" + ancient + "/filters/any/interleavings").code()).isEqualTo("LOOM-823");
            rest.delete("/targets/" + target + "?force=true");
            rest.delete("/targets/" + ancient + "?force=true");
        }
    }
}
