package dev.loom.console.thread;

import static org.assertj.core.api.Assertions.assertThat;

import com.acme.office.Office;
import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Filters;
import dev.loom.console.support.Rest;
import dev.loom.console.support.TargetJvm;
import dev.loom.filter.suggest.StackTrace;
import dev.loom.filter.suggest.TraceReader;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Thread dumps of real JVMs by REST: a deadlocked one, one of very many threads, one whose threads have names that are none. */
class ThreadRestTest {

    private static final ConsoleUnderTest console = ConsoleUnderTest.shared();
    private static final Rest rest = console.rest();

    private static long listed(TargetJvm jvm, String name) {
        long id = rest.postJson("/targets", Map.of("address", jvm.address(), "name", name, "labels", Map.of("dumped", "here"))).expect(201).json()
                .path("id").asLong();
        rest.await("/targets/" + id, t -> t.path("state").asString().equals("REACHABLE"));
        return id;
    }

    private static JsonNode named(JsonNode dump, String name) {
        return dump.path("threads").valueStream().filter(thread -> thread.path("thread").asString().equals(name)).findFirst().orElseThrow();
    }

    @Test
    void aDeadlockIsToldWithItsLocksAndSuggestReadsTheTextOfIt() {
        try (TargetJvm jvm = TargetJvm.start(List.of(), Office.class, "deadlock", "workers=50", "crowd=3")) {
            long id = listed(jvm, "office");
            JsonNode dump = rest.get("/targets/" + id + "/threads").expect(200).json();
            JsonNode clerk = named(dump, "clerk-1");
            JsonNode other = named(dump, "clerk-2");
            assertThat(clerk.path("threadState").asString()).isEqualTo("BLOCKED");
            assertThat(clerk.path("heldBy").asLong()).isEqualTo(other.path("threadId").asLong());
            assertThat(clerk.path("stack").get(0).asString()).matches("com\\.acme\\.office\\.Office\\.serve\\(Office\\.java:\\d+\\)");
            assertThat(other.path("held").valueStream().map(held -> held.path("lock"))).as("what the one waits for the other holds").contains(clerk.path("lock"));
            assertThat(dump.path("deadlocks").valueStream().map(deadlock -> deadlock.path("threadIds").size() + " " + deadlock.path("timed").asBoolean()))
                    .as("of the clerks over monitors, of the porters over locks").containsExactly("2 false", "2 false");
            assertThat(dump.path("live").asInt()).isEqualTo(dump.path("threads").size()).isGreaterThan(58);
            assertThat(dump.path("states").path("BLOCKED").asInt()).isEqualTo(5);
            assertThat(named(dump, "customer-2").path("heldBy").asLong()).isEqualTo(named(dump, "cashier").path("threadId").asLong());

            Rest.Answer text = rest.get("/targets/" + id + "/threads", "Accept", "text/plain").expect(200);
            assertThat(text.header("Content-Type")).isEqualTo("text/plain;charset=UTF-8");
            List<StackTrace> read = TraceReader.read(text.text());
            assertThat(read.stream().filter(StackTrace::isDeadlocked).map(StackTrace::name)).containsExactlyInAnyOrder("clerk-1", "clerk-2", "porter-1", "porter-2");
            assertThat(read.stream().map(StackTrace::name)).contains("worker-1", "worker-50", "cashier", "customer-3", "main");
            // without the report at the end the locks alone tell it
            String stacks = text.text().substring(0, text.text().indexOf("Found one Java-level deadlock"));
            assertThat(TraceReader.read(stacks).stream().filter(StackTrace::isDeadlocked).count()).isGreaterThanOrEqualTo(2);
            assertThat(rest.postText("/targets/" + id + "/suggest", text.text()).expect(200).json().path("suggestions")).isNotEmpty();
            rest.delete("/targets/" + id).expect(204);
        }
    }

    @Test
    void ofVeryManyThreadsSomeAreLeftOutButNoneInADeadlock() {
        try (TargetJvm jvm = TargetJvm.start(List.of(), Office.class, "workers=2200", "deadlock")) {
            long id = listed(jvm, "crowded");
            JsonNode dump = rest.get("/targets/" + id + "/threads").expect(200).json();
            assertThat(dump.path("live").asInt()).isGreaterThan(2_200);
            assertThat(dump.path("threads").size()).isBetween(1_990, 2_000);
            assertThat(dump.path("mostFrames").asInt()).isEqualTo(50);
            assertThat(dump.path("deadlocks").size()).isEqualTo(2);
            assertThat(named(dump, "worker-1").path("threadState").asString()).isEqualTo("WAITING");
            rest.delete("/targets/" + id).expect(204);
        }
    }

    @Test
    void noNameOfAThreadMakesAnotherThreadOrFrame() {
        try (TargetJvm jvm = TargetJvm.start(List.of(), Office.class, "hostile")) {
            long id = listed(jvm, "named");
            JsonNode dump = rest.get("/targets/" + id + "/threads").expect(200).json();
            assertThat(dump.path("threads").valueStream().map(thread -> thread.path("thread").asString().length())).allMatch(length -> length <= 300);
            assertThat(dump.path("threads").valueStream().filter(thread -> thread.path("thread").asString().equals("twin"))).hasSize(2);
            String text = rest.get("/targets/" + id + "/threads", "Accept", "text/plain").expect(200).text();
            assertThat(text.lines().filter(line -> line.startsWith("\tat com.acme.Forged"))).isEmpty();
            List<StackTrace> read = TraceReader.read(text);
            assertThat(read.stream().flatMap(trace -> trace.frames().stream()).map(StackTrace.Frame::type)).doesNotContain("com.acme.Forged");
            assertThat(read.stream().filter(trace -> Objects.equals(trace.name(), "twin"))).as("two threads of one name").hasSize(2);
            rest.delete("/targets/" + id).expect(204);
        }
    }

    @Test
    void aDumpIsGivenAgainForAMomentAndWhoMayNotActOnAJvmMayLook() {
        try (TargetJvm jvm = TargetJvm.start(List.of(), Office.class, "workers=2")) {
            long id = listed(jvm, "looked-at");
            String first = rest.get("/targets/" + id + "/threads").expect(200).json().path("at").asString();
            String second = rest.get("/targets/" + id + "/threads").expect(200).json().path("at").asString();
            assertThat(second).as("a JVM is not stopped again for who asks at once").isEqualTo(first);
            rest.await("/targets/" + id + "/threads", dump -> !dump.path("at").asString().equals(first));

            String elsewhere = rest.postJson("/tokens", Map.of("name", Filters.name("dump"), "role", "operator", "scope", "dumped=elsewhere")).expect(201).json()
                    .path("secret").asString();
            new Rest(console.url(), elsewhere).get("/targets/" + id + "/threads").expect(200);
            String viewer = rest.postJson("/tokens", Map.of("name", Filters.name("dump"), "role", "viewer")).expect(201).json().path("secret").asString();
            new Rest(console.url(), viewer).get("/targets/" + id + "/threads").expect(200);
            String agent = rest.postJson("/tokens", Map.of("name", Filters.name("dump"), "role", "agent")).expect(201).json().path("secret").asString();
            assertThat(new Rest(console.url(), agent).get("/targets/" + id + "/threads").status()).isEqualTo(403);
            rest.delete("/targets/" + id).expect(204);
        }
        assertThat(rest.get("/targets/987654321/threads").expect(404).code()).isEqualTo("LOOM-811");
        assertThat(rest.get("/targets/987654321/threads", "Accept", "text/plain").expect(404).code()).isEqualTo("LOOM-811");
    }
}
