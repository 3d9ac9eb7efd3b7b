package dev.loom.console.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Rest;
import dev.loom.console.support.TargetJvm;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A class of a JVM by REST: its lines, and why they are not there. */
class SourceRestTest {

    private static final Rest rest = ConsoleUnderTest.shared().rest();
    private static TargetJvm jvm;
    private static TargetJvm old;
    private static long target;
    private static long oldTarget;

    @BeforeAll
    static void list() {
        jvm = TargetJvm.fake("name=listed");
        old = TargetJvm.fake("name=older", "old");
        target = listed(jvm, "listed");
        oldTarget = listed(old, "older");
    }

    private static long listed(TargetJvm jvm, String name) {
        long id = rest.postJson("/targets", Map.of("address", jvm.address(), "name", name)).expect(201).json().path("id").asLong();
        rest.await("/targets/" + id, t -> t.path("state").asString().equals("REACHABLE"));
        return id;
    }

    @AfterAll
    static void end() {
        rest.delete("/targets/" + target + "?force=true");
        rest.delete("/targets/" + oldTarget + "?force=true");
        jvm.close();
        old.close();
    }

    private static String type(long id, String name) {
        return "/targets/" + id + "/classes/" + name;
    }

    @Test
    void aClassIsListedLineByLineWithThoseInsideIt() {
        JsonNode listing = rest.get(type(target, "com.acme.Bank$Worker")).expect(200).json();
        assertThat(listing.path("type").asString()).isEqualTo("com.acme.Bank");
        assertThat(listing.path("loader").asString()).isEqualTo("app");
        JsonNode transfer = listing.path("methods").get(1);
        assertThat(transfer.path("member").asString()).isEqualTo("com.acme.Bank#transfer");
        assertThat(transfer.path("keys").valueStream().map(JsonNode::asString)).containsExactly("this", "from", "amount");
        assertThat(transfer.path("lines")).hasSize(6);
        assertThat(transfer.path("lines").get(0).path("line").asInt()).isEqualTo(41);
        assertThat(transfer.path("lines").get(0).path("does").asString()).startsWith("reads Bank.total");
        assertThat(rest.get(type(target, "com.acme.Bank") + "?loader=com.acme.Own@1f").expect(200).json().path("loader").asString())
                .isEqualTo("com.acme.Own@1f");
    }

    @Test
    void whatCannotBeListedIsSaidWithTheReason() {
        Rest.Answer missing = rest.get(type(target, "com.acme.Nowhere")).expect(409);
        assertThat(missing.code()).isEqualTo("LOOM-820");
        assertThat(missing.json().path("detail").asString()).contains("com.acme.Nowhere is not loaded");
        assertThat(rest.get(type(oldTarget, "com.acme.Bank")).expect(409).code()).isEqualTo("LOOM-823");
        assertThat(rest.get(type(target, "com%20acme")).expect(422).code()).isEqualTo("LOOM-835");
        assertThat(rest.get(type(target, "a".repeat(501))).expect(422).code()).isEqualTo("LOOM-835");
        assertThat(rest.get(type(987654321, "com.acme.Bank")).expect(404).code()).isEqualTo("LOOM-811");
    }

    @Test
    void aJvmThatDoesNotAnswerIsGivenUpAndHarmsNoOther() {
        TargetJvm frozen = TargetJvm.fake("name=frozen");
        long id = listed(frozen, "frozen");
        long began = System.nanoTime();
        Rest.Answer late = rest.get(type(id, "com.acme.Slow")).expect(504);
        assertThat(late.code()).isEqualTo("LOOM-815");
        assertThat((System.nanoTime() - began) / 1_000_000_000).isBetween(5L, 20L);
        rest.get(type(target, "com.acme.Bank")).expect(200);
        rest.delete("/targets/" + id + "?force=true");
        frozen.close();
    }
}
