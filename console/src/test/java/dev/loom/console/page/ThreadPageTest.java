package dev.loom.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.acme.office.Office;
import dev.loom.console.support.Await;
import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Filters;
import dev.loom.console.support.TargetJvm;
import dev.loom.console.support.WebSession;
import dev.loom.filter.suggest.StackTrace;
import dev.loom.filter.suggest.TraceReader;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** The page of a JVM's threads in a real browser: what is in trouble first, what is the same once, and names that are none. */
class ThreadPageTest {

    private static final ConsoleUnderTest console = ConsoleUnderTest.shared();
    private static TargetJvm jvm;
    private static long target;
    private static Browser browser;

    @BeforeAll
    static void start() {
        jvm = TargetJvm.start(List.of(), Office.class, "name=office", "deadlock", "workers=200", "crowd=12", "hostile");
        target = console.rest().postJson("/targets", Map.of("address", jvm.address(), "name", "office")).expect(201).json().path("id").asLong();
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

    private static String page() {
        return "/targets/" + target + "/threads";
    }

    private static String row(String name) {
        return "[data-test=thread-row][data-name='" + name + "']";
    }

    @Test
    void deadlocksComeFirstThenWhoWaitsForWhomAndTwoHundredWorkersAreOneRow() {
        browser.open("/targets/" + target);
        browser.click("threads-here");
        Await.until(browser::path, page()::equals, "the page of the threads, from the JVM's");
        assertThat(browser.texts("main h2").get(0)).as("first on the page").isEqualTo("Deadlock 1, of 2 threads");
        assertThat(browser.texts("[data-test=deadlock]")).hasSize(2);
        String cycle = browser.texts("[data-test=deadlock-step]").toString().replaceAll("\\s+", " ");
        assertThat(cycle).contains("clerk-1 waits for", "(a java.lang.Object), which clerk-2 holds", "clerk-2 took it at com.acme.office.Office.serve(Office.java:");
        String waits = browser.texts("[data-test=wait]").get(0).toString().replaceAll("\\s+", " ");
        assertThat(waits).contains("customer-1, customer-2", "and 2 more wait for", "held by cashier").contains("TIMED WAITING at java.lang.Thread.sleep");

        assertThat(browser.read(row("worker-1"), "data-count")).as("the workers").isEqualTo("200");
        List<?> names = (List<?>) browser.script("return [...document.querySelectorAll('[data-test=thread-row]')].map(r => r.dataset.name)");
        assertThat(names.subList(0, 4).toString()).contains("clerk-1", "clerk-2", "porter-1", "porter-2");
        assertThat(browser.isShown(row("worker-1") + " .trace")).isFalse();
        browser.clickOn(row("worker-1") + " summary");
        assertThat(browser.isShown(row("worker-1") + " .trace")).isTrue();
        assertThat(browser.read(row("worker-1") + " .culprit", "textContent")).startsWith("com.acme.office.Office.work(Office.java:");
        assertThat(browser.read(row("cashier") + " .trace", "textContent")).contains("- locked <0x");
        assertThat(browser.inaccessible()).as("what axe finds").isEmpty();
        browser.picture("threads", 1100);
    }

    @Test
    void aSearchAndAStateLookAtTheSameDumpAndANewOneHasAnotherTime() {
        browser.open(page());
        String taken = browser.read(".under time", "datetime");
        browser.type("search", "office.queue");
        browser.keys(Keys.ENTER);
        Await.until(() -> browser.texts("[data-test=thread-row]").size(), n -> n == 1, "the threads with that frame");
        assertThat(browser.read("[data-test=thread-row]", "data-count")).isEqualTo("12");
        assertThat(browser.read(".under time", "datetime")).as("the same dump").isEqualTo(taken);
        browser.clickOn(".bar a.quiet");
        browser.clickOn("[data-test=state-count][data-state=RUNNABLE]");
        Await.until(() -> browser.script("return new Set([...document.querySelectorAll('[data-test=thread-row]')].map(r => r.dataset.state)).size"),
                n -> ((Number) n).intValue() == 1, "the threads that run");
        assertThat(browser.read(".under time", "datetime")).isEqualTo(taken);
        browser.open(page() + "?q=no-thread-has-this");
        assertThat(browser.await("no-match")).contains("No thread matches");
        Await.until(() -> {
            browser.open(page());
            return browser.read(".under time", "datetime");
        }, now -> !String.valueOf(taken).equals(now), "a new dump");
        browser.open(page() + "?dump=987654321");
        browser.awaitText("another-dump", "not kept any more");
    }

    @Test
    void namesThatAreMarkupOrVeryLongOrManyLinesAreShownAsNames() {
        browser.open(page() + "?q=img");
        assertThat(browser.texts(".threads bdi").toString()).contains(Office.MARKUP);
        assertThat(browser.texts("main img, main script")).isEmpty();
        assertThat(browser.script("return document.title")).asString().startsWith("Threads of");
        browser.clickOn("[data-test=thread-row] summary");
        for (int width : new int[] {1360, 390}) {
            browser.resize(width, 900);
            browser.open(page());
            assertThat(browser.script("return document.documentElement.scrollWidth <= window.innerWidth")).as("nothing stands out at the side, at %s", width)
                    .isEqualTo(true);
        }
        browser.resize(1360, 900);
        browser.prefer("dark");
        browser.open(page());
        browser.script("document.querySelectorAll('details').forEach(d => d.open = true)");
        assertThat(browser.illegible()).as("contrast in dark").isEmpty();
        browser.prefer("light");
    }

    @Test
    void twoStacksAreChosenByTheKeyboardAndFiltersProposedForThem() {
        browser.open(page() + "?q=office");
        for (String name : List.of("worker-1", "customer-1")) {
            browser.script("document.querySelector(arguments[0]).focus()", row(name) + " [data-test=choose-stack]");
            browser.keys(Keys.SPACE);
        }
        browser.script("document.querySelector('[data-test=propose-two]').focus()");
        browser.keys(Keys.ENTER);
        browser.await("suggested");
        assertThat(browser.text("suggested")).contains("Proposal 1 for these two stacks");
        String given = String.valueOf(browser.read("#traces", "value"));
        assertThat(TraceReader.read(given).stream().map(StackTrace::name)).containsExactlyInAnyOrder("worker-1", "customer-1");
        assertThat(browser.read("[data-test=proposal]", "value")).contains("atomic com.acme.Bank#transfer");

        browser.open(page());
        browser.click("propose-dump");
        browser.await("suggested");
        assertThat(browser.text("suggested")).contains("Proposal 1 for this dump");
        browser.open("/");
        browser.press(Keys.chord(Keys.CONTROL, "k"));
        browser.type("palette-field", "office");
        Await.until(() -> browser.texts("#palette [role=option] .kind").toString(), kinds -> kinds.contains("Threads"), "the page in the palette");
        browser.open("/targets/" + target + "/find");
        browser.click("threads-here");
        Await.until(browser::path, page()::equals, "the page, from Find a race");
    }

    @Test
    void theTextIsAFileThatSuggestReadsAndWhatIsNotTwoIsRefusedWithTheWayBack() throws Exception {
        WebSession admin = loggedIn("admin", ConsoleUnderTest.ADMIN_PASSWORD);
        HttpResponse<String> text = admin.send("GET", page() + "/text", null);
        assertThat(text.statusCode()).isEqualTo(200);
        assertThat(text.headers().firstValue("Content-Disposition").orElse("")).matches("attachment; filename=\"threads-office-\\d+\\.txt\"");
        assertThat(TraceReader.read(text.body()).stream().filter(StackTrace::isDeadlocked)).hasSize(4);
        long dump = Long.parseLong(admin.send("GET", page(), null).body().replaceAll("(?s).*name=\"dump\" value=\"(\\d+)\".*", "$1"));
        HttpResponse<String> none = admin.form(page() + "/suggest", "two=true&dump=" + dump);
        assertThat(none.statusCode()).isEqualTo(400);
        assertThat(none.body()).contains("No two stacks are chosen.", "data-test=\"back-to-threads\"");
        HttpResponse<String> gone = admin.form(page() + "/suggest", "dump=987654321");
        assertThat(gone.statusCode()).isEqualTo(404);
        assertThat(gone.body()).contains("not kept any more");
        assertThat(admin.form(page() + "/suggest", "two=true&dump=" + dump + "&thread=x").statusCode()).isEqualTo(400);
    }

    @Test
    void everybodySeesThemAndOnlyWhoMayActIsOfferedProposals() throws Exception {
        for (String role : List.of("viewer", "author", "operator")) {
            String name = Filters.name(role);
            console.rest().postJson("/accounts", Map.of("username", name, "password", "a-long-password", "role", role)).expect(201);
            String body = loggedIn(name, "a-long-password").send("GET", page(), null).body();
            assertThat(body).as(role).contains("data-test=\"deadlock\"", "data-test=\"thread-row\"");
            assertThat(body.contains("propose-two")).as("proposals for " + role).isEqualTo(role.equals("operator"));
            assertThat(body.contains("choose-stack")).as("boxes for " + role).isEqualTo(role.equals("operator"));
        }
    }

    private static WebSession loggedIn(String user, String password) throws Exception {
        WebSession session = new WebSession(console.url());
        session.login(user, password);
        return session;
    }
}
