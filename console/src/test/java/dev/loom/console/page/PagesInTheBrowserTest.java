package dev.loom.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loom.console.support.Await;
import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Filters;
import dev.loom.console.support.TargetJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

/** What the pages do beyond the main job: errors at their lines, stragglers, the keyboard, themes, roles. */
class PagesInTheBrowserTest {

    private static final ConsoleUnderTest console = ConsoleUnderTest.shared();
    private static Browser browser;
    private static TargetJvm jvm;
    private static long target;

    @BeforeAll
    static void start() {
        jvm = TargetJvm.fake("name=paged", "label=env:pages");
        target = console.rest().postJson("/targets", Map.of("address", jvm.address(), "name", "paged")).expect(201).json()
                .path("id").asLong();
        console.rest().await("/targets/" + target, t -> t.path("state").asString().equals("REACHABLE"));
        browser = new Browser(console);
        browser.logInAsAdmin();
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
        console.rest().delete("/targets/" + target + "?force=true");
        jvm.close();
    }

    @AfterEach
    void nothingWasBlockedAndNoScriptFailed() {
        browser.expectNoComplaints();
    }

    private static String stored(String about) {
        String name = Filters.name("page");
        console.rest().postText("/filters?name=" + name, Filters.text(about)).expect(201);
        return name;
    }

    private static long enabled(String filter) {
        return console.rest().postJson("/deployments", Map.of("filter", filter, "targets", List.of(target))).expect(201).json()
                .path("id").asLong();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"/", "/filters", "/filter-new", "/targets", "/targets/new", "/targets/local", "/deployments", "/matrix", "/notifiers", "/find",
            "/deployments/new", "/events", "/audit", "/access"})
    void eachPageOpensInBothThemesAndOnAPhone(String path) {
        browser.open(path);
        assertThat(browser.read("main h1", "textContent")).isNotBlank();
        assertThat(browser.inaccessible()).as("what axe finds on %s", path).isEmpty();
        browser.prefer("dark");
        browser.open(path);
        assertThat(browser.read("main h1", "textContent")).isNotBlank();
        assertThat(browser.illegible()).as("contrast on %s in dark", path).isEmpty();
        browser.resize(420, 860);
        try {
            browser.open(path);
            assertThat(browser.script("return document.documentElement.scrollWidth <= window.innerWidth"))
                    .as("nothing stands out at the side").isEqualTo(true);
        } finally {
            browser.resize(1360, 900);
            browser.prefer("light");
        }
    }

    @Test
    void thePagesOfAFilterAJvmADeploymentAndTheLoginCanBeUsedByAll() {
        String filter = stored("for all");
        List<String> paths = List.of(
                "/filters/" + filter, "/targets/" + target, "/deployments/" + enabled(filter), "/deployments/new?filter=" + filter,
                "/filters/" + filter + "/versions/1", "/targets/" + target + "/source", "/targets/" + target + "/source?class=com.acme.Bank&line=43", "/targets/" + target + "/threads");
        for (String path : paths) {
            browser.open(path);
            assertThat(browser.inaccessible()).as("what axe finds on %s", path).isEmpty();
        }
        browser.prefer("dark");
        for (String path : paths) {
            browser.open(path);
            assertThat(browser.illegible()).as("contrast on %s in dark", path).isEmpty();
        }
        browser.prefer("light");
    }

    @Test
    void allErrorsOfATextAreMarkedAtTheirLinesAndListedWithACaret() {
        browser.open("/filter-new");
        browser.script(
                "document.querySelector('[data-test=text]').loomEditor.set(arguments[0])",
                "about \"not closed\nregion r = com.acme.Bank#transfer\natomic r x\n");
        browser.awaitText("check-summary", "error");
        List<?> lines =
                (List<?>) browser.script("return [...document.querySelectorAll('[data-test=remark]')].map(r => r.dataset.line)");
        assertThat(lines).hasSizeGreaterThanOrEqualTo(2);
        assertThat(lines.get(0)).isEqualTo("1");
        assertThat(browser.read(".remarks .caret b", "textContent")).isEqualTo("^");
        Await.until(
                () -> browser.script(
                        "return document.querySelector('.editor-host').shadowRoot"
                                + ".querySelectorAll('.cm-lintRange-error').length"),
                marks -> ((Number) marks).intValue() >= 1,
                "the marks in the editor");

        browser.clickOn(".remarks [data-goto]");
        assertThat(browser.script("return document.activeElement.className")).isEqualTo("editor-host");

        browser.script("document.querySelector('#name').value = 'never-stored'");
        browser.click("save");
        browser.awaitText("problem", "not stored");
        assertThat(browser.read("#text", "value")).as("what was typed is still there").startsWith("about \"not closed");
    }

    @Test
    void aTextThatIsSavedWithoutASessionIsKeptAndOfferedAgain() {
        browser.open("/filter-new");
        browser.script("localStorage.clear()");
        browser.script("document.querySelector('[data-test=text]').loomEditor.set(arguments[0])", "atomic com.acme.Kept#text");
        browser.script("document.querySelector('#name').value = 'kept'");
        browser.forgetSession();
        browser.click("save");
        browser.awaitText("check-result", "not logged in any more");
        assertThat(browser.path()).isEqualTo("/filter-new");
        browser.open("/filter-new");
        browser.logInAsAdmin();
        browser.open("/filter-new");
        browser.awaitText("draft", "was not stored");
        browser.click("draft-take");
        assertThat(browser.read("#text", "value")).isEqualTo("atomic com.acme.Kept#text");
        browser.script("document.querySelector('#name').value = arguments[0]", Filters.name("kept"));
        browser.click("save");
        browser.awaitText("flash", "Stored filter");
        browser.open("/filter-new");
        assertThat(browser.script("return document.querySelector('#draft').hidden")).as("what is stored is no draft any more").isEqualTo(true);
    }

    @Test
    void checkAsksAgainThoughTheTextIsTheSame() {
        browser.open("/filters/" + stored("check again"));
        browser.script("window.asked = 0; const real = window.fetch; window.fetch = (...a) => { window.asked++; return real(...a) }");
        browser.click("check");
        Await.until(() -> browser.script("return window.asked"), n -> ((Number) n).intValue() >= 1, "a question to the console");
    }

    @Test
    void namesAreCompletedFromTheJvmThatIsCheckedAgainstAndFromAJar() throws Exception {
        browser.open("/filter-new");
        typeInTheEditor("atomic Ban");
        assertThat(completions()).as("no JVM is chosen, no jar is read").doesNotContain("com.acme.Bank");

        browser.script("const s = document.querySelector('#check-target'); s.value = arguments[0]; s.dispatchEvent(new Event('change'))",
                String.valueOf(target));
        typeInTheEditor("atomic Ban");
        Await.until(this::completions, shown -> shown.contains("com.acme.Bank"), "the classes of the JVM");
        accept("com.acme.Bank");
        assertThat(browser.read("#text", "value")).isEqualTo("atomic com.acme.Bank");

        typeInTheEditor("use com.acme.Bank\natomic Bank#tr");
        Await.until(this::completions, shown -> shown.contains("Bank#transfer"), "the methods, under the short name");
        accept("Bank#transfer");
        assertThat(browser.read("#text", "value")).isEqualTo("use com.acme.Bank\natomic Bank#transfer");

        typeInTheEditor("use com.acme.Bank\nregion r = { Bank#transfer:4");
        Await.until(this::completions, shown -> shown.contains("Bank#transfer:42"), "the lines that have code");
        typeInTheEditor("use com.acme.Bank\natomic Bank#transfer by t");
        Await.until(this::completions, shown -> shown.contains("this"), "the keys");
        accept("this");
        assertThat(browser.read("#text", "value")).isEqualTo("use com.acme.Bank\natomic Bank#transfer by this");
        browser.click("pin");
        Await.until(() -> browser.read("#text", "value"), text -> text.contains("\npin com.acme.Bank#transfer() sha256:"), "the pins, as the JVM wrote them");

        Path jar = Files.write(Files.createTempFile("names", ".jar"), Filters.jar(PagesInTheBrowserTest.class));
        browser.choose("names-jar", jar);
        browser.awaitText("names-jar-said", "1 classes");
        Files.delete(jar);
        typeInTheEditor("atomic PagesIn");
        Await.until(this::completions, shown -> shown.contains(PagesInTheBrowserTest.class.getName()), "the classes of the jar");
        typeInTheEditor("region   a=com.acme.Bank#transfer\natomic a");
        browser.click("layout");
        Await.until(() -> browser.read("#text", "value"), "region a = com.acme.Bank#transfer\natomic a"::equals, "the usual layout");
        assertThat(browser.script("return document.querySelector('.editor-host').shadowRoot.querySelectorAll('.cm-line span').length"))
                .as("coloured words").isNotEqualTo(0L);
    }

    /** Puts a text into the editor as a person would, so that it offers completions of the last word. */
    private static void typeInTheEditor(String text) {
        browser.script(
                "const v = document.querySelector('#text').loomEditor.view; v.focus();"
                        + "v.dispatch({changes: {from: 0, to: v.state.doc.length, insert: arguments[0].slice(0, -1)}});"
                        + "v.dispatch({selection: {anchor: v.state.doc.length}});"
                        + "v.dispatch({changes: {from: v.state.doc.length, insert: arguments[0].slice(-1)},"
                        + " selection: {anchor: v.state.doc.length + 1}, userEvent: 'input.type'})",
                text);
    }

    private String completions() {
        return String.valueOf(browser.script(
                "return [...document.querySelector('.editor-host').shadowRoot.querySelectorAll('.cm-tooltip-autocomplete li .cm-completionLabel')]"
                        + ".map(e => e.textContent).join(' ') + ' '"));
    }

    /** Takes one of the completions by the mouse. */
    private void accept(String label) {
        browser.script(
                "const li = [...document.querySelector('.editor-host').shadowRoot.querySelectorAll('.cm-tooltip-autocomplete li')]"
                        + ".find(e => e.querySelector('.cm-completionLabel').textContent === arguments[0]);"
                        + "li.dispatchEvent(new MouseEvent('mousedown', {bubbles: true}))",
                label);
    }

    @Test
    void theKeyboardGoesToPagesAndOpensTheHelp() {
        browser.open("/");
        browser.press("gf");
        Await.until(browser::path, "/filters"::equals, "the filters by g f");
        browser.press("?");
        Await.until(() -> browser.isShown("#help"), shown -> shown, "the help by ?");
        browser.press(Keys.ESCAPE);
        Await.until(() -> browser.isShown("#help"), shown -> !shown, "the help gone by Escape");
        browser.press("/");
        assertThat(browser.script("return document.activeElement.type")).isEqualTo("search");
        browser.open("/targets");
        browser.press(Keys.TAB);
        assertThat(browser.script("return document.activeElement.className")).as("the first stop").isEqualTo("skip");
    }

    @Test
    void theThemeThatWasChosenStays() {
        browser.prefer("light");
        browser.open("/");
        browser.press("t");
        assertThat(browser.read("html", "data-theme")).isEqualTo("dark");
        browser.open("/filters");
        assertThat(browser.read("html", "data-theme")).isEqualTo("dark");
        browser.click("theme");
        assertThat(browser.read("html", "data-theme")).isEqualTo("light");
    }

    @Test
    void stragglersAreShownWithTheirStacksAndAcceptedWithAReason() {
        long id = enabled(stored("straggle"));
        browser.open("/deployments/" + id);
        browser.awaitText("sentence", "still in old code");
        assertThat(browser.texts("[data-test=straggler]")).isNotEmpty();
        browser.clickOn("[data-test=straggler] summary");
        assertThat(browser.isShown("[data-test=straggler] .trace")).isTrue();
        // numbers come every second; what was opened stays open
        String seen = browser.read("#detail time", "datetime");
        Await.until(() -> browser.read("#detail time", "datetime"), now -> !Objects.equals(now, seen), "newer numbers");
        assertThat(browser.isShown("[data-test=straggler] .trace")).isTrue();

        browser.click("accept");
        browser.type("why", "they only sleep");
        browser.click("accept-confirm");
        browser.awaitText("flash", "Accepted");
        browser.awaitText("accepted", "admin: they only sleep");
        Await.until(() -> browser.texts("[data-test=jvm] [data-test=state]").toString(), "[ACCEPTED]"::equals, "the state");
        browser.open("/audit");
        assertThat(browser.texts("[data-test=event]").toString()).contains("they only sleep");

        browser.open("/deployments/" + id);
        browser.click("disable");
        browser.click("disable-confirm");
        browser.awaitText("sentence", "Not in force any more");
    }

    @Test
    void aFilterThatBrokeADeadlockWantsAttention() {
        long id = enabled(stored("harm"));
        browser.open("/");
        browser.awaitText("attention", "is harmful");
        browser.clickOn("[data-test=attention] a");
        assertThat(browser.path()).startsWith("/deployments/" + id);
        assertThat(browser.texts("[data-test=jvm] .harm")).isNotEmpty();
        console.rest().delete("/deployments/" + id + "?wait=30");
    }

    @Test
    void whatChangedBetweenVersionsIsShown() {
        String name = stored("first");
        console.rest().putText("/filters/" + name, Filters.text("second"), "If-Match", "\"1\"").expect(200);
        browser.open("/filters/" + name);
        assertThat(browser.text("version")).contains("2");
        browser.click("diff");
        assertThat(browser.texts("[data-test=diff-lines] .add td:last-child")).hasToString("[about \"second\"]");
        assertThat(browser.texts("[data-test=diff-lines] .del td:last-child")).hasToString("[about \"first\"]");
    }

    @Test
    void theVersionToEnableIsChosenFromThoseThatThereAre() {
        String one = stored("only one");
        String two = stored("first of two");
        console.rest().putText("/filters/" + two, Filters.text("second of two"), "If-Match", "\"1\"").expect(200);
        browser.open("/deployments/new?filter=" + two + "&version=1");
        assertThat(browser.read("[data-test=version]", "value")).isEqualTo("1");
        assertThat(browser.texts("[data-test=version] option")).hasSize(3).element(0).isEqualTo("the current one (2)");

        browser.script("const f = document.querySelector('[data-test=filter]'); f.value = arguments[0]; f.dispatchEvent(new Event('change', {bubbles: true}))", one);
        Await.until(() -> browser.texts("[data-test=version] option").size(), n -> n == 2, "the versions of the other filter");
        assertThat(browser.read("[data-test=version]", "value")).as("the current one").isEmpty();
    }

    @Test
    void somebodyElsesChangeIsNotOverwrittenAndTheOwnTextIsNotLost() {
        String name = stored("mine");
        browser.open("/filters/" + name);
        console.rest().putText("/filters/" + name, Filters.text("theirs"), "If-Match", "\"1\"").expect(200);
        browser.script("document.querySelector('[data-test=text]').loomEditor.set(arguments[0])", Filters.text("my change"));
        browser.click("save");
        browser.awaitText("problem", "no longer at version 1");
        assertThat(browser.read("#text", "value")).contains("my change");
        browser.click("save");
        browser.awaitText("flash", "Stored version 3");
    }

    @Test
    void aViewerSeesEverythingAndIsOfferedNothingToChange() {
        String user = Filters.name("viewer");
        console.rest().postJson("/accounts", Map.of("username", user, "password", "only-looks-around", "role", "viewer"))
                .expect(201);
        long id = enabled(stored("viewed"));
        try (Browser theirs = new Browser(console)) {
            theirs.logIn(user, "wrong");
            theirs.awaitText("login-error", "wrong");
            theirs.logIn(user, "only-looks-around");
            theirs.await("user");
            for (String path : List.of("/", "/filters", "/targets", "/targets/" + target, "/targets/" + target + "/threads", "/deployments", "/deployments/" + id)) {
                theirs.open(path);
                assertThat(theirs.read("main h1", "textContent")).as(path).isNotBlank();
                assertThat(theirs.texts("main form[method=post], main [popovertarget]:not([popovertarget^=view-])")).as("what can be changed on " + path)
                        .isEmpty();
            }
            theirs.open("/audit");
            assertThat(theirs.text("error-title")).isEqualTo("Not allowed");
            theirs.click("to-overview");
            theirs.click("logout");
            Await.until(theirs::path, p -> p.startsWith("/login"), "the login page");
        }
        console.rest().delete("/deployments/" + id + "?wait=30");
    }
}
