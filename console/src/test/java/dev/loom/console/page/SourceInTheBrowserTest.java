package dev.loom.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loom.console.support.Await;
import dev.loom.console.support.ConsoleUnderTest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** In a real JVM: from a finding to its lines, from two of them to a filter that observes, and back to what it counts there. */
class SourceInTheBrowserTest {

    private static final Path SOURCE = Path.of("../evaluation/demo/src/main/java/dev/loom/demo/SeatPlan.java");
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
        browser = new Browser(console);
        browser.logInAsAdmin();
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
    void fromAFindingToItsLinesToAFilterThatObserves() {
        console.rest().postJson("/targets/" + target + "/find", Map.of("classes", List.of("dev.loom.demo.SeatPlan"), "seconds", 300)).expect(202);
        browser.open("/targets/" + target + "/find");
        Await.until(() -> browser.texts("[data-test=race] .culprit a").toString(), frames -> frames.contains("SeatPlan.book"), "a finding at the seats");
        console.rest().delete("/targets/" + target + "/find").expect(200);
        browser.clickOn("[data-test=race] .culprit a[href*='SeatPlan']");
        Await.until(browser::path, path -> path.startsWith("/targets/" + target + "/source?class=dev.loom.demo.SeatPlan&line="), "the source view");
        assertThat(browser.texts("tr.here .does").toString()).as("the line of the finding").containsAnyOf("SeatPlan.next", "ConcurrentMap#");

        // the two lines between which a seat is looked up and given out, by what they do
        int first = line("reads SeatPlan.next");
        int last = line("writes SeatPlan.next");
        browser.clickOn("#L" + first + " [role=button]");
        browser.clickOn("#L" + last + " [role=button]");
        String region = "{ dev.loom.demo.SeatPlan#book:" + first + " ; dev.loom.demo.SeatPlan#book:" + last + " } by this";
        Await.until(() -> String.valueOf(browser.read("[data-test=proposal]", "value")), text -> text.contains(region), "the region of both lines");
        browser.clickOn("[data-test=proposal-check]");
        Await.until(() -> browser.read("[data-test=said]", "data-kind"), kind -> kind != null && !kind.equals("bad"), "what the JVM says of the filter");
        browser.choose("source-file", SOURCE);
        browser.awaitText("source-said", "SeatPlan.java, ");
        assertThat(browser.read("[data-test=source] tr[data-line='" + first + "'] .does", "textContent")).isEqualTo("int seat = next;");
        browser.picture("source", 1000);
        browser.clickOn("[data-test=proposal-observe]");
        browser.awaitText("verdict-sentence", "The regions overlap");

        // and back by its hook
        browser.clickOn("[data-test=hook-source]");
        Await.until(browser::path, path -> path.contains("/source?class=dev.loom.demo.SeatPlan"), "the source view, from the hook");
        String counted = "#L" + first + " .mark.enter .said";
        String before = browser.read(counted, "textContent");
        assertThat(before).contains("hits", "overlaps");
        Await.until(() -> browser.read(counted, "textContent"), now -> !now.equals(before), "hits that grow while one looks");
        assertThat(browser.texts("#L" + last + " .mark.leave")).hasSize(1);
    }

    /** The first line that does something. */
    private static int line(String does) {
        return Integer.parseInt(String.valueOf(browser.script(
                "return [...document.querySelectorAll('tr[data-line]')].find(r => r.querySelector('.does').textContent.includes(arguments[0])).dataset.line", does)));
    }
}
