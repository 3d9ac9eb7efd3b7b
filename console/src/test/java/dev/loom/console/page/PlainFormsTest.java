package dev.loom.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Filters;
import dev.loom.console.support.TargetJvm;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the pages do without any script: forms and links alone. And what they answer to bad input. */
class PlainFormsTest {

    private static final Pattern CSRF = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"");

    private final ConsoleUnderTest console = ConsoleUnderTest.shared();
    private final HttpClient client =
            HttpClient.newBuilder().cookieHandler(new CookieManager()).followRedirects(HttpClient.Redirect.NORMAL).build();

    @BeforeEach
    void logIn() throws Exception {
        String login = get("/login").body();
        HttpResponse<String> page = post("/login",
                Map.of("username", "admin", "password", ConsoleUnderTest.ADMIN_PASSWORD, "_csrf", csrf(login)));
        assertThat(page.body()).contains("data-test=\"user\"");
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(uri(path)).header("Accept", "text/html").build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, Map<String, String> fields) throws IOException, InterruptedException {
        String body = fields.entrySet().stream()
                .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return client.send(
                HttpRequest.newBuilder(uri(path))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header("Accept", "text/html")
                        .header("Referer", console.url() + "/filters")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> upload(String path, String fileName, byte[] content, Map<String, String> fields)
            throws IOException, InterruptedException {
        String boundary = "----loom-test-boundary";
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (Map.Entry<String, String> field : fields.entrySet()) {
            body.writeBytes(("--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + field.getKey() + "\"\r\n\r\n"
                    + field.getValue() + "\r\n").getBytes(StandardCharsets.UTF_8));
        }
        body.writeBytes(("--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + fileName
                + "\"\r\nContent-Type: application/octet-stream\r\n\r\n").getBytes(StandardCharsets.UTF_8));
        body.writeBytes(content);
        body.writeBytes(("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return client.send(
                HttpRequest.newBuilder(uri(path))
                        .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                        .header("Accept", "text/html")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create(console.url() + path);
    }

    private static String csrf(String page) {
        Matcher token = CSRF.matcher(page);
        assertThat(token.find()).as("a CSRF token in the page").isTrue();
        return token.group(1);
    }

    private String csrfOf(String path) throws IOException, InterruptedException {
        return csrf(get(path).body());
    }

    @Test
    void thePageOfAFilterInAJvmShowsWhoWaitsAndForWhom() throws Exception {
        try (TargetJvm jvm = TargetJvm.fake("name=waits")) {
            long target = console.rest().postJson("/targets", Map.of("address", jvm.address())).expect(201).json().path("id").asLong();
            String name = Filters.name("waits");
            console.rest().postText("/filters?name=" + name, Filters.text("held and stuck")).expect(201);
            assertThat(get("/deployments/new").body()).contains("data-test=\"on-deadlocked\"");
            console.rest().await("/targets/" + target, t -> t.path("state").asString().equals("REACHABLE"));
            HttpResponse<String> enabled = post("/deployments", Map.of(
                    "filter", name, "targets", String.valueOf(target), "onDeadlocked", "accept", "_csrf", csrfOf("/targets/new")));
            String deployment = enabled.uri().getPath();
            console.rest().await(deployment, d -> d.path("state").asString().equals("ENABLED"));

            String page = get(deployment).body();
            assertThat(page).contains("Waits now", "teller-1", "4 s", "teller-2 (id 32)", "850 ms", "an event comes");
            assertThat(page).contains("data-test=\"deadlocks\"", "left waits for the monitor of com.acme.Fork@1");
            assertThat(page).as("overhead in its two parts").contains("<b>0.20 %</b>", "<b>150 %</b>");
            assertThat(page).contains("accepts threads that were deadlocked before");
            assertThat(get("/deployments/new?again=" + deployment.replaceAll("\\D", "")).body())
                    .as("enabled again with the same policy").contains("<option value=\"accept\" selected=\"selected\">");
            console.rest().delete(deployment + "?wait=30").expect(200);
            console.rest().delete("/targets/" + target + "?force=true");
        }
    }

    @Test
    void aFilterIsCheckedStoredEnabledAndDisabledWithFormsAlone() throws Exception {
        try (TargetJvm jvm = TargetJvm.fake("name=plain")) {
            String token = csrfOf("/targets/new");
            HttpResponse<String> added = post("/targets",
                    Map.of("url", jvm.address(), "name", "plain", "labels", "env:plain;app:x", "_csrf", token));
            assertThat(added.uri().getPath()).matches("/targets/\\d+");
            assertThat(added.body()).contains("Added plain.").contains("<b>plain</b>");
            String target = added.uri().getPath().substring("/targets/".length());
            console.rest().await("/targets/" + target, t -> t.path("state").asString().equals("REACHABLE"));

            String name = Filters.name("plain");
            HttpResponse<String> checked = post("/filter-check-page",
                    Map.of("name", name, "text", "region r = \natomic q\n", "_csrf", token));
            assertThat(checked.body()).contains("data-test=\"remark\"").contains("data-line=\"2\"").contains("region r = ");

            HttpResponse<String> stored = upload("/filter-new", name + ".loom", Filters.text("by a form")
                    .getBytes(StandardCharsets.UTF_8), Map.of("_csrf", token));
            assertThat(stored.uri().getPath()).as("named after its file").isEqualTo("/filters/" + name);
            assertThat(stored.body()).contains("Stored filter " + name);

            HttpResponse<String> enabled = post("/deployments",
                    Map.of("filter", name, "targets", target, "mode", "enforce", "_csrf", token));
            assertThat(enabled.uri().getPath()).matches("/deployments/\\d+");
            String deployment = enabled.uri().getPath();
            console.rest().await(deployment, d -> d.path("state").asString().equals("ENABLED"));
            assertThat(get(deployment).body()).contains("data-state=\"ACTIVE\"").contains("data-test=\"hook\"");

            HttpResponse<String> inUse = post("/filters/" + name + "/delete", Map.of("base", "1", "_csrf", token));
            assertThat(inUse.body()).contains("is enabled in a JVM").contains("data-kind=\"bad\"");

            post(deployment + "/disable", Map.of("_csrf", token));
            console.rest().await(deployment, d -> d.path("state").asString().equals("DISABLED"));
            assertThat(get(deployment).body()).contains("Not in force any more");
            assertThat(post("/targets/" + target + "/delete", Map.of("_csrf", token)).body()).contains("plain is off the list");
        }
    }

    @Test
    void aTextWithErrorsIsShownAgainWithAllOfThem() throws Exception {
        String text = "region a = com.acme.Bank#\nregion b = { ; }\natomic c\n";
        HttpResponse<String> answer = post("/filter-new", Map.of("name", "broken", "text", text, "_csrf", csrfOf("/filter-new")));
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.body()).contains("not stored").contains("data-line=\"1\"").contains("data-line=\"2\"")
                .contains("region b = { ; }");
    }

    @Test
    void twoMebibytesOfNoiseGetAClearAnswer() throws Exception {
        byte[] noise = new byte[2 << 20];
        new Random(1).nextBytes(noise);
        HttpResponse<String> answer = upload("/filter-new", "noise.loom", noise, Map.of("_csrf", csrfOf("/filter-new")));
        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(answer.body()).contains("data-test=\"problem\"").contains("this one has 2097152");
    }

    @Test
    void anAddressWhereNobodyListensIsShownAsUnreachableWithWhatToDo() throws Exception {
        HttpResponse<String> wrong = post("/targets", Map.of("url", "not an address", "_csrf", csrfOf("/targets/new")));
        assertThat(wrong.statusCode()).isEqualTo(422);
        assertThat(wrong.body()).contains("data-test=\"problem\"").contains("value=\"not an address\"");

        HttpResponse<String> added = post("/targets", Map.of("url", "127.0.0.1:1", "_csrf", csrfOf("/targets/new")));
        String path = added.uri().getPath();
        console.rest().await(path, t -> t.path("state").asString().equals("UNREACHABLE"));
        assertThat(get(path).body()).contains("data-test=\"target-error\"").contains("UNREACHABLE");
        assertThat(get("/").body()).contains("cannot be reached");
        assertThat(post("/deployments",
                Map.of("filter", "none", "targets", path.substring("/targets/".length()), "_csrf", csrfOf("/targets/new")))
                .body())
                .contains("data-test=\"problem\"");
        console.rest().delete(path);
    }

    @Test
    void whatIsNotThereSaysSo() throws Exception {
        for (String path
                : new String[] {"/filters/none-such", "/targets/999999", "/deployments/999999", "/filters/none-such/versions/1",
                "/nowhere"}) {
            HttpResponse<String> answer = get(path);
            assertThat(answer.statusCode()).as(path).isEqualTo(404);
            assertThat(answer.body()).as(path).contains("data-test=\"error\"").doesNotContain("Exception");
        }
    }

    @Test
    void theListOfThreeHundredJvmsIsPagedAndSearched() throws Exception {
        var rest = console.rest();
        for (int i = 0; i < 120; i++) {
            rest.postJson("/targets",
                    Map.of("address", "127.0.0.1:" + (1 + i), "name", "crowd-" + i, "labels",
                    Map.of("row", String.valueOf(i % 3)))).expect(201);
        }
        String first = get("/targets?q=crowd-&size=50").body();
        assertThat(first.split("data-test=\"target-row\"")).hasSize(51);
        assertThat(first).contains("data-test=\"total\">120<").contains("data-test=\"next-page\"");
        assertThat(get("/targets?q=crowd-&size=50&page=2").body().split("data-test=\"target-row\"")).hasSize(21);
        assertThat(get("/targets?q=crowd-&size=300").body().split("data-test=\"target-row\"")).hasSize(121);
        assertThat(get("/targets?q=no-such-jvm").body()).contains("No JVM matches");
        rest.get("/targets?q=crowd-&size=500").json().path("items")
                .forEach(t -> rest.delete("/targets/" + t.path("id").asLong()));
    }

    @Test
    void aFormFromAnotherSessionIsRefused() throws Exception {
        HttpResponse<String> answer = post("/filter-new", Map.of("name", "x", "text", "y", "_csrf", "stale"));
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("data-test=\"error\"");
    }

    @Test
    void theAddressThatAFormCameFromIsNeverFollowedToAnotherHost() throws Exception {
        String token = csrfOf("/filter-new");
        HttpRequest request = HttpRequest.newBuilder(uri("/filters/none-such/delete"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Referer", "http://evil.example//elsewhere.example/x")
                .POST(HttpRequest.BodyPublishers.ofString("base=1&_csrf=" + token))
                .build();
        HttpClient here = HttpClient.newBuilder().cookieHandler(client.cookieHandler().orElseThrow()).build();
        assertThat(here.send(request, HttpResponse.BodyHandlers.ofString()).headers().firstValue("Location").orElseThrow())
                .satisfiesAnyOf(l -> assertThat(l).isEqualTo("/"), l -> assertThat(l).isEqualTo(console.url() + "/"));
    }
}
