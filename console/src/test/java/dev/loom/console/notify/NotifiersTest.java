package dev.loom.console.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import dev.loom.console.support.Await;
import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Filters;
import dev.loom.console.support.Rest;
import dev.loom.console.support.WebSession;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Events told to a real web server and a real mail server, which do not always take them, by a console that is started again. */
class NotifiersTest {

    private static GreenMail post;
    private static Path data;
    private static ConsoleUnderTest console;
    private static Rest rest;

    @BeforeAll
    static void start() throws Exception {
        post = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        post.start();
        data = Files.createTempDirectory("loom-notifiers");
        open();
    }

    private static void open() {
        console = ConsoleUnderTest.on(
                data, "--loom.notify.allow-http=true", "--loom.notify.allow-local=true", "--loom.notify.first-pause=50ms", "--loom.notify.attempts=9",
                "--spring.mail.host=127.0.0.1", "--spring.mail.port=" + post.getSmtp().getPort(), "--loom.notify.mail-from=loom@example.org");
        rest = console.rest();
    }

    @AfterAll
    static void stop() {
        console.close();
        post.stop();
        FileSystemUtils.deleteRecursively(data.toFile());
    }

    private static JsonNode webhook(Receiver receiver, String... types) {
        return rest.postJson("/notifiers", Map.of("name", Filters.name("hook"), "kind", "webhook", "destination", receiver.url(), "types", List.of(types)))
                .expect(201).json();
    }

    private static void drop(JsonNode created) {
        rest.delete("/notifiers/" + created.path("notifier").path("id").asLong()).expect(204);
    }

    private static JsonNode state(JsonNode created) {
        return rest.get("/notifiers/" + created.path("notifier").path("id").asLong()).expect(200).json();
    }

    private static List<Long> store(int filters) {
        List<Long> events = new ArrayList<>();
        for (int i = 0; i < filters; i++) {
            String name = Filters.name("told");
            rest.postText("/filters?name=" + name, Filters.text("x")).expect(201);
            events.add(rest.get("/events?filter=" + name).json().path("items").path(0).path("id").asLong());
        }
        return events;
    }

    @Test
    void eachEventIsToldOnceInOrderSignedAlsoIfItIsRefusedAtFirstAndTheConsoleIsStartedAgain() throws Exception {
        try (Receiver receiver = new Receiver()) {
            JsonNode created = webhook(receiver, "filter.");
            String secret = created.path("secret").asString();
            assertThat(secret).startsWith("whsec_");
            receiver.refuse(3, 503);
            List<Long> events = new ArrayList<>(store(5));
            receiver.refuse(2, 429);
            events.addAll(store(5));
            Await.until(() -> receiver.taken().size(), n -> n >= 4, "the first events");
            console.close();
            open();
            events.addAll(store(3));
            Await.until(() -> receiver.taken().size(), n -> n >= events.size(), "all events");
            assertThat(receiver.taken()).extracting(Receiver.Request::event).containsExactlyElementsOf(events);
            assertThat(receiver.all()).hasSizeGreaterThan(events.size()).allSatisfy(request -> {
                assertThat(request.type()).isEqualTo("filter.created");
                JsonNode body = new JsonMapper().readTree(request.body());
                assertThat(body.path("id").asLong()).isEqualTo(request.event());
                assertThat(body.path("filter").asString()).startsWith("told-");
                String[] parts = request.signature().split("t=|,v1=");
                assertThat(Math.abs(System.currentTimeMillis() / 1_000 - Long.parseLong(parts[1]))).isLessThan(300);
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
                assertThat(parts[2]).isEqualTo(HexFormat.of().formatHex(mac.doFinal((parts[1] + "." + request.body()).getBytes(StandardCharsets.UTF_8))));
            });
            JsonNode now = rest.await("/notifiers/" + created.path("notifier").path("id").asLong(), n -> n.path("told").asInt() == events.size());
            assertThat(now.path("attempts").asInt()).isZero();
            assertThat(now.has("lastError")).isFalse();
            assertThat(now.toString()).doesNotContain(secret);
            drop(created);
        }
    }

    @Test
    void aReceiverThatTakesNothingIsGivenUpAfterSomeTriesAndHoldsUpNobodyElse() throws Exception {
        try (Receiver broken = new Receiver(); Receiver well = new Receiver()) {
            JsonNode bad = webhook(broken, "filter.");
            JsonNode good = webhook(well, "filter.");
            broken.refuse(9, 400);
            List<Long> events = store(2);
            Await.until(() -> well.taken().size(), n -> n == 2, "both events at the one that is well");
            WebSession admin = new WebSession(console.url());
            admin.login("admin", ConsoleUnderTest.ADMIN_PASSWORD);
            Await.until(() -> overview(admin), page -> page.contains("Events cannot be told to " + bad.path("notifier").path("name").asString()), "a word about it");
            Await.until(() -> broken.taken().size(), n -> n == 1, "the second event at the other");
            assertThat(broken.all()).hasSize(10).filteredOn(r -> r.answered() == 400).allMatch(r -> r.event() == events.get(0));
            JsonNode now = rest.await("/notifiers/" + bad.path("notifier").path("id").asLong(), n -> n.path("told").asInt() == 1);
            assertThat(now.path("passedOver").asInt()).isEqualTo(1);
            String labels = "{kind=\"WEBHOOK\",notifier=\"" + bad.path("notifier").path("name").asString() + "\"} ";
            Await.until(
                    () -> rest.get("/actuator/prometheus").text(),
                    all -> all.contains("loom_notifier_passed_over_total" + labels + "1.0") && all.contains("loom_notifier_failing_tries" + labels + "0.0"),
                    "what Prometheus gets of it");
            JsonNode note = rest.await("/events?type=notifier.gave-up", e -> e.path("total").asInt() == 1).path("items").path(0);
            assertThat(note.path("message").asString()).contains("event " + events.get(0)).contains("status 400");
            drop(bad);
            drop(good);
        }
    }

    private static String overview(WebSession who) {
        try {
            return who.send("GET", "/", null).body();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void noRedirectIsFollowedAndWhatIsPausedIsToldLater() throws Exception {
        try (Receiver receiver = new Receiver(); Receiver elsewhere = new Receiver()) {
            JsonNode created = webhook(receiver, "filter.created");
            String path = "/notifiers/" + created.path("notifier").path("id").asLong();
            receiver.redirectTo(elsewhere.url());
            receiver.refuse(1, 302);
            store(1);
            Await.until(() -> receiver.taken().size(), n -> n == 1, "the second try");
            assertThat(elsewhere.all()).isEmpty();
            rest.send("PUT", path, "application/json", "{\"enabled\":false}".getBytes()).expect(200);
            List<Long> later = store(1);
            Await.until(() -> rest.get("/events?type=notifier.changed").json().path("total").asInt(), n -> n >= 1, "the change in the log");
            assertThat(receiver.taken()).hasSize(1);
            rest.send("PUT", path, "application/json", "{\"enabled\":true}".getBytes()).expect(200);
            Await.until(() -> receiver.taken().size(), n -> n == 2, "what happened meanwhile");
            assertThat(receiver.taken().get(1).event()).isEqualTo(later.get(0));
            drop(created);
        }
    }

    @Test
    void aNewSecretSignsFromThenOnAndATestSaysWhatCameOfIt() throws Exception {
        try (Receiver receiver = new Receiver()) {
            JsonNode created = webhook(receiver, "filter.");
            String path = "/notifiers/" + created.path("notifier").path("id").asLong();
            String renewed = rest.post(path + "/secret").expect(200).json().path("secret").asString();
            assertThat(renewed).startsWith("whsec_").isNotEqualTo(created.path("secret").asString());
            assertThat(rest.post(path + "/test").expect(200).json().path("taken").asBoolean()).isTrue();
            Receiver.Request test = receiver.all().get(0);
            assertThat(test.event()).isZero();
            long seconds = Long.parseLong(test.signature().split("t=|,v1=")[1]);
            assertThat(test.signature()).isEqualTo(Signature.of(renewed, seconds, test.body().getBytes(StandardCharsets.UTF_8)));
            receiver.refuse(1, 500);
            assertThat(rest.post(path + "/test").expect(200).json().path("reason").asString()).isEqualTo("It answered with status 500.");
            assertThat(rest.get("/audit?type=notifier.tested").json().path("total").asInt()).isGreaterThanOrEqualTo(2);
            drop(created);
        }
    }

    @Test
    void mailTellsWhatHasGatheredAndAJvmsWordsMakeNoHeader() throws Exception {
        JsonNode created = rest.postJson(
                "/notifiers", Map.of("name", "people", "kind", "MAIL", "destination", "ops@example.org, ada@example.org", "types", List.of("filter.", "target.")))
                .expect(201).json();
        assertThat(created.has("secret")).isFalse();
        assertThat(created.path("notifier").path("destination").asString()).isEqualTo("ops@example.org,ada@example.org");
        List<Long> events = store(3);
        console.bean(dev.loom.console.audit.EventLog.class).note(
                "target.unreachable", dev.loom.console.audit.Subject.NONE, "bad\r\nBcc: thief@example.org\r\n\r\nbody", Map.of());
        Await.until(
                () -> String.join("\n", bodies()), all -> events.stream().allMatch(e -> parts(all, "event " + e + "\\b") > 2) && parts(all, "target.unreachable") > 2,
                "all events by mail to both");
        assertThat(events).as("each once to each of two").allMatch(e -> parts(String.join("\n", bodies()), "event " + e + "\\b") == 3);
        for (var message : post.getReceivedMessages()) {
            assertThat(message.getFrom()[0]).hasToString("loom@example.org");
            assertThat(message.getSubject()).startsWith("Loom: ");
            assertThat(message.getHeader("Bcc")).isNull();
        }
        post.stop();
        List<Long> missed = store(1);
        rest.await("/notifiers/" + created.path("notifier").path("id").asLong(), n -> n.path("attempts").asInt() >= 1);
        assertThat(state(created).path("lastError").asString()).startsWith("The mail server did not take it");
        post = new GreenMail(new ServerSetup(Integer.parseInt(console.context().getEnvironment().getProperty("spring.mail.port", "0")), "127.0.0.1", "smtp"));
        post.start();
        Await.until(() -> String.join("\n", bodies()), all -> all.contains("event " + missed.get(0)), "what was missed");
        drop(created);
    }

    private static int parts(String text, String between) {
        return text.split(between, -1).length;
    }

    private static List<String> bodies() {
        return List.of(post.getReceivedMessages()).stream().map(GreenMailUtil::getBody).toList();
    }

    @Test
    void thePageAddsOneShowsTheSecretOnceAndTriesItOut() throws Exception {
        WebSession admin = new WebSession(console.url());
        admin.login("admin", ConsoleUnderTest.ADMIN_PASSWORD);
        try (Receiver receiver = new Receiver()) {
            admin.form("/notifiers", "name=by+page&kind=WEBHOOK&destination=" + receiver.url() + "&types=deployment.+filter.created");
            String page = admin.send("GET", "/notifiers", null).body();
            assertThat(page).contains("data-test=\"secret\"", "whsec_", "data-name=\"by page\"", "deployment. filter.created");
            assertThat(admin.send("GET", "/notifiers", null).body()).doesNotContain("whsec_");
            String id = page.replaceAll("(?s).*/notifiers/(\\d+)/test.*", "$1");
            admin.form("/notifiers/" + id + "/test", "");
            assertThat(admin.send("GET", "/notifiers", null).body()).contains("by page has taken the test.");
            receiver.refuse(1, 418);
            admin.form("/notifiers/" + id + "/test", "");
            assertThat(admin.send("GET", "/notifiers", null).body()).contains("by page has not taken the test.", "status 418");
            admin.form("/notifiers/" + id + "/pause", "");
            assertThat(admin.send("GET", "/notifiers", null).body()).contains("paused", ">Resume<");
            admin.form("/notifiers/" + id + "/delete", "");
            assertThat(admin.send("GET", "/notifiers", null).body()).doesNotContain("data-name=\"by page\"");
        }
    }
}
