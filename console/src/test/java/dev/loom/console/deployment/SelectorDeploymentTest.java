package dev.loom.console.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Filters;
import dev.loom.console.support.Rest;
import dev.loom.console.support.TargetJvm;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Deployments by label: who gets which version, now and later. */
class SelectorDeploymentTest {

    private final Rest rest = ConsoleUnderTest.shared().rest();
    private final String tier = Filters.name("tier");
    private final String filter = Filters.name("f");
    private final List<TargetJvm> jvms = new ArrayList<>();
    private final List<Long> targets = new ArrayList<>();

    @AfterEach
    void end() {
        targets.forEach(id -> rest.delete("/targets/" + id + "?force=true"));
        jvms.forEach(TargetJvm::close);
    }

    private long join(String name) {
        TargetJvm jvm = TargetJvm.fake("name=" + name, "label=tier:" + tier);
        jvms.add(jvm);
        long id = rest.postJson("/targets", Map.of("address", jvm.address())).expect(201).json().path("id").asLong();
        targets.add(id);
        return id;
    }

    private Map<String, Object> body(Object... more) {
        Map<String, Object> body = new LinkedHashMap<>(Map.of("filter", filter, "selector", "tier=" + tier));
        for (int i = 0; i < more.length; i += 2) {
            body.put((String) more[i], more[i + 1]);
        }
        return body;
    }

    private static long id(JsonNode deployment) {
        return deployment.path("id").asLong();
    }

    private void versions(String... abouts) {
        rest.postText("/filters?name=" + filter, Filters.text(abouts[0])).expect(201);
        for (int i = 1; i < abouts.length; i++) {
            rest.putText("/filters/" + filter, Filters.text(abouts[i]), "If-Match", "\"" + i + "\"").expect(200);
        }
    }

    private void awaitOn(long target, long deployment) {
        rest.await(
                "/targets/" + target + "/filters/" + filter,
                live -> live.path("deployment").asLong() == deployment && live.path("state").asString().equals("ACTIVE"));
    }

    @Test
    void aJvmThatJoinsGetsTheNewestAndAnAbortBringsTheOlderBackForThoseThatCome() {
        versions("first", "second");
        long one = join("one");
        JsonNode first = rest.postJson("/deployments?wait=30", body("version", 1)).expect(201).json();
        JsonNode second = rest.postJson("/deployments?wait=30", body("version", 2)).expect(201).json();
        assertThat(second.path("state").asString()).isEqualTo("ENABLED");
        assertThat(rest.get("/deployments/" + id(first)).json().path("state").asString()).isEqualTo("SUPERSEDED");
        long two = join("two");
        awaitOn(one, id(second));
        awaitOn(two, id(second));
        assertThat(rest.get("/deployments/" + id(first)).json().path("jvms").size()).as("the older takes no JVM any more").isEqualTo(1);

        assertThat(rest.post("/deployments/" + id(second) + "/abort?wait=30").expect(200).json().path("state").asString()).isEqualTo("ABORTED");
        rest.await("/deployments/" + id(first), d -> d.path("state").asString().equals("ENABLED"));
        long three = join("three");
        awaitOn(three, id(first));
        rest.delete("/deployments/" + id(first) + "?wait=30").expect(200);
    }

    @Test
    void ofTwoSelectorsTheNewerDeploymentWinsInJvmsThatHaveBoth() {
        versions("first", "second");
        join("there");
        JsonNode first = rest.postJson("/deployments?wait=30", body("version", 1)).expect(201).json();
        JsonNode second =
                rest.postJson("/deployments?wait=30", body("version", 2, "selector", "tier=" + tier + ",tier!=other")).expect(201).json();
        awaitOn(join("later"), id(second));
        rest.delete("/deployments/" + id(second) + "?wait=30").expect(200);
        assertThat(rest.delete("/deployments/" + id(first) + "?wait=30").expect(200).json().path("state").asString()).isEqualTo("DISABLED");
    }

    @Test
    void theSameBySameSelectorIsRefusedAndSaysWhichOneDoesIt() {
        versions("only");
        join("one");
        JsonNode first = rest.postJson("/deployments?wait=30", body()).expect(201).json();
        Rest.Answer again = rest.postJson("/deployments", body("selector", " tier = " + tier + ",tier=" + tier)).expect(409);
        assertThat(again.code()).isEqualTo("LOOM-832");
        assertThat(again.json().path("detail").asString()).contains("Deployment " + id(first));
        rest.delete("/deployments/" + id(first) + "?wait=30").expect(200);
        rest.postJson("/deployments?wait=30", body()).expect(201);
    }

    @Test
    void aSelectorThatTakesNobodyNeedsToSaySo() {
        versions("only");
        Rest.Answer refused = rest.postJson("/deployments", body()).expect(422);
        assertThat(refused.code()).isEqualTo("LOOM-834");
        assertThat(refused.json().path("hint").asString()).contains("allowEmpty");
        for (String nonsense : List.of("env=((", "env=prod,env=test", "x=" + "y".repeat(1_001))) {
            assertThat(rest.postJson("/deployments", body("selector", nonsense, "allowEmpty", true)).expect(422).code()).isEqualTo("LOOM-835");
        }
        long id = id(rest.postJson("/deployments", body("allowEmpty", true)).expect(201).json());
        awaitOn(join("awaited"), id);
    }

    @Test
    void aJvmThatIsGoneHoldsUpNobody() {
        versions("first", "second");
        long gone = join("gone");
        long there = join("there");
        rest.postJson("/deployments?wait=30", body("version", 1)).expect(201);
        jvms.get(0).die();
        rest.await("/targets/" + gone, t -> t.path("state").asString().equals("UNREACHABLE"));
        long second = id(rest.postJson("/deployments", body("version", 2)).expect(201).json());
        awaitOn(there, second);
    }

    @Test
    void aPreviewSaysWhomASelectorTakesAndEnablesNothing() {
        versions("plain");
        join("preview-b");
        join("preview-a");
        JsonNode preview = rest.get("/deployments/preview?selector=tier%3D" + tier).expect(200).json();
        assertThat(preview.path("jvms").asInt()).isEqualTo(2);
        assertThat(preview.path("names").valueStream().map(JsonNode::asString)).containsExactly("preview-a", "preview-b");
        assertThat(rest.get("/deployments/preview?selector=tier%3Dnone").expect(200).json().path("jvms").asInt()).isZero();
        assertThat(rest.get("/deployments/preview?selector=env%3D((").expect(422).code()).isEqualTo("LOOM-835");
        assertThat(rest.get("/deployments?filter=" + filter).json().path("total").asInt()).isZero();
    }

    @Test
    void targetsThatAreNoTargetsAreRefused() {
        versions("only");
        Map<String, Object> body = new LinkedHashMap<>(Map.of("filter", filter));
        List<Long> none = new ArrayList<>();
        none.add(null);
        body.put("targets", none);
        assertThat(rest.postJson("/deployments", body).expect(400).code()).isEqualTo("LOOM-851");
    }
}
