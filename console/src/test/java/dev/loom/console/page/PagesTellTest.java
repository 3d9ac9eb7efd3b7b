package dev.loom.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loom.console.support.Await;
import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Filters;
import dev.loom.console.support.Rest;
import dev.loom.console.support.TargetJvm;
import dev.loom.console.support.WebSession;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the pages say in situations that are easily told wrong. */
class PagesTellTest {

    private static final ConsoleUnderTest console = ConsoleUnderTest.shared();
    private static final Rest rest = console.rest();
    private static TargetJvm jvm;
    private static long target;
    private static WebSession admin;

    @BeforeAll
    static void start() throws Exception {
        jvm = TargetJvm.fake("name=told");
        target = listed(jvm, "told");
        admin = new WebSession(console.url());
        admin.login("admin", ConsoleUnderTest.ADMIN_PASSWORD);
    }

    @AfterAll
    static void stop() {
        rest.delete("/targets/" + target + "?force=true");
        jvm.close();
    }

    private static long listed(TargetJvm jvm, String name) {
        long id = rest.postJson("/targets", Map.of("address", jvm.address(), "name", name, "labels", Map.of("told", name))).expect(201).json()
                .path("id").asLong();
        rest.await("/targets/" + id, t -> t.path("state").asString().equals("REACHABLE"));
        return id;
    }

    private static String stored(String about) {
        String name = Filters.name("told");
        rest.postText("/filters?name=" + name, Filters.text(about)).expect(201);
        return name;
    }

    private static long enabled(String filter, Long... targets) {
        return rest.postJson("/deployments", Map.of("filter", filter, "targets", List.of(targets))).expect(201).json().path("id").asLong();
    }

    private static String page(String path) throws Exception {
        return admin.send("GET", path, null, "Accept", "text/html").body();
    }

    private static String form(String path, String form) throws Exception {
        String back = admin.form(path, form, "Referer", console.url() + "/filters").headers().firstValue("Location").orElseThrow();
        return page(back.startsWith("http") ? back.substring(console.url().length()) : back);
    }

    private static String figure(String page, String name) {
        Matcher value = Pattern.compile("(?s)data-test=\"" + name + "\".*?class=\"value\"[^>]*>(\\d+)<").matcher(page);
        assertThat(value.find()).as(name).isTrue();
        return value.group(1);
    }

    @Test
    void aFilterThatWaitsForItsClassIsNeitherThroughNorInForce() throws Exception {
        String before = figure(page("/"), "figure-in-force");
        long id = enabled(stored("lazy"), target);
        rest.await("/deployments/" + id, d -> d.path("jvms").path(0).path("state").asString().equals("WAITING_FOR_CLASS"));
        assertThat(figure(page("/"), "figure-in-force")).isEqualTo(before);
        assertThat(page("/deployments/" + id)).contains("com.acme.Lazy", "data-test=\"evacuation-text\">0 %<", "data-test=\"progress-text\">0 %<")
                .doesNotContain("class=\"done\"", "class=\"thick done\"");
        String jvmPage = page("/targets/" + target);
        assertThat(jvmPage.substring(jvmPage.indexOf("/deployments/" + id))).contains("data-test=\"progress-text\">0 %<");
        rest.delete("/deployments/" + id + "?wait=30").expect(200);
    }

    @Test
    void theJvmThatIsLookedAtIsOneWhereSomethingCanBeSeenAndStaysAfterAPause() throws Exception {
        try (TargetJvm other = TargetJvm.fake("name=a-lazy-one")) {
            long waiting = listed(other, "a-lazy-one");
            long id = enabled(stored("lazy-in a-lazy-one"), waiting, target);
            rest.await("/deployments/" + id, d -> d.path("jvms").path(0).path("state").asString().equals("WAITING_FOR_CLASS")
                    && d.path("jvms").path(1).path("state").asString().equals("ACTIVE"));
            assertThat(page("/deployments/" + id)).as("the charts").contains("series?target=" + target + "&amp;minutes");
            String there = admin.form("/deployments/" + id + "/pause", "target=" + waiting).headers().firstValue("Location").orElseThrow();
            assertThat(there).endsWith("/deployments/" + id + "?target=" + waiting);
            assertThat(page("/deployments/" + id + "?target=" + waiting)).contains("series?target=" + waiting + "&amp;minutes")
                    .contains("name=\"target\" value=\"" + waiting + "\"");
            rest.delete("/deployments/" + id + "?wait=30").expect(200);
            rest.delete("/targets/" + waiting + "?force=true").expect(204);
        }
    }

    @Test
    void whatWasCancelledHasNoStragglersAndNoHits() throws Exception {
        String filter = stored("straggle");
        long id = enabled(filter, target);
        rest.await("/deployments/" + id, d -> d.path("jvms").path(0).path("stragglers").asInt() == 1);
        rest.post("/targets/" + target + "/filters/" + filter + "/cancel").expect(200);
        assertThat(rest.await("/deployments/" + id, d -> d.path("ended").asBoolean(false) || d.has("endedAt")).path("jvms").path(0).path("stragglers").asInt())
                .isZero();
        assertThat(page("/deployments/" + id)).contains("data-test=\"jvm-hits\">–<").doesNotContain("data-test=\"stragglers\"")
                .contains("class=\"num zero\">0<");
        String row = page("/targets/" + target);
        row = row.substring(row.indexOf(filter), row.indexOf("</tr>", row.indexOf(filter)));
        assertThat(row).contains("class=\"num zero\">0<").contains("class=\"num\">–<");
    }

    @Test
    void whatIsDisabledInADeadJvmSaysSo() throws Exception {
        try (TargetJvm mortal = TargetJvm.fake("name=mortal")) {
            long id = listed(mortal, Filters.name("mortal"));
            long deployment = enabled(stored("dies"), id);
            rest.await("/deployments/" + deployment, d -> d.path("state").asString().equals("ENABLED"));
            mortal.die();
            rest.await("/targets/" + id, t -> t.path("state").asString().equals("UNREACHABLE"));
            rest.delete("/deployments/" + deployment).expect(200);
            assertThat(page("/deployments/" + deployment)).contains("does not answer: the filter is taken out when a connection is there again")
                    .doesNotContain("threads inside a region finish it first");
            rest.delete("/targets/" + id + "?force=true").expect(204);
        }
    }

    @Test
    void theNameInATextGoesBeforeTheFiles() throws Exception {
        String name = Filters.name("within");
        String boundary = "xxboundaryxx";
        String body = "--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"other.loom\"\r\n\r\nfilter \"" + name
                + "\" {\natomic com.acme.Bank#transfer\n}\r\n--" + boundary + "--\r\n";
        String there = admin.multipart("/filter-new", boundary, body).headers().firstValue("Location").orElseThrow();
        assertThat(there).endsWith("/filters/" + name);
    }

    @Test
    void eventsLinkToWhatIsStillThere() throws Exception {
        String gone = stored("gone");
        rest.delete("/filters/" + gone, "If-Match", "\"1\"").expect(204);
        String stays = stored("stays");
        assertThat(page("/audit?q=" + gone)).contains("Deleted filter " + gone).doesNotContain("href=\"/filters/" + gone);
        assertThat(page("/audit?q=" + stays)).contains("href=\"/filters/" + stays);
    }

    @Test
    void aJvmThatIsInTheListByItsAddressIsKnownOnThisMachine() throws Exception {
        String locals = page("/targets/local");
        int row = locals.indexOf("data-pid=\"" + jvm.pid() + "\"");
        assertThat(locals.substring(row, locals.indexOf("</tr>", row))).contains("href=\"/targets/" + target + "\"").doesNotContain("not in the list");
    }

    @Test
    void anApplicationThatFailsWhileNoFilterIsInForceWantsALook() throws Exception {
        try (TargetJvm failing = TargetJvm.fake("name=failing")) {
            String name = Filters.name("failing");
            long id = listed(failing, name);
            rest.send("PUT", "/targets/" + id + "/app-bean", "application/json",
                    "{\"name\":\"com.acme:type=Orders\",\"operations\":\"Processed\",\"failures\":\"Broken\"}".getBytes()).expect(200);
            Await.until(() -> attention(), text -> text.contains(name + " counts "), "a word about the failures");
            rest.delete("/targets/" + id).expect(204);
        }
    }

    private static String attention() {
        try {
            return page("/");
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void noPageSpeaksOfRest() throws Exception {
        String taken = stored("taken");
        List<String> said = List.of(
                form("/deployments/987654/disable", ""),
                form("/targets/987654/retry", ""),
                form("/filters/none-such/delete", "base=1"),
                admin.form("/deployments", "filter=" + taken + "&selector=no=where").body(),
                admin.form("/filter-new", "name=" + taken + "&text=" + URLEncoder.encode(Filters.text("x"), StandardCharsets.UTF_8)).body());
        assertThat(said.get(3)).contains("No JVM has these labels");
        assertThat(said.get(4)).contains("There is a filter");
        for (String page : said) {
            assertThat(page.replaceAll("data-(api|preview)=\"[^\"]*\"", "")).contains("class=\"flash bad\"").doesNotContain("/api/v1", "By REST", "PUT ", "force=true")
                    .doesNotContain("later, too. By").doesNotContain("say so: allowEmpty");
        }
    }

    @Test
    void aVersionIsOneOfThoseThatThereAre() throws Exception {
        assertThat(page("/deployments/new?filter=" + stored("versioned"))).containsPattern("<select id=\"version\"[^>]*><option value=\"\">the current one \\(1\\)");
        assertThat(admin.form("/deployments", "filter=" + stored("numbered") + "&targets=" + target + "&version=latest").body())
                .contains("&#39;latest&#39; is not a version");
    }

    @Test
    void labelsAreWrittenInOneWayAndFoundByIt() throws Exception {
        assertThat(page("/targets?q=told=told")).contains("data-name=\"told\"").contains("told=<b>told</b>");
        assertThat(page("/targets?q=told:told")).contains("data-name=\"told\"");
        assertThat(page("/targets?q=told=nothing")).contains("No JVM matches", "key=value").doesNotContain("key:value");
    }

    @Test
    void theDaysOfTheAuditLogAreThoseOfWhoeverLooks() throws Exception {
        var jdbc = console.bean(org.springframework.jdbc.core.simple.JdbcClient.class);
        String name = stored("zoned");
        jdbc.sql("update event set at = ? where filter_name = ?").params(java.time.Instant.parse("2026-03-01T23:30:00Z").toEpochMilli(), name).update();
        assertThat(page("/audit?q=" + name + "&from=2026-03-02&to=2026-03-02&zone=Europe/Berlin")).contains("data-test=\"event\"");
        assertThat(page("/audit?q=" + name + "&from=2026-03-02&to=2026-03-02")).doesNotContain("data-test=\"event\"");
        assertThat(rest.get("/audit?from=2026-03-02&zone=Nowhere/Atall").expect(400).code()).isEqualTo("LOOM-851");
    }

    @Test
    void timesAreWrittenForTheScriptThatSaysThemInOneZone() throws Exception {
        for (String path : List.of("/targets/" + target, "/audit", "/events", "/filters", "/")) {
            assertThat(page(path).replaceAll("(?s)<time[^>]*>.*?</time>", "")).as("times on %s that stay in UTC", path).doesNotContain(" UTC<");
        }
    }
}
