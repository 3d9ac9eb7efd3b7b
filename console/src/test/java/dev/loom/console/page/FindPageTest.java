package dev.loom.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.acme.racy.Recorded;
import dev.loom.console.support.Await;
import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Filters;
import dev.loom.console.support.TargetJvm;
import dev.loom.console.support.WebSession;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** The page that finds races: for everybody, without script, on a phone, and when the JVM says no. */
class FindPageTest {

    private static final ConsoleUnderTest console = ConsoleUnderTest.shared();
    private static final String TEXT = "filter \"x\" {\n    atomic com.acme.Bank#transfer by this\n}\n";
    private static TargetJvm jvm;
    private static long target;

    @BeforeAll
    static void start() {
        jvm = TargetJvm.fake("name=sought");
        target = listed(jvm, "sought");
        console.rest().postJson("/targets/" + target + "/find", Map.of("classes", List.of("com.acme.**"), "seconds", 900)).expect(202);
    }

    private static long listed(TargetJvm jvm, String name) {
        long id = console.rest().postJson("/targets", Map.of("address", jvm.address(), "name", name)).expect(201).json().path("id").asLong();
        console.rest().await("/targets/" + id, t -> t.path("state").asString().equals("REACHABLE"));
        return id;
    }

    @AfterAll
    static void stop() {
        console.rest().delete("/targets/" + target + "?force=true");
        jvm.close();
    }

    private static String page(long id) {
        return "/targets/" + id + "/find";
    }

    @Test
    void findingsCanBeReadByEverybodyAndFitAPhone() {
        try (Browser browser = new Browser(console)) {
            browser.logInAsAdmin();
            browser.open(page(target));
            assertThat(browser.texts("[data-test=race]")).hasSize(2);
            assertThat(browser.texts("[data-test=race][data-kind=DATA_RACE] .culprit")).hasSize(2);
            assertThat(browser.texts("[data-test=race][data-kind=SHRUGGED]").toString())
                    .contains("Shrugged at com.acme.Bank.balance", "does not know this kind", "No filter is proposed");
            assertThat(browser.inaccessible()).as("what axe finds").isEmpty();
            String before = browser.text("search-sentence");
            Await.until(() -> browser.text("search-sentence"), now -> !before.equals(now), "a search that goes on by itself");
            browser.script("document.querySelector('[data-test=proposal-name]').value = 'typed'");
            browser.clickOn("[data-test=proposal-check]");
            browser.awaitText("said", "takes it: 1 method would be woven");
            assertThat(browser.read("[data-test=proposal-name]", "value")).as("what was typed stays").isEqualTo("typed");

            // by the keyboard: the palette, then the form
            browser.open("/");
            browser.press(Keys.chord(Keys.CONTROL, "k"));
            browser.type("palette-field", "sought");
            Await.until(() -> browser.texts("#palette [role=option] .kind").toString(), kinds -> kinds.contains("Find a race"), "the page in the palette");

            browser.prefer("dark");
            browser.open(page(target));
            assertThat(browser.illegible()).as("contrast in dark").isEmpty();
            browser.prefer("light");
            browser.resize(420, 860);
            browser.open(page(target));
            assertThat(browser.script("return document.documentElement.scrollWidth <= window.innerWidth")).as("nothing stands out at the side")
                    .isEqualTo(true);
            browser.expectNoComplaints();
        }
    }

    @Test
    void withoutScriptAProposalIsCheckedAndObservedByForms() throws Exception {
        WebSession admin = loggedIn("admin", ConsoleUnderTest.ADMIN_PASSWORD);
        String name = Filters.name("found");
        HttpResponse<String> checked = admin.form(page(target) + "/check", "key=s1&name=" + name + "&text=" + encoded(TEXT));
        assertThat(checked.statusCode()).isEqualTo(200);
        HttpResponse<String> observed = admin.form(page(target) + "/observe", "key=s1&name=" + name + "&text=" + encoded(TEXT));
        assertThat(observed.statusCode()).as(observed.body()).isEqualTo(302);
        assertThat(observed.headers().firstValue("Location").orElse("")).matches(".*/deployments/\\d+\\?target=" + target);
        assertThat(console.rest().get("/filters/" + name).expect(200).json().path("text").asString())
                .as("the text says the name under which it is stored").startsWith("filter \"" + name + "\"");
        String text = TEXT.replace("transfer", "other");
        HttpResponse<String> taken = admin.form(page(target) + "/observe", "key=s1&name=" + name + "&text=" + encoded(text));
        assertThat(taken.statusCode()).isEqualTo(409);
        assertThat(taken.body()).contains("There is another filter", "Give this one another name.");
        String deployment = observed.headers().firstValue("Location").orElse("").replaceFirst(".*/deployments/(\\d+).*", "$1");
        console.rest().await("/deployments/" + deployment, d -> d.path("state").asString().equals("ENABLED"));
        assertThat(admin.send("GET", "/deployments/" + deployment, null).body()).contains("data-test=\"verdict-sentence\"");
        console.rest().delete("/deployments/" + deployment + "?wait=30").expect(200);
    }

    @Test
    void whatIsRefusedSaysWhyAndKeepsWhatWasTyped() throws Exception {
        WebSession admin = loggedIn("admin", ConsoleUnderTest.ADMIN_PASSWORD);
        HttpResponse<String> bad = admin.form(page(target), "classes=com/acme&seconds=60&budget=3");
        assertThat(bad.statusCode()).isEqualTo(422);
        assertThat(bad.body()).contains("is not a pattern of class names", "value=\"com/acme\"");
        HttpResponse<String> busy = admin.form(page(target), "classes=com.acme.**&seconds=60&budget=3");
        assertThat(busy.statusCode()).isEqualTo(409);
        assertThat(busy.body()).contains("Races are being looked for in sought already");
        assertThat(admin.form(page(target), "classes=a.**&seconds=soon&budget=3").body()).contains("60 and 3 are usual");
        HttpResponse<String> pasted = admin.form(page(target) + "/suggest", "traces=" + encoded("nothing"));
        assertThat(pasted.body()).contains("no stack trace is in the text", ">nothing</textarea>");
        assertThat(admin.file(page(target) + "/suggest", new byte[] {'P', 'K', 3, 4, 0, 0}).body()).contains("neither a text nor a recording of JFR");
    }

    @Test
    void aFileIsReadAsWhatIsPasted(@TempDir Path directory) throws Exception {
        WebSession admin = loggedIn("admin", ConsoleUnderTest.ADMIN_PASSWORD);
        Path recording = directory.resolve("failed.jfr");
        Recorded.failures(recording);
        HttpResponse<String> sent = admin.file(page(target) + "/suggest", Files.readAllBytes(recording));
        assertThat(sent.statusCode()).isEqualTo(200);
        assertThat(sent.body()).contains("data-test=\"suggested\"", "atomic com.acme.Bank#transfer by this");
    }

    @Test
    void anOldAgentAndOneThatIsGoneAreSaidToBe() throws Exception {
        WebSession admin = loggedIn("admin", ConsoleUnderTest.ADMIN_PASSWORD);
        TargetJvm old = TargetJvm.fake("name=aged", "old");
        long id = listed(old, "aged");
        assertThat(admin.send("GET", page(id), null).body()).contains("data-test=\"find-away\"", "too old to look for races");
        old.die();
        console.rest().await("/targets/" + id, t -> t.path("state").asString().equals("UNREACHABLE"));
        assertThat(admin.send("GET", page(id), null).body()).contains("data-test=\"find-away\"");
        console.rest().delete("/targets/" + id + "?force=true").expect(204);
    }

    @Test
    void eachSeesWhatTheyMayDo() throws Exception {
        String viewer = console.rest().postJson("/accounts", account("viewer")).expect(201).json().path("username").asString();
        assertThat(loggedIn(viewer, "a-long-password").send("GET", page(target), null).body()).contains("data-test=\"race\"")
                .doesNotContain("data-test=\"find\"", "data-test=\"stop-finding\"", "proposal-check", "proposal-observe", "data-test=\"traces\"");
        String operator = console.rest().postJson("/accounts", account("operator")).expect(201).json().path("username").asString();
        assertThat(loggedIn(operator, "a-long-password").send("GET", page(target), null).body()).contains("proposal-check", "needs-author")
                .doesNotContain("proposal-observe");
        String author = console.rest().postJson("/accounts", account("author")).expect(201).json().path("username").asString();
        assertThat(loggedIn(author, "a-long-password").send("GET", page(target), null).body()).contains("proposal-save").doesNotContain("proposal-check");
    }

    private static Map<String, String> account(String role) {
        return Map.of("username", Filters.name(role), "password", "a-long-password", "role", role);
    }

    private static WebSession loggedIn(String user, String password) throws Exception {
        WebSession session = new WebSession(console.url());
        session.login(user, password);
        return session;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
