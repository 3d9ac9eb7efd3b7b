package dev.loom.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loom.console.support.Await;
import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Rest;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The main job through the page alone: a JVM fails, the filter for it is uploaded and enabled, the failures stop, it is disabled,
 * and they come back.
 *
 * <p>{@code -Dloom.browser.seconds=60} is the long form: how long the failures must stay away. {@code
 * -Dloom.browser.pictures=../docs/img} also makes pictures for the documentation.
 */
class MainJobInTheBrowserTest {

    private static final Duration QUIET = Duration.ofSeconds(Integer.getInteger("loom.browser.seconds", 15));
    private static final Pattern OWN_COUNT = Pattern.compile("([\\d,]+) failures in ([\\d,]+) operations");

    private record Count(long failures, long operations) {}

    @Test
    void aRaceInARunningJvmIsBypassedThroughThePageAndComesBackWhenTheFilterIsDisabled() {
        try (ConsoleUnderTest console = ConsoleUnderTest.fresh();
                Browser browser = new Browser(console);
                DemoJvm demo = DemoJvm.registeredAs("logback-demo", console, enrolmentToken(console))) {
            browser.logInAsAdmin();
            browser.awaitText("welcome", "Bypass a race in four steps");

            // the JVM registers by itself, and fails all the time
            Await.until(() -> stateInTheList(browser, demo), "REACHABLE"::equals, "the demo JVM");
            browser.clickOn(row("target-row", "logback-demo") + " a");
            Count before = count(browser);
            Await.until(() -> count(browser), c -> c.failures() >= before.failures() + 5, "failures without the filter");
            String target = browser.path();

            // the filter: checked as soon as it is chosen, then stored
            browser.open("/filter-new");
            browser.choose("file", DemoJvm.FILTER);
            browser.awaitText("check-result", "Nothing to remark");
            browser.picture("editor", 900);
            browser.click("save");
            browser.awaitText("flash", "Stored filter logback-interrupt");
            assertThat(browser.text("title")).isEqualTo("logback-interrupt");

            // enabled on the JVM
            browser.click("deploy");
            browser.clickOn("[data-test=target][data-name=logback-demo]");
            browser.click("enable");
            browser.awaitText("evacuation-text", "100 %");
            browser.awaitText("sentence", "no frame is left that could break it");
            String deployment = browser.path();
            Await.until(
                    () -> browser.texts(row("jvm", "logback-demo") + " [data-test=state]").toString(),
                    "[ACTIVE]"::equals,
                    "the state");

            // its hooks are hit, and the page moves by itself
            long hits = hits(browser);
            Await.until(() -> hits(browser), h -> h > hits + 100, "hook hits on the page that stays open");
            Await.until(() -> browser.read("[data-test=chart-failures] .now", "textContent"), "0 /s"::equals,
                    "the failures on the chart");
            Await.until(() -> browser.read("[data-test=chart-hits] .now", "textContent"), t -> t != null && !t.startsWith("0 "),
                    "the hits on the chart");
            browser.expectNoComplaints();

            // not one failure more
            browser.open(target);
            Count settled = afterSomeOperations(browser);
            long end = System.nanoTime() + QUIET.toNanos();
            Count quiet = settled;
            while (System.nanoTime() < end) {
                long worked = quiet.operations();
                quiet = Await.until(() -> unfailing(browser, settled), c -> c.operations() > worked,
                        "operations under the filter");
            }
            assertThat(quiet.operations()).as("the application went on working")
                    .isGreaterThan(settled.operations() + QUIET.toSeconds());

            browser.open(deployment);
            picture(browser, deployment);

            // disabled: the failures come back
            browser.click("disable");
            browser.click("disable-confirm");
            browser.awaitText("sentence", "Not in force any more");
            browser.await("enable-again");
            browser.open(target);
            Count after = count(browser);
            Await.until(() -> count(browser), c -> c.failures() >= after.failures() + 5,
                    "failures after the filter was disabled");
            browser.expectNoComplaints();
        }
    }

    private static String enrolmentToken(ConsoleUnderTest console) {
        Rest rest = console.rest();
        return rest.postJson("/tokens", Map.of("name", "demo", "role", "agent")).expect(201).json().path("secret").asString();
    }

    private static String stateInTheList(Browser browser, DemoJvm demo) {
        browser.open("/targets");
        String state = browser.read(row("target-row", "logback-demo") + " [data-test=state]", "textContent");
        return state == null ? "not in the list; it said: " + demo.said() : state;
    }

    private static String row(String test, String name) {
        return "[data-test='" + test + "'][data-name='" + name + "']";
    }

    private static long hits(Browser browser) {
        return browser.texts("[data-test=hits]").stream().mapToLong(t -> Long.parseLong(t.toString().replace(",", ""))).sum();
    }

    /** The application's own count, as the JVM's page shows it while it stays open. */
    private static Count count(Browser browser) {
        String shown = Await.until(
                () -> browser.read("[data-fact='Its own count']", "textContent"), t -> t != null && OWN_COUNT.matcher(t)
                        .matches(), "the application's count");
        Matcher numbers = OWN_COUNT.matcher(Objects.requireNonNull(shown));
        assertThat(numbers.matches()).isTrue();
        return new Count(Long.parseLong(numbers.group(1).replace(",", "")), Long.parseLong(numbers.group(2).replace(",", "")));
    }

    /** A count that the page read after the filter was ACTIVE, when what was under way then has ended. */
    private static Count afterSomeOperations(Browser browser) {
        Count now = count(browser);
        return Await.until(() -> count(browser), c -> c.operations() > now.operations() + 30, "operations under the filter");
    }

    private static Count unfailing(Browser browser, Count since) {
        Count now = count(browser);
        assertThat(now.failures()).as("failures while the filter is ACTIVE").isEqualTo(since.failures());
        return now;
    }

    private static void picture(Browser browser, String deployment) {
        browser.open(deployment + "?minutes=2");
        Await.until(() -> browser.read("[data-test=chart-hits] .now", "textContent"), t -> t != null && t.contains("/s"),
                "the charts");
        browser.picture("console");
    }
}
