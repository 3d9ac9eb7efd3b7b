package dev.loom.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.acme.office.Office;
import dev.loom.console.support.Await;
import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Filters;
import dev.loom.console.support.TargetJvm;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** The main jobs by the keyboard alone: by Tab to each control, in the order of the page, and never by a click or a script. */
class KeyboardTest {

    /** So many presses of Tab go round any page. */
    private static final int ROUND = 150;

    private static final ConsoleUnderTest console = ConsoleUnderTest.shared();
    private static Browser browser;
    private static TargetJvm jvm;

    @BeforeAll
    static void start() {
        jvm = TargetJvm.fake("name=keyed");
        browser = new Browser(console);
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
        jvm.close();
    }

    /** Presses Tab until the focus is there, and sees that it shows. */
    private static void to(String selector) {
        for (int presses = 0; presses < ROUND; presses++) {
            if (has(selector)) {
                assertThat(browser.script("""
                        const e = document.activeElement
                        const shown = e.shadowRoot ? e.closest('.editor') : e.matches(':focus-visible') ? e : null
                        return !!shown && (getComputedStyle(shown).outlineStyle !== 'none' || getComputedStyle(shown).boxShadow !== 'none')"""))
                        .as("that %s shows that it has the focus", selector).isEqualTo(true);
                return;
            }
            browser.keys(Keys.TAB);
        }
        throw new AssertionError(selector + " on " + browser.path() + " is not reached by Tab");
    }

    private static boolean has(String selector) {
        return Boolean.TRUE.equals(browser.script("return !!document.activeElement?.matches(arguments[0])", selector));
    }

    private static void press(String test) {
        to(Browser.named(test));
        browser.keys(Keys.ENTER);
    }

    private static void type(String test, String text) {
        to(Browser.named(test));
        browser.keys(text);
    }

    @Test
    void aJvmIsAddedAFilterWrittenEnabledAndDisabledAndAccessGivenWithoutAMouse() {
        logIn();
        browser.open("/targets/new");
        type("url", jvm.address());
        type("target-name", "keyed");
        press("add");
        Await.until(browser::path, path -> path.matches("/targets/\\d+.*"), "the page of the JVM that was added");
        long target = Long.parseLong(browser.path().replaceFirst("/targets/(\\d+).*", "$1"));
        console.rest().await("/targets/" + target, t -> t.path("state").asString().equals("REACHABLE"));

        String filter = Filters.name("keyboard");
        browser.open("/filter-new");
        type("name", filter);
        to(".editor-host");
        browser.keys("atomic com.acme.Bank#transfer");
        Await.until(() -> browser.read("#text", "value"), "atomic com.acme.Bank#transfer"::equals, "what was typed into the editor");
        browser.keys(Keys.ESCAPE); // closes what is offered
        browser.keys(Keys.ESCAPE); // after this, Tab leaves the editor
        press("save");
        browser.awaitText("flash", "Stored filter");

        press("deploy");
        Await.until(browser::path, path -> path.startsWith("/deployments/new"), "the page that enables");
        to("[data-test=target][data-name=keyed]");
        browser.keys(Keys.SPACE);
        to("[data-test=observe], [data-test=enforce]");
        browser.keys(Keys.ARROW_DOWN);
        press("enable");
        Await.until(browser::path, path -> path.matches("/deployments/\\d+.*"), "the page of the deployment");
        long deployment = Long.parseLong(browser.path().replaceFirst("/deployments/(\\d+).*", "$1"));
        assertThat(console.rest().get("/deployments/" + deployment).json().path("mode").asString()).isEqualTo("observe");
        console.rest().await("/deployments/" + deployment, d -> d.path("state").asString().equals("ENABLED"));

        Await.until(() -> {
            press("disable"); // newer numbers bring the button anew, maybe between the focus and the key
            return has("[popover] *, [popover]");
        }, inside -> inside, "the focus in the dialog");
        press("disable-confirm");
        console.rest().await("/deployments/" + deployment, d -> d.path("state").asString().equals("DISABLED"));

        browser.open("/access");
        type("token-name", "by keyboard");
        press("token-add");
        assertThat(browser.await("secret")).isNotBlank();

        console.rest().delete("/targets/" + target + "?force=true");
    }

    private static void logIn() {
        browser.open("/login");
        browser.forgetSession();
        browser.open("/login");
        type("username", "admin");
        type("password", ConsoleUnderTest.ADMIN_PASSWORD);
        browser.keys(Keys.ENTER);
        browser.await("user");
    }

    @Test
    void threadsAreLookedAtTwoStacksChosenAndFiltersProposedForThemWithoutAMouse() {
        logIn();
        try (TargetJvm office = TargetJvm.start(List.of(), Office.class, "name=office", "workers=3", "crowd=2")) {
            long target = console.rest().postJson("/targets", Map.of("address", office.address(), "name", "office-by-keys")).expect(201).json().path("id").asLong();
            console.rest().await("/targets/" + target, t -> t.path("state").asString().equals("REACHABLE"));
            browser.open("/targets/" + target);
            press("threads-here");
            Await.until(browser::path, ("/targets/" + target + "/threads")::equals, "the page of the threads");
            type("search", "Office");
            browser.keys(Keys.ENTER);
            Await.until(browser::path, path -> path.contains("q=Office"), "the threads with a frame of the office");
            to("[data-name='customer-1'] [data-test=choose-stack]");
            browser.keys(Keys.SPACE);
            to("[data-name='customer-1'] summary");
            browser.keys(Keys.ENTER);
            assertThat(browser.isShown("[data-name='customer-1'] .trace")).as("the stack of what was opened").isTrue();
            to("[data-name='worker-1'] [data-test=choose-stack]");
            browser.keys(Keys.SPACE);
            press("propose-two");
            assertThat(browser.await("suggested")).contains("for these two stacks");
            console.rest().delete("/targets/" + target).expect(204);
        }
    }
}
