package dev.loom.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loom.console.support.Await;
import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Filters;
import dev.loom.console.support.TargetJvm;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

/** What a person chooses of a large table: which columns, and how dense. It stays, and the next page comes with it at once. */
class TablesInTheBrowserTest {

    private static final ConsoleUnderTest console = ConsoleUnderTest.shared();
    private static TargetJvm jvm;
    private static long target;
    private static Browser browser;

    @BeforeAll
    static void start() {
        jvm = TargetJvm.fake("name=listed");
        target = console.rest().postJson("/targets", Map.of("address", jvm.address(), "name", "listed", "labels", Map.of("env", "tables"))).expect(201).json()
                .path("id").asLong();
        console.rest().await("/targets/" + target, t -> t.path("state").asString().equals("REACHABLE"));
        String filter = Filters.name("listed");
        console.rest().postText("/filters?name=" + filter, Filters.text("x")).expect(201);
        console.rest().postJson("/deployments?wait=20", Map.of("filter", filter, "targets", List.of(target))).expect(201);
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

    @BeforeEach
    void nothingIsChosen() {
        browser.open("/targets");
        browser.script("localStorage.clear()");
    }

    @AfterEach
    void nothingWasBlockedAndNoScriptFailed() {
        browser.expectNoComplaints();
    }

    private static List<?> shownColumns() {
        return (List<?>) browser.script("return [...document.querySelectorAll('[data-table] thead th')].filter(th => th.checkVisibility()).map(th => th.textContent.trim())");
    }

    /** How many cells of each row are seen: as many as heads, whatever is chosen. */
    private static List<?> cells() {
        return (List<?>) browser.script(
                "return [...new Set([...document.querySelectorAll('[data-table] tbody tr')].map(tr => [...tr.children].filter(td => td.checkVisibility()).length))]");
    }

    private static double rowHeight() {
        return ((Number) browser.script("return document.querySelector('[data-table] tbody tr').getBoundingClientRect().height")).doubleValue();
    }

    @Test
    void aColumnIsHiddenByTheKeyboardAndTheNextPageComesWithoutIt() {
        browser.open("/targets");
        assertThat(shownColumns()).asString().isEqualTo("[JVM, State, Labels, Filters, Overhead, Agent, Seen]");
        browser.script("document.querySelector('[data-test=view]').focus()");
        browser.keys(Keys.ENTER);
        Await.until(() -> browser.script("return document.activeElement.dataset.col"), "state"::equals, "the focus in the first box");
        assertThat(browser.inaccessible()).as("what axe finds while it is open").isEmpty();
        browser.keys(Keys.TAB);
        assertThat(browser.script("return document.activeElement.closest('label').textContent.trim()")).isEqualTo("Labels");
        browser.keys(Keys.SPACE);
        assertThat(shownColumns()).asString().isEqualTo("[JVM, State, Filters, Overhead, Agent, Seen]");
        assertThat(cells()).asString().isEqualTo("[6]");
        browser.keys(Keys.ESCAPE);
        Await.until(() -> browser.script("return document.activeElement.dataset.test"), "view"::equals, "the focus back on the button");

        browser.eachPageRecords("Labels");
        browser.open("/targets");
        browser.watchLayout();
        assertThat(shownColumns()).asString().isEqualTo("[JVM, State, Filters, Overhead, Agent, Seen]");
        assertThat(browser.layoutShift()).as("how far the page moved").isLessThan(0.01);
        assertThat(browser.script("return window.framesWith")).as("frames in which the hidden column was to be seen").isEqualTo(0L);
        browser.script("localStorage.clear()");
        browser.open("/targets");
        Await.until(() -> browser.script("return window.framesWith"), n -> ((Number) n).intValue() > 0, "that the column is seen when it is not hidden: else this test sees nothing");
        browser.eachPageRecords("");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"/targets", "/filters", "/deployments?show=all", "/matrix", "/events", "/audit"})
    void eachLargeTableIsAsDenseAsIsChosenAndAsItWasAgain(String path) {
        browser.open(path);
        List<?> columns = shownColumns();
        double usual = rowHeight();
        browser.click("view");
        String other = browser.isShown(".view input[value=compact]:checked") ? "comfortable" : "compact";
        browser.clickOn(".view input[value=" + other + "]");
        assertThat(rowHeight()).as("height of a row, once " + other).isNotEqualTo(usual);
        List<?> boxes = browser.texts(".view input[type=checkbox]");
        if (!boxes.isEmpty()) {
            browser.script("[...document.querySelectorAll('.view input[type=checkbox]')].at(-1).click()");
            assertThat(shownColumns()).hasSize(columns.size() - 1);
        }
        double chosen = rowHeight();
        browser.open(path);
        assertThat(rowHeight()).as("after the next load").isEqualTo(chosen);
        assertThat(shownColumns()).hasSize(columns.size() - (boxes.isEmpty() ? 0 : 1));
        browser.click("view");
        browser.click("as-it-was");
        assertThat(shownColumns()).isEqualTo(columns);
        assertThat(rowHeight()).isEqualTo(usual);
        assertThat(browser.script("return Object.keys(localStorage).filter(k => k.startsWith('loom-table:')).length")).as("what is kept of it").isEqualTo(0L);
        browser.click("view-close");
        assertThat(browser.isShown(".view")).isFalse();
    }

    @Test
    void paperHasWhatWasChosenAndOtherTablesAreAsTheyWere() {
        browser.script("localStorage.setItem('loom-table:deployments', JSON.stringify({off: ['evacuated', 'since'], density: 'compact'}))");
        browser.resize(794, 1100);
        browser.onPaper(true);
        try {
            browser.open("/deployments?show=all");
            assertThat(shownColumns()).asString().isEqualTo("[Filter, State, JVMs, Stragglers]");
            assertThat(cells()).asString().isEqualTo("[4]");
            assertThat(browser.isShown("[data-test=view]")).as("a button on paper").isFalse();
        } finally {
            browser.onPaper(false);
            browser.resize(1360, 900);
        }
        browser.open("/targets");
        assertThat(shownColumns()).hasSize(7);
    }

    @Test
    void whatIsKeptAndMeansNothingIsAsIfNothingWere() {
        for (String kept : List.of("{", "null", "7", "{\"off\":7,\"density\":\"x\\\" onload=\"}", "{\"off\":[\"jvm\",\"nobody\",1,null]}", "[]")) {
            browser.script("localStorage.setItem('loom-table:targets', arguments[0])", kept);
            browser.open("/targets");
            assertThat(shownColumns()).as(kept).hasSize(7);
        }
    }

    @Test
    void theDialogFitsAPhoneAndIsLegibleInDark() {
        browser.resize(420, 860);
        browser.prefer("dark");
        try {
            browser.open("/targets");
            browser.click("view");
            assertThat(browser.texts(".view label").toString()).contains("Labels (on a wider screen)");
            assertThat(browser.illegible()).as("contrast in dark").isEmpty();
            assertThat(browser.script("const b = document.querySelector('.view:popover-open').getBoundingClientRect(); return b.left >= 0 && b.right <= innerWidth && b.bottom <= innerHeight"))
                    .as("the dialog is on the screen").isEqualTo(true);
            assertThat(browser.script("return document.documentElement.scrollWidth <= window.innerWidth")).isEqualTo(true);
        } finally {
            browser.prefer("light");
            browser.resize(1360, 900);
        }
    }
}
