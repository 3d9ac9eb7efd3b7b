package dev.loom.console.finding;

import static org.assertj.core.api.Assertions.assertThat;

import com.acme.racy.Recorded;
import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Filters;
import dev.loom.console.support.Rest;
import dev.loom.console.support.TargetJvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Races are looked for in a JVM by REST: begun, looked at, ended; and refused with a reason. */
class FindRestTest {

    private static final ConsoleUnderTest console = ConsoleUnderTest.shared();
    private static final Rest rest = console.rest();
    private static TargetJvm jvm;
    private static TargetJvm old;
    private static long target;
    private static long oldTarget;

    @BeforeAll
    static void list() {
        jvm = TargetJvm.fake("name=searched");
        old = TargetJvm.fake("name=old", "old");
        target = listed(jvm, "searched");
        oldTarget = listed(old, "old");
    }

    static long listed(TargetJvm jvm, String name) {
        long id = rest.postJson("/targets", Map.of("address", jvm.address(), "name", name, "labels", Map.of("found", "here"))).expect(201).json()
                .path("id").asLong();
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

    private static String find(long id) {
        return "/targets/" + id + "/find";
    }

    @Test
    void aSearchIsBegunLookedAtAndEnded() {
        Rest.Answer begun = rest.postJson(find(target), Map.of("classes", List.of("com.acme.**", "org.lib.Pool"), "seconds", 30)).expect(202);
        assertThat(begun.header("Location")).isEqualTo("/api/v1/targets/" + target + "/findings");
        assertThat(begun.json().path("state").asString()).isEqualTo("FINDING");
        assertThat(begun.json().path("classes").asString()).isEqualTo("com.acme.**;org.lib.Pool");
        assertThat(begun.json().path("forMillis").asLong()).isEqualTo(30_000);

        JsonNode now = rest.get("/targets/" + target + "/findings").expect(200).json();
        JsonNode race = now.path("findings").get(0);
        assertThat(race.path("kind").asString()).isEqualTo("DATA_RACE");
        assertThat(race.path("filter").asString()).contains("atomic com.acme.Bank#transfer by this");
        assertThat(race.path("sides").get(1).path("thread").asString()).isEqualTo("teller-write");
        assertThat(race.path("sides").get(1).path("monitor").asBoolean()).isTrue();
        assertThat(now.path("findings").get(1).path("kind").asString()).as("a kind that only a newer agent knows").isEqualTo("SHRUGGED");

        Rest.Answer again = rest.postJson(find(target), Map.of("classes", List.of("com.other.**"))).expect(409);
        assertThat(again.code()).isEqualTo("LOOM-824");
        assertThat(again.json().path("detail").asString()).contains("searched already, in com.acme.**;org.lib.Pool");

        assertThat(rest.delete(find(target)).expect(200).json().path("state").asString()).isEqualTo("ENDED");
        assertThat(rest.delete(find(target)).expect(200).json().path("state").asString()).as("ending it twice changes nothing").isEqualTo("ENDED");
        JsonNode audit = rest.get("/audit?target=" + target + "&size=50").expect(200).json().path("items");
        assertThat(audit.valueStream().map(e -> e.path("type").asString())).contains("target.find.started", "target.find.stopped");
        assertThat(audit.valueStream().map(e -> e.path("message").asString()))
                .contains("Asked searched to look for races in com.acme.**;org.lib.Pool for 30 s.");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {
        "{}", "{\"classes\":[]}", "{\"classes\":[\"com.acme.*;rm -rf\"]}", "{\"classes\":[\"com/acme/Bank\"]}", "{\"classes\":[\"..\"]}",
        "{\"classes\":[\"a.**\"],\"seconds\":0}", "{\"classes\":[\"a.**\"],\"seconds\":86401}", "{\"classes\":[\"a.**\"],\"budgetPercent\":0}",
        "{\"classes\":[\"a.**\"],\"budgetPercent\":51}",
    })
    void whatIsNoSearchIsRefusedWithWhatIsAllowed(String body) {
        Rest.Answer refused = rest.send("POST", find(target), "application/json", body.getBytes()).expect(422);
        assertThat(refused.code()).isEqualTo("LOOM-835");
        assertThat(refused.json().path("hint").asString()).isNotBlank();
    }

    @Test
    void anAgentThatIsTooOldIsSaidToBe() {
        assertThat(rest.postJson(find(oldTarget), Map.of("classes", List.of("com.acme.**"))).expect(409).code()).isEqualTo("LOOM-823");
        Rest.Answer looked = rest.get("/targets/" + oldTarget + "/findings").expect(409);
        assertThat(looked.code()).isEqualTo("LOOM-823");
        assertThat(looked.json().path("detail").asString()).contains("too old to look for races");
    }

    @Test
    void filtersAreProposedForStackTraces() {
        JsonNode proposed = rest.postText("/targets/" + target + "/suggest", "java.lang.Error\n\tat com.acme.Bank.transfer(Bank.java:42)\n").expect(200).json();
        assertThat(proposed.path("suggestions").get(0).path("filter").asString()).contains("atomic com.acme.Bank#transfer by this");
        assertThat(rest.postText("/targets/" + target + "/suggest", "nothing of that kind").expect(409).code()).isEqualTo("LOOM-820");
        assertThat(rest.postText("/targets/" + target + "/suggest", " ").expect(400).code()).isEqualTo("LOOM-851");
        assertThat(rest.postJson("/targets/" + target + "/suggest", Map.of("traces", "x")).expect(415).json().path("hint").asString()).contains("text/plain");
        assertThat(rest.postText("/targets/" + oldTarget + "/suggest", "at com.acme.Bank.transfer(Bank.java:42)").expect(409).code())
                .isEqualTo("LOOM-823");
    }

    /** What a file is, is told from its content; what can be neither read nor used is refused with a reason, whatever is in it. */
    @Test
    void filtersAreProposedForFiles(@TempDir Path directory) throws IOException {
        String suggest = "/targets/" + target + "/suggest";
        byte[] utf16 = "\uFEFFjava.lang.Error\r\n\tat com.acme.Bank.transfer(Bank.java:42)\r\n".getBytes(StandardCharsets.UTF_16LE);
        assertThat(rest.postFile(suggest, utf16).expect(200).json().path("suggestions")).isNotEmpty();

        Path recording = directory.resolve("failed.jfr");
        Recorded.failures(recording);
        byte[] whole = Files.readAllBytes(recording);
        assertThat(rest.postFile(suggest, whole).expect(200).json().path("suggestions")).isNotEmpty();

        assertRefused(rest.postFile(suggest, new byte[] {'P', 'K', 3, 4, 0, 0}), "neither a text nor a recording", "lines like: at com.acme");
        assertRefused(rest.postFile(suggest, Arrays.copyOf(whole, whole.length / 2)), "Of this recording nothing can be told", "JFR.dump");
        assertRefused(rest.postFile(suggest, new byte[0]), "no stack trace", "at com.acme");
        assertThat(rest.postFile(suggest, " ".repeat(6 << 20).getBytes(StandardCharsets.US_ASCII)).expect(413).json().path("detail").asString())
                .contains("more than 5 MiB");
        // nobody who may not ask sends a file
        assertThat(new Rest(console.url(), null).postFile(suggest, whole).status()).isIn(401, 413);
    }

    private static void assertRefused(Rest.Answer answer, String detail, String hint) {
        JsonNode problem = answer.expect(400).json();
        assertThat(problem.path("detail").asString()).contains(detail);
        assertThat(problem.path("hint").asString()).contains(hint);
    }

    @Test
    void whoIsRestrictedToOtherJvmsLooksAndDoesNotSearch() {
        String name = Filters.name("elsewhere");
        String secret = rest.postJson("/tokens", Map.of("name", name, "role", "operator", "scope", "found=elsewhere")).expect(201).json().path("secret")
                .asString();
        Rest restricted = new Rest(console.url(), secret);
        assertThat(restricted.postJson(find(target), Map.of("classes", List.of("com.acme.**"))).expect(403).code()).isEqualTo("LOOM-849");
        assertThat(restricted.delete(find(target)).expect(403).code()).isEqualTo("LOOM-849");
        restricted.get("/targets/" + target + "/findings").expect(200);
    }

    @Test
    void aJvmThatIsGoneIsSaidToBeBeforeItIsAsked() {
        TargetJvm lost = TargetJvm.fake("name=lost");
        long id = listed(lost, "lost");
        lost.die();
        rest.await("/targets/" + id, t -> t.path("state").asString().equals("UNREACHABLE"));
        assertThat(rest.postJson(find(id), Map.of("classes", List.of("com.acme.**"))).expect(409).code()).isEqualTo("LOOM-813");
        assertThat(rest.get("/targets/" + id + "/findings").expect(409).code()).isEqualTo("LOOM-813");
        rest.delete("/targets/" + id + "?force=true").expect(204);
    }
}
