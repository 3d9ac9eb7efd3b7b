package dev.loom.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.acme.office.Office;
import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Filters;
import dev.loom.console.support.TargetJvm;
import dev.loom.console.support.WebSession;
import java.net.http.HttpResponse;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a browser loads for a page when it has nothing of it yet, as it comes over the wire. */
class PageWeightTest {

    private static final long MOST_BYTES = 300 * 1024;
    private static final Pattern LOADED = Pattern.compile("<(?:script[^>]* src|link[^>]* href|use href|img[^>]* src)=\"([^\"#]+)");

    private final ConsoleUnderTest console = ConsoleUnderTest.shared();

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"/", "/filters", "/filter-new", "/targets", "/deployments", "/deployments/1", "/deployments/new", "/matrix", "/events", "/audit",
            "/access", "/notifiers", "/find"})
    void noPageWeighsMoreThan300KiB(String path) throws Exception {
        assertLight(path.equals("/deployments/1") ? "/deployments/" + deployment() : path);
    }

    /** A dump of some hundred threads, of which many have a stack of their own. */
    @Test
    void norDoesThePageOfTheThreads() throws Exception {
        try (TargetJvm jvm = TargetJvm.start(List.of(), Office.class, "name=weighed", "workers=200", "crowd=50", "deadlock", "hostile", "sorts=120")) {
            long id = console.rest().postJson("/targets", Map.of("address", jvm.address())).expect(201).json().path("id").asLong();
            console.rest().await("/targets/" + id, t -> t.path("state").asString().equals("REACHABLE"));
            assertLight("/targets/" + id + "/threads");
            console.rest().delete("/targets/" + id).expect(204);
        }
    }

    private void assertLight(String shown) throws Exception {
        WebSession admin = new WebSession(console.url());
        admin.login("admin", ConsoleUnderTest.ADMIN_PASSWORD);
        HttpResponse<String> page = admin.send("GET", shown, null, "Accept", "text/html", "Accept-Encoding", "gzip");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Encoding")).as("a page holds secrets: its length must tell nothing of them").isEmpty();
        long bytes = page.body().length();
        Set<String> assets = new LinkedHashSet<>();
        Matcher loaded = LOADED.matcher(page.body());
        while (loaded.find()) {
            assets.add(loaded.group(1));
        }
        assertThat(assets).as("what the page loads").hasSizeGreaterThan(4).allMatch(asset -> asset.startsWith("/assets/"));
        for (String asset : assets) {
            HttpResponse<byte[]> answer = admin.bytes(asset, "Accept-Encoding", "gzip");
            assertThat(answer.statusCode()).as(asset).isEqualTo(200);
            bytes += answer.body().length;
        }
        assertThat(bytes).as("bytes of %s with %s", shown, assets).isLessThan(MOST_BYTES);
    }

    /** One that is there; it has no JVM yet. */
    private long deployment() {
        String filter = Filters.name("weighed");
        console.rest().postText("/filters?name=" + filter, Filters.text("x")).expect(201);
        return console.rest().postJson("/deployments", Map.of("filter", filter, "selector", "weighed=" + filter, "allowEmpty", true)).expect(201).json()
                .path("id").asLong();
    }

    @Test
    void pagesAreInTheNumbersOfTheLanguageThatABrowserAsksFor() throws Exception {
        WebSession admin = new WebSession(console.url());
        admin.login("admin", ConsoleUnderTest.ADMIN_PASSWORD);
        try (TargetJvm jvm = TargetJvm.fake("name=numbers")) {
            long id = console.rest().postJson("/targets", Map.of("address", jvm.address())).expect(201).json().path("id").asLong();
            console.rest().await("/targets/" + id, t -> t.path("state").asString().equals("REACHABLE"));
            for (List<String> expected : List.of(List.of("de-DE,de;q=0.9", "0,50 %"), List.of("ja", "0.50 %"), List.of("en-US", "0.50 %"))) {
                assertThat(admin.send("GET", "/targets/" + id, null, "Accept-Language", expected.get(0)).body()).as(expected.get(0)).contains(">" + expected.get(1) + "<");
            }
            console.rest().delete("/targets/" + id).expect(204);
        }
    }
}
