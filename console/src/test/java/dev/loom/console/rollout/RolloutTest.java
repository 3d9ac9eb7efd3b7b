package dev.loom.console.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Filters;
import dev.loom.console.support.Rest;
import dev.loom.console.support.TargetJvm;
import dev.loom.console.support.WebSession;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Deployments in steps, in JVMs whose agents are played behind real connectors. */
class RolloutTest {

    private static final String PASSWORD = "a-long-password";

    private final ConsoleUnderTest console = ConsoleUnderTest.shared();
    private final Rest rest = console.rest();
    private final String tier = Filters.name("roll");
    private final String filter = Filters.name("rolled");
    private final List<TargetJvm> jvms = new ArrayList<>();
    private final List<Long> targets = new ArrayList<>();

    @AfterEach
    void end() {
        targets.forEach(id -> rest.delete("/targets/" + id + "?force=true"));
        jvms.forEach(TargetJvm::close);
    }

    private void come(int number) {
        for (int i = 0; i < number; i++) {
            TargetJvm jvm = TargetJvm.fake("name=roll" + targets.size(), "label=tier:" + tier);
            jvms.add(jvm);
            long id = rest.postJson("/targets", Map.of("address", jvm.address())).expect(201).json().path("id").asLong();
            rest.await("/targets/" + id, t -> t.path("labels").path("tier").asString("").equals(tier));
            targets.add(id);
        }
    }

    private void versions(String... abouts) {
        rest.postText("/filters?name=" + filter, Filters.text(abouts[0])).expect(201);
        for (int i = 1; i < abouts.length; i++) {
            rest.putText("/filters/" + filter, Filters.text(abouts[i]), "If-Match", "\"" + i + "\"").expect(200);
        }
    }

    private Map<String, Object> body(Map<String, ?> strategy, Object... more) {
        Map<String, Object> body = new LinkedHashMap<>(Map.of("filter", filter, "selector", "tier=" + tier, "strategy", strategy));
        for (int i = 0; i < more.length; i += 2) {
            body.put((String) more[i], more[i + 1]);
        }
        return body;
    }

    private static Map<String, ?> strategy(List<?> steps, List<?> guards) {
        return Map.of("steps", steps, "guards", guards);
    }

    private String start(Map<String, Object> body) {
        return "/deployments/" + rest.postJson("/deployments", body).expect(201).json().path("id").asLong();
    }

    private static String step(JsonNode deployment, int number) {
        return deployment.path("rollout").path("steps").path(number).path("state").asString();
    }

    private boolean isIn(long target) {
        return rest.get("/targets/" + target).json().path("filters").valueStream()
                .anyMatch(f -> f.path("name").asString().equals(filter) && f.path("state").asString().equals("ACTIVE"));
    }

    @Test
    void aFilterComesToOneJvmThenToHalfThenToAllAndToThoseThatComeLater() {
        come(6);
        versions("plain");
        String path = start(body(strategy(List.of(Map.of("jvms", 1), Map.of("wait", "4s"), Map.of("percent", 50), Map.of("percent", 100)), List.of())));
        JsonNode waiting = rest.await(path, d -> step(d, 1).equals("WAITING"));
        assertThat(step(waiting, 0)).isEqualTo("DONE");
        assertThat(waiting.path("jvms").size()).as("the wait comes before the second JVM").isEqualTo(1);
        assertThat(waiting.path("rollout").path("jvms").asInt()).isEqualTo(6);
        assertThat(targets.stream().filter(this::isIn)).hasSize(1);
        JsonNode done = rest.await(path, d -> d.path("rollout").path("state").asString().equals("DONE"));
        assertThat(done.path("jvms").size()).isEqualTo(6);
        assertThat(done.path("state").asString()).isEqualTo("ENABLED");
        assertThat(targets.stream().filter(this::isIn)).hasSize(6);
        come(1);
        rest.await(path, d -> d.path("jvms").size() == 7 && d.path("state").asString().equals("ENABLED"));
        rest.delete(path + "?wait=30");
    }

    @Test
    void threadsInTheWayFireAGuardAndTheVersionBeforeComesBack() {
        come(2);
        versions("plain", "straggle");
        rest.postJson("/deployments?wait=30", Map.of("filter", filter, "targets", targets, "version", 1)).expect(201);
        String path = start(body(strategy(List.of(Map.of("jvms", 1), Map.of("percent", 100)), List.of(Map.of("stragglers", 0, "for", "1s"))), "version", 2));
        JsonNode ended = rest.await(path, d -> d.path("rollout").path("state").asString().equals("ABORTED"));
        assertThat(ended.path("rollout").path("reason").asString()).contains("in the way");
        assertThat(step(ended, 0)).isEqualTo("ABORTED");
        assertThat(step(ended, 1)).isEqualTo("PENDING");
        assertThat(ended.path("jvms").size()).as("the second JVM was never touched").isEqualTo(1);
        for (long target : targets) {
            rest.await("/targets/" + target + "/filters/" + filter, live -> live.path("state").asString().equals("ACTIVE"));
        }
    }

    @Test
    void aNumberOfTheApplicationThatGrowsFiresAGuardAndWhatWasInForceBeforeIsEnabledAgain() {
        come(1);
        versions("plain", "better");
        rest.postJson("/deployments?wait=30", Map.of("filter", filter, "targets", targets, "version", 1)).expect(201);
        String path = start(body(
                strategy(
                        List.of(Map.of("jvms", 1), Map.of("wait", "10m")),
                        List.of(Map.of("mbean", "com.acme:type=Orders", "attribute", "Broken", "perMinute", 3))),
                "version", 2));
        JsonNode ended = rest.await(path, d -> d.path("rollout").path("state").asString().equals("ABORTED"));
        assertThat(ended.path("rollout").path("reason").asString()).contains("Broken of com.acme:type=Orders grew by");
        JsonNode now = rest.await(
                "/deployments?filter=" + filter + "&ended=false", all -> all.path("items").path(0).path("state").asString("").equals("ENABLED"));
        assertThat(now.path("items").path(0).path("version").asInt()).isEqualTo(1);
    }

    @Test
    void aGuardMayPauseInstead() {
        come(1);
        versions("straggle");
        String path = start(body(Map.of(
                "steps", List.of(Map.of("jvms", 1)), "guards", List.of(Map.of("stragglers", 0)), "onGuard", "pause")));
        rest.await(path, d -> d.path("state").asString().equals("PAUSED"));
        rest.post(path + "/abort");
        rest.await(path, d -> d.path("rollout").path("state").asString().equals("ABORTED"));
    }

    @Test
    void aGuardMayHaveTheFilterObserveInstead() {
        come(2);
        versions("costly");
        String path = start(body(Map.of(
                "steps", List.of(Map.of("jvms", 1), Map.of("wait", "10m"), Map.of("percent", 100)), "guards", List.of(Map.of("overheadPercent", 5, "for", "1s")),
                "onGuard", "observe")));
        JsonNode back = rest.await(path, d -> d.path("rollout").path("state").asString().equals("SET_BACK") && d.path("state").asString().equals("ENABLED"));
        assertThat(back.path("mode").asString()).isEqualTo("observe");
        assertThat(back.path("rollout").path("reason").asString()).contains("the overhead is 40.0 %, above 5 %, for ");
        assertThat(back.path("jvms").size()).as("it goes no further").isEqualTo(1);
        rest.await("/targets/" + back.path("jvms").path(0).path("targetId").asLong() + "/filters/" + filter, live -> live.path("state").asString().equals("OBSERVING"));
        rest.delete(path + "?wait=30");
    }

    @Test
    void aFilterAboveItsBudgetOnlyObservesAlsoWhenAllStepsAreDoneAndAPersonHasItEnforceAgain() {
        come(2);
        versions("costly");
        String path = start(body(Map.of("budgetPercent", 5)));
        JsonNode done = rest.await(path, d -> d.path("rollout").path("state").asString().equals("DONE"));
        assertThat(done.path("mode").asString()).as("a burst is not over the budget yet").isEqualTo("enforce");
        assertThat(done.path("rollout").path("guards").path(0).asString()).contains("a budget of 5 % of overhead");
        JsonNode back = rest.await(path, d -> d.path("rollout").path("state").asString().equals("SET_BACK") && d.path("state").asString().equals("ENABLED"));
        assertThat(back.path("mode").asString()).isEqualTo("observe");
        for (long target : targets) {
            rest.await("/targets/" + target + "/filters/" + filter, live -> live.path("state").asString().equals("OBSERVING"));
        }
        assertThat(rest.get("/events?filter=" + filter).text()).as("people are told").contains("over its budget");
        rest.post(path + "/promote?wait=30").expect(200);
        rest.await(path, d -> d.path("mode").asString().equals("observe"));
        rest.delete(path + "?wait=30");
    }

    @Test
    void aFilterWithinItsBudgetStaysAndAPersonMaySetItBack() {
        come(1);
        versions("plain");
        String path = start(body(Map.of("budgetPercent", 1, "until", "1h")));
        rest.await(path, d -> d.path("rollout").path("state").asString().equals("DONE"));
        JsonNode observing = rest.post(path + "/observe?wait=30").expect(200).json();
        assertThat(observing.path("mode").asString()).isEqualTo("observe");
        assertThat(observing.path("state").asString()).isEqualTo("ENABLED");
        assertThat(rest.post(path + "/observe").expect(409).text()).contains("only observes already");
        rest.delete(path + "?wait=30");
    }

    @Test
    void aFilterThatIsToStayForATimeGoesByItself() {
        come(1);
        versions("plain");
        String path = start(body(Map.of("steps", List.of(Map.of("jvms", 1)), "until", "3s")));
        rest.await(path, d -> d.path("state").asString().equals("ENABLED"));
        JsonNode ended = rest.await(path, d -> d.path("state").asString().equals("DISABLED"));
        assertThat(ended.path("rollout").path("reason").asString()).contains("3s");
    }

    @Test
    void anObservingRollOutGoesToEnforcing() {
        come(1);
        versions("plain");
        String path = start(body(Map.of("steps", List.of(Map.of("jvms", 1), Map.of("mode", "enforce"))), "mode", "observe"));
        JsonNode done = rest.await(path, d -> d.path("rollout").path("state").asString().equals("DONE"));
        assertThat(done.path("mode").asString()).isEqualTo("enforce");
        rest.delete(path + "?wait=30");
    }

    @Test
    void anApprovalNeedsASecondPerson() throws Exception {
        come(2);
        versions("plain");
        String ordering = account();
        String approving = account();
        WebSession first = session(ordering);
        String form = "filter=" + filter + "&selector=tier%3D" + tier + "&rollout=own&strategy="
                + java.net.URLEncoder.encode("{\"steps\":[{\"jvms\":1},{\"approve\":true},{\"percent\":100}]}", java.nio.charset.StandardCharsets.UTF_8);
        String location = first.form("/deployments", form).headers().firstValue("Location").orElse("");
        String page = location.substring(location.indexOf("/deployments/"));
        rest.await(page, d -> step(d, 1).equals("APPROVAL"));
        assertThat(rest.post(page + "/approve").expect(403).text()).as("a token is nobody in particular").contains("by an account");
        first.form(page + "/approve", "");
        assertThat(step(rest.get(page).json(), 1)).as("who ordered it cannot approve it").isEqualTo("APPROVAL");
        session(approving).form(page + "/approve", "");
        JsonNode done = rest.await(page, d -> d.path("rollout").path("state").asString().equals("DONE"));
        assertThat(done.path("jvms").size()).isEqualTo(2);
        rest.delete(page + "?wait=30");
    }

    private String account() {
        String name = Filters.name("person");
        rest.postJson("/accounts", Map.of("username", name, "password", PASSWORD, "role", "operator")).expect(201);
        return name;
    }

    private WebSession session(String name) throws Exception {
        WebSession session = new WebSession(console.url());
        session.login(name, PASSWORD);
        assertThat(session.isIn()).isTrue();
        return session;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"steps":[]}                                                   | The first step says
            {"steps":[{"wait":"10m"}]}                                     | The first step says
            {"steps":[{"jvms":0}]}                                         | jvms is a number from 1
            {"steps":[{"jvms":1},{"wait":"soon"}]}                         | wait is a time
            {"steps":[{"jvms":1},{"percent":101}]}                         | percent is a number from 1 to 100
            {"steps":[{"jvms":1},{"jvm":2}]}                               | 'jvm' is not a step
            {"steps":[{"jvms":1,"wait":"1m"}]}                             | A step is one of
            {"steps":[{"jvms":1}],"guards":[{"overhead":5}]}               | 'overhead' is no guard
            {"steps":[{"jvms":1}],"guards":[{"waitMillisP99":50}]}         | waitMillisP99 is not known
            {"steps":[{"jvms":1}],"guards":[{"bypasses":0,"for":"1m"}]}    | 'for' is not part of a guard
            {"steps":[{"jvms":1}],"onGuard":"explode"}                     | onGuard is rollback, pause or observe
            {"budgetPercent":"much"}                                       | budgetPercent is a number from 0 to 100
            {"steps":[{"wait":"1m"}],"budgetPercent":5}                    | The first step says
            {"steps":[{"jvms":1}],"until":"2x"}                            | until is a time
            {"steps":[{"jvms":1}],"guard":[]}                              | 'guard' is not part of the strategy
            {"steps":"all"}                                                | steps is a list
            {"steps":[{"jvms":1},{"mode":"enforce"}]}                      | does not begin by observing
            """)
    void aStrategyThatIsNoneIsRefusedAndSaysWhichPart(String json, String said) {
        come(1);
        versions("plain");
        byte[] body = ("{\"filter\":\"" + filter + "\",\"selector\":\"tier=" + tier + "\",\"strategy\":" + json + "}").getBytes();
        Rest.Answer answer = rest.send("POST", "/deployments", "application/json", body).expect(422);
        assertThat(answer.code()).isEqualTo("LOOM-835");
        assertThat(answer.text()).contains(said);
        assertThat(rest.get("/deployments?filter=" + filter).json().path("total").asInt()).as("nothing was stored").isZero();
    }
}
