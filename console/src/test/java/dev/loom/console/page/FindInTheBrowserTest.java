package dev.loom.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loom.console.metrics.HistoryService;
import dev.loom.console.support.Await;
import dev.loom.console.support.ConsoleUnderTest;
import java.time.Instant;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * From a JVM that fails to one that does not, by the page alone and by nobody who knows a line of its code: once by looking for the race, once
 * from the stack trace in its log. Nothing is typed but the password.
 */
class FindInTheBrowserTest {

    private static final Pattern TRACE = Pattern.compile("java\\.util\\.ConcurrentModificationException: .*\\R(\\s+at .*\\R)+");
    /** What the first finding is about whose filter is for the seats: a busy machine sees one thing or another of them first. */
    private static final String OF_SEATS = "return [...document.querySelectorAll('[data-test=race]')]"
            + ".find(race => race.querySelector('[data-test=proposal]')?.value.includes('SeatPlan#book'))?.dataset.about ?? ''";
    /** Searches of forty seconds that may pass; on an idle machine the first takes a few. */
    private static final int SEARCHES = 4;

    private static ConsoleUnderTest console;
    private static DemoJvm demo;
    private static Browser browser;
    private static long target;

    @BeforeAll
    static void start() {
        console = ConsoleUnderTest.fresh();
        String token = console.rest().postJson("/tokens", Map.of("name", "demo", "role", "agent")).expect(201).json().path("secret").asString();
        demo = DemoJvm.registeredAs("box-office", "BoxOfficeDemo", console, token);
        target = Await.until(
                () -> console.rest().get("/targets?q=box-office").json().path("items").path(0), t -> t.path("state").asString("").equals("REACHABLE"),
                "the demo JVM").path("id").asLong();
        Await.until(
                () -> console.bean(HistoryService.class).history(target, null, Instant.now().minusSeconds(60), Instant.now()).failures().size(),
                readings -> readings > 8, "failures of the demo JVM before anything is done about them");
        browser = new Browser(console);
        browser.logInAsAdmin();
        browser.open("/");
        browser.awaitText("fails-here", "It fails here: box-office counts");
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
        if (demo != null) {
            demo.close();
        }
        if (console != null) {
            console.close();
        }
    }

    @AfterEach
    void nothingWasBlockedAndNoScriptFailed() {
        browser.expectNoComplaints();
    }

    @Test
    void aRaceIsFoundObservedAndEndedByNobodyWhoKnowsItsLines() {
        browser.open("/");
        browser.awaitText("attention", "box-office counts");
        browser.picture("overview", 760);
        browser.clickOn("[data-test=attention] a[href$='/find']");
        Await.until(browser::path, ("/targets/" + target + "/find")::equals, "the page that finds races");
        assertThat(browser.read("#classes", "value")).as("told by the JVM's main class").isEqualTo("dev.loom.demo.**");
        String seats = "[data-test=race][data-about='" + found() + "'] ";
        assertThat(browser.texts(seats + ".culprit")).as("the stacks, with the line where each thread stood").hasSizeGreaterThanOrEqualTo(2)
                .allMatch(line -> line.toString().startsWith("dev.loom.demo.SeatPlan.book(SeatPlan.java:"));
        if (browser.isShown("[data-test=stop-finding]")) {
            browser.click("stop-finding");
        }
        browser.awaitText("search-sentence", "Nothing of the search is left");
        browser.picture("find", 1100);

        tryOut(seats);
        long deployment = enforced();

        // under the filter the race is not there to be found
        browser.open("/targets/" + target + "/find");
        browser.script("document.querySelector('#seconds').value = 6");
        browser.click("find");
        browser.awaitText("search-sentence", "for 6 s:");
        assertThat(browser.texts(seats)).isEmpty();
        console.rest().delete("/deployments/" + deployment + "?wait=30").expect(200);
    }

    /** Looks until the race is found with a filter for it, as a person would: once more where one was too short. */
    private static String found() {
        for (int search = 1; search <= SEARCHES; search++) {
            browser.script("document.querySelector('#seconds').value = 40");
            browser.click("find");
            browser.awaitText("search-sentence", "Looking in dev.loom.demo.**");
            String about = Await.until(() -> {
                String sentence = browser.text("search-sentence");
                String found = String.valueOf(browser.script(OF_SEATS));
                return found.isEmpty() && sentence != null && sentence.contains("Looking") ? null : found;
            }, found -> found != null, "the race, or the end of the search");
            if (about != null && !about.isEmpty()) {
                return about;
            }
        }
        throw new AssertionError("the race was not found in " + SEARCHES + " searches; the page says: " + browser.text("search"));
    }

    @Test
    void aRaceIsEndedByTheStackTraceThatItLeftInTheLog() {
        String trace = Await.until(() -> {
            Matcher printed = TRACE.matcher(demo.said());
            return printed.find() ? printed.group() : "";
        }, text -> !text.isEmpty(), "a stack trace in the log of the demo");
        browser.open("/targets/" + target + "/find");
        browser.clickOn("#paste summary");
        browser.script("document.querySelector('#traces').value = arguments[0]", trace);
        browser.click("suggest");
        browser.await("suggested");
        assertThat(browser.read("[data-test=suggested] [data-test=proposal]", "value")).contains("SeatPlan#book");
        tryOut("[data-test=suggested] ");
        console.rest().delete("/deployments/" + enforced() + "?wait=30").expect(200);
    }

    /** Has the first proposal checked, and observed, until it is seen that its regions overlap. */
    private static void tryOut(String where) {
        browser.clickOn(where + "[data-test=proposal-check]");
        Await.until(() -> browser.read(where + "[data-test=said]", "data-kind"), "ok"::equals, "what the JVM says of the proposal");
        browser.clickOn(where + "[data-test=proposal-observe]");
        browser.awaitText("verdict-sentence", "The regions overlap");
        assertThat(count().failures()).as("a filter that observes ends nothing").isPositive();
    }

    /** Enforces what is observed, and waits for the verdict; then the application must not fail once more. */
    private static long enforced() {
        browser.click("promote");
        browser.click("promote-confirm");
        browser.awaitText("verdict-sentence", "No failure since it is in force");
        assertThat(browser.texts("[data-test=verdict-fact]").toString()).contains("waited").contains("before, and no failure");
        browser.picture("verdict");
        long id = Long.parseLong(browser.path().replaceFirst("/deployments/(\\d+).*", "$1"));
        Count settled = count();
        Count later = Await.until(FindInTheBrowserTest::count, c -> c.operations() > settled.operations() + 500, "five hundred sales under the filter");
        assertThat(later.failures()).as("failures under the filter").isEqualTo(settled.failures());
        return id;
    }

    private record Count(long failures, long operations) {}

    /** The application's own count, as the console reads it. */
    private static Count count() {
        var app = console.rest().await("/targets/" + target, t -> t.path("app").has("failures")).path("app");
        return new Count(app.path("failures").asLong(), app.path("operations").asLong());
    }
}
