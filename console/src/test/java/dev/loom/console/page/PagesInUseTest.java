package dev.loom.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loom.console.support.Await;
import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Filters;
import dev.loom.console.support.Rest;
import dev.loom.console.support.TargetJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** Pages while people work on them: dialogs, marks, long names, paper, a phone, large letters. */
class PagesInUseTest {

    private static final ConsoleUnderTest console = ConsoleUnderTest.shared();
    private static final Rest rest = console.rest();
    private static final String LONG_NAME = "a-jvm-of-a-name-without-any-place-to-break-" + "x".repeat(157);
    private static Browser browser;
    private static TargetJvm jvm;
    private static long target;
    private static String filter;
    private static long deployment;

    @BeforeAll
    static void start() {
        jvm = TargetJvm.fake("name=used");
        target = rest.postJson("/targets", Map.of("address", jvm.address(), "name", LONG_NAME, "labels", Map.of("env", "used", "app", "bank"))).expect(201)
                .json().path("id").asLong();
        rest.await("/targets/" + target, t -> t.path("state").asString().equals("REACHABLE"));
        filter = Filters.name("n".repeat(90));
        rest.postText("/filters?name=" + filter, Filters.text("w".repeat(300))).expect(201);
        deployment = rest.postJson("/deployments", Map.of("filter", filter, "targets", List.of(target), "mode", "observe")).expect(201).json()
                .path("id").asLong();
        rest.await("/deployments/" + deployment, d -> d.path("state").asString().equals("ENABLED"));
        browser = new Browser(console);
        browser.logIn("admin", "not-the-password");
        browser.await("login-error");
        assertThat(browser.read("[data-test=username]", "value")).as("who mistypes the password need not type the user again").isEqualTo("admin");
        browser.logInAsAdmin();
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
        rest.delete("/deployments/" + deployment + "?wait=30");
        rest.delete("/targets/" + target + "?force=true");
        jvm.close();
    }

    @AfterEach
    void nothingWasBlockedAndNoScriptFailed() {
        browser.expectNoComplaints();
    }

    private static List<String> pages() {
        return List.of("/", "/filters", "/filters/" + filter, "/filter-new", "/targets", "/targets/" + target, "/targets/" + target + "/threads", "/targets/new", "/deployments", "/matrix",
                "/deployments/" + deployment, "/deployments/new?filter=" + filter + "&target=" + target, "/events", "/audit", "/access", "/notifiers");
    }

    @Test
    void everyDialogIsOneForWhoCannotSeeIt() {
        rest.postJson("/tokens", Map.of("name", Filters.name("dialog"), "role", "viewer")).expect(201);
        rest.postJson("/accounts", Map.of("username", Filters.name("dialog"), "password", "a-long-password", "role", "operator")).expect(201);
        for (String path : List.of("/access", "/deployments/" + deployment, "/targets/" + target, "/filters/" + filter)) {
            browser.open(path);
            assertThat((List<?>) browser.script(
                    "return [...document.querySelectorAll('[popover]')].filter(p => p.getAttribute('role') !== 'dialog'"
                            + " || !document.getElementById(p.getAttribute('aria-labelledby'))?.textContent.trim()).map(p => p.id)"))
                    .as("dialogs without a role or a title on %s", path).isEmpty();
        }
    }

    @Test
    void aDialogTakesTheFocusAndGivesItBackAlsoWhenItsButtonIsAnother() {
        browser.open("/deployments/" + deployment);
        browser.click("disable");
        assertThat(browser.script("return document.activeElement.closest('[popover]')?.id")).isEqualTo("disable");
        // newer numbers bring the buttons anew
        browser.script("htmx.trigger(document.querySelector('[data-live]'), 'catch-up'); window.swapped = 0;"
                + "document.addEventListener('htmx:oobAfterSwap', () => window.swapped++)");
        Await.until(() -> browser.script("return window.swapped"), n -> ((Number) n).intValue() >= 2, "newer numbers");
        browser.script("document.activeElement.dispatchEvent(new Event('x'))");
        browser.press(Keys.ESCAPE);
        Await.until(() -> browser.isShown("#disable"), shown -> !shown, "the dialog gone by Escape");
        Await.until(() -> browser.script("return document.activeElement.dataset.test"), "disable"::equals, "the focus on the button");
    }

    @Test
    void textThatIsMarkedStaysMarkedWhileNumbersCome() {
        browser.open("/deployments/" + deployment);
        browser.await("hook");
        browser.script("window.swaps = 0; document.addEventListener('htmx:beforeSwap', () => window.swaps++);"
                + "getSelection().selectAllChildren(document.querySelector('[data-test=hook] bdi'))");
        Object marked = browser.script("return String(getSelection())");
        assertThat(marked).isEqualTo("com.acme.Bank#transfer:42-45");
        Await.until(() -> browser.script("return window.swaps"), n -> ((Number) n).intValue() >= 2, "newer numbers");
        assertThat(browser.script("return String(getSelection())")).isEqualTo(marked);
        browser.script("getSelection().removeAllRanges()");
    }

    @Test
    void whileAFilterObservesTheChartDrawsTheOverlapsThatWereSeen() {
        browser.open("/deployments/" + deployment);
        assertThat(browser.read("[data-test=chart-contended] h3 span", "textContent")).isEqualTo("Overlaps seen");
        Await.until(() -> browser.read("[data-test=chart-contended] .now", "data-value"), v -> v != null && Double.parseDouble(v) > 0, "overlaps a second");
    }

    @Test
    void theChartsMarkTheMomentFromWhichTheFilterObserves() {
        browser.open("/deployments/" + deployment + "?minutes=15");
        Await.until(() -> String.valueOf(browser.script("return (document.querySelector('[data-charts]').marks || []).map(m => m.text)")), marks -> marks.contains("observes"),
                "the marks of the charts");
        Await.until(() -> browser.read("[data-test=chart-hits] canvas", "width"), w -> w != null, "a chart");
    }

    @Test
    void thePaletteGoesToWhatIsTypedByTheKeyboardAloneAndIsHeard() {
        browser.open("/");
        browser.press(Keys.chord(Keys.CONTROL, "k"));
        Await.until(() -> browser.isShown("#palette"), shown -> shown, "the palette by Ctrl-K");
        assertThat(browser.script("return document.activeElement.dataset.test")).isEqualTo("palette-field");
        assertThat(browser.texts("#palette [role=option] .text")).asString().contains("Filters", "Matrix", "Upload a filter");
        assertThat(browser.inaccessible()).as("what axe finds while it is open").isEmpty();
        browser.type("palette-field", filter.substring(0, 60));
        Await.until(() -> browser.texts("#palette [role=option] .text").toString(), all -> all.contains(filter), "the filter");
        assertThat(browser.read("#palette [role=status]", "textContent")).isEqualTo("2 matches");
        assertThat(browser.read("[data-test=palette-field]", "aria-activedescendant")).isEqualTo("palette-0");
        assertThat(browser.read("#palette-0", "aria-selected")).isEqualTo("true");
        browser.type("palette-field", Keys.ARROW_DOWN.toString());
        assertThat(browser.read("[data-test=palette-field]", "aria-activedescendant")).isEqualTo("palette-1");
        browser.type("palette-field", Keys.ARROW_UP.toString());
        browser.type("palette-field", Keys.ENTER.toString());
        Await.until(browser::path, ("/filters/" + filter)::equals, "the filter's page");

        browser.click("go-to");
        browser.type("palette-field", String.valueOf(deployment));
        Await.until(() -> browser.texts("#palette [role=option] .kind").toString(), all -> all.contains("Deployment"), "the deployment by its number");
        browser.press(Keys.ESCAPE);
        Await.until(() -> browser.isShown("#palette"), shown -> !shown, "the palette gone by Escape");
        Await.until(() -> browser.script("return document.activeElement.dataset.test"), "go-to"::equals, "the focus back on its button");
    }

    @Test
    void datesAreWrittenAsInTheCountryOfWhoeverLooks() {
        try {
            for (List<String> expected : List.of(List.of("de-DE", "\\d\\d\\. \\p{L}+\\.?,? \\d\\d:\\d\\d:\\d\\d"), List.of("ja-JP", "\\d+月\\d+日 \\d\\d:\\d\\d:\\d\\d"),
                    List.of("en-US", "\\p{L}{3} \\d\\d, \\d\\d:\\d\\d:\\d\\d"))) {
                browser.liveIn(expected.get(0));
                browser.open("/events");
                assertThat(browser.read("[data-test=event] time", "textContent")).as(expected.get(0)).matches(expected.get(1));
            }
        } finally {
            browser.liveIn("");
        }
    }

    @Test
    void aTokenIsRevokedAfterAQuestion() {
        String name = Filters.name("asked");
        rest.postJson("/tokens", Map.of("name", name, "role", "viewer")).expect(201);
        browser.open("/access");
        browser.script("[...document.querySelectorAll('[data-test=token]')].find(r => r.textContent.includes(arguments[0]))"
                + ".querySelector('[data-test=revoke]').click()", name);
        assertThat(browser.script("return document.querySelector('[popover]:popover-open h2').textContent")).asString().contains(name);
        assertThat(browser.texts("[data-test=token]").toString()).contains(name);
        browser.script("document.querySelector('[popover]:popover-open [data-test=revoke-confirm]').click()");
        Await.until(() -> browser.texts("[data-test=token]").toString(), all -> !all.contains(name), "the token gone");
    }

    @Test
    void theNumbersOfADiffStayInOneLineBesideALongOne() {
        rest.putText("/filters/" + filter, Filters.text("w".repeat(280)), "If-Match", "\"1\"").expect(200);
        browser.open("/filters/" + filter + "/diff?from=1&to=2");
        assertThat((List<?>) browser.script("return [...document.querySelectorAll('[data-test=diff-lines] td.ln')].filter(td => td.textContent).map(td => {"
                + "const r = document.createRange(); r.selectNodeContents(td); return r.getClientRects().length})")).isNotEmpty().allMatch(n -> n.equals(1L));
    }

    /** What stands out at the side, or is cut without a title that tells the rest. */
    private static List<?> cut() {
        return (List<?>) browser.script("""
                const inScroller = e => e.closest('.table, .code, .trace, .caret, .editor, .diff')
                const wide = [...document.querySelectorAll('a, button, input, select, h1, h2, p, dd, span, td')].filter(e => {
                  if (inScroller(e) || e.closest('[popover]') || e.matches('.unseen, .skip') || e.closest('.unseen') || !e.checkVisibility()) return false
                  const box = e.getBoundingClientRect()
                  return box.width > 0 && (box.right > innerWidth + 1 || box.left < -1)
                })
                const clipped = [...document.querySelectorAll('a, button, h1, h2, p, b, dd, label')].filter(e => e.checkVisibility()
                  && getComputedStyle(e).overflowX === 'hidden' && e.scrollWidth > e.clientWidth + 1 && !e.title && !e.matches('.unseen'))
                const page = document.documentElement.scrollWidth > innerWidth
                  ? ['the page itself: ' + [...document.querySelectorAll('main *')].filter(e => !inScroller(e) && e.scrollWidth > e.clientWidth + 1).map(e => e.tagName + '.' + e.className + ' ' + e.textContent.trim().slice(0, 20) + e.scrollWidth)] : []
                return [...page, ...[...wide, ...clipped].map(e => e.outerHTML.slice(0, 160))]""");
    }

    /** What is seen first, and when, is written to {@code target/first-paint.txt}: a time is not for a test to judge. */
    @Test
    void nothingMovesUnderTheReadersEyesAndNothingComesFromElsewhere() throws Exception {
        List<String> times = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        for (String path : Stream.concat(pages().stream(), Stream.of("/find", "/targets/" + target + "/find", "/help/LOOM-018")).toList()) {
            browser.open(path);
            browser.watchLayout();
            // the numbers of a page that stays open are renewed each second
            Thread.sleep(1_500);
            times.add(browser.firstPaintMillis() + " ms " + path);
            double moved = browser.layoutShift();
            if (moved >= 0.1) {
                wrong.add(path + " moved by " + moved + ": " + browser.script("return window.movers"));
            }
            browser.fromOtherHosts().forEach(other -> wrong.add(path + " loads " + other));
        }
        Files.write(Path.of("target/first-paint.txt"), times);
        assertThat(wrong).isEmpty();

        browser.script("const late = document.createElement('div'); late.style.height = '400px'; document.querySelector('main').prepend(late)");
        Await.until(browser::layoutShift, moved -> moved >= 0.1, "that a part which comes late is seen to move the rest: else this test sees nothing");
    }

    @Test
    void nothingIsCutOnAWideScreenAPhoneOrWithLettersOfTwiceTheSize() {
        List<String> wrong = new ArrayList<>();
        try {
            for (int width : new int[] {1360, 680, 390}) {
                browser.resize(width, 900);
                for (String path : pages()) {
                    browser.open(path);
                    cut().forEach(e -> wrong.add(width + " " + path + ": " + e));
                }
            }
        } finally {
            browser.resize(1360, 900);
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void paperHasAllColumnsAndNoButtons() {
        browser.resize(794, 1100);
        browser.onPaper(true);
        try {
            for (String path : List.of("/targets", "/targets/" + target + "/threads", "/deployments/" + deployment, "/filters", "/audit")) {
                browser.open(path);
                assertThat((List<?>) browser.script("return [...document.querySelectorAll('main th, main td')].filter(c => !c.closest('.compact') && !c.checkVisibility())"
                        + ".map(c => c.textContent.trim())")).as("columns that paper lacks on %s", path).isEmpty();
                assertThat((List<?>) browser.script("return [...document.querySelectorAll('.side, main button')].filter(b => b.checkVisibility()).map(b => b.outerHTML.slice(0, 100))"))
                        .as("what nobody can press on paper, on %s", path).isEmpty();
                assertThat((List<?>) browser.script("return [...document.querySelectorAll('main .table')].filter(t => t.scrollWidth > t.clientWidth + 1 || t.getBoundingClientRect().right > innerWidth + 1)"
                        + ".map(t => t.getAttribute('aria-label') + ' ' + t.scrollWidth + ' of ' + t.clientWidth)")).as("tables wider than the paper on %s", path).isEmpty();
            }
        } finally {
            browser.onPaper(false);
            browser.resize(1360, 900);
        }
    }
}
