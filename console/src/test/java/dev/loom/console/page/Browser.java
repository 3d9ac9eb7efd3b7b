package dev.loom.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.args.AxeRuleOptions;
import com.deque.html.axecore.args.AxeRunOptions;
import com.deque.html.axecore.selenium.AxeBuilder;
import dev.loom.console.support.Await;
import dev.loom.console.support.ConsoleUnderTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.springframework.util.FileSystemUtils;

/**
 * Debian's Chromium, steered by a test. Parts of the pages are replaced while they are looked at, so elements are never kept:
 * they are named by their {@code data-test} each time, and read in one go.
 */
final class Browser implements AutoCloseable {

    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path CHROMEDRIVER = Path.of("/usr/bin/chromedriver");

    /** Where pictures for the documentation go; empty if none are wanted. */
    private static final String PICTURES = System.getProperty("loom.browser.pictures", "");

    private final ConsoleUnderTest console;
    private final Path profile;
    private final ChromeDriver driver;
    /** What the browser calls the script that each page starts with; empty if there is none. */
    private String recorder = "";

    Browser(ConsoleUnderTest console) {
        if (!Files.isExecutable(CHROMIUM) || !Files.isExecutable(CHROMEDRIVER)) {
            throw new AssertionError(
                    "The pages are tested in a real browser, and it is missing: apt-get install chromium chromium-driver");
        }
        this.console = console;
        try {
            profile = Files.createTempDirectory("loom-chromium");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(CHROMIUM.toFile());
        options.setCapability("goog:loggingPrefs", logs);
        options.addArguments(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-quic",
                "--no-first-run",
                "--disable-component-update",
                "--disable-sync",
                "--window-size=1360,900",
                "--user-data-dir=" + profile);
        ChromeDriverService service = new ChromeDriverService.Builder().usingDriverExecutable(CHROMEDRIVER.toFile()).build();
        driver = new ChromeDriver(service, options);
        driver.manage().timeouts().pageLoadTimeout(Duration.ofSeconds(60));
    }

    void open(String path) {
        driver.get(console.url() + path);
    }

    /** The path of the page that is open. */
    String path() {
        return Objects.requireNonNull(driver.getCurrentUrl()).substring(console.url().length());
    }

    void logIn(String user, String password) {
        open("/login");
        type("username", user);
        type("password", password);
        click("login");
    }

    void logInAsAdmin() {
        logIn("admin", ConsoleUnderTest.ADMIN_PASSWORD);
        await("user");
    }

    /** As if the session had ended, on the console's side too. */
    void forgetSession() {
        driver.manage().deleteAllCookies();
    }

    /** What axe finds wrong for who cannot see, or cannot see well: a line for each element. */
    List<String> inaccessible() {
        AxeRuleOptions on = new AxeRuleOptions();
        on.setEnabled(true);
        AxeRunOptions options = new AxeRunOptions();
        options.setRules(Map.of("label-content-name-mismatch", on)); // what is read out begins with what is seen, for who speaks to the page
        return violations(new AxeBuilder().withOptions(options));
    }

    /** What axe finds of contrast alone: all that one theme has and the other has not. */
    List<String> illegible() {
        return violations(new AxeBuilder().withRules(List.of("color-contrast")));
    }

    private List<String> violations(AxeBuilder rules) {
        return rules.analyze(driver).getViolations().stream()
                .flatMap(rule -> rule.getNodes().stream().map(node -> rule.getId() + " (" + rule.getImpact() + "): " + node.getHtml()))
                .toList();
    }

    static String named(String test) {
        return "[data-test='" + test + "']";
    }

    void click(String test) {
        clickOn(named(test));
    }

    /** Clicks what a selector finds, as soon as it can be clicked. */
    void clickOn(String selector) {
        Await.until(
                () -> {
                    try {
                        driver.findElement(By.cssSelector(selector)).click();
                        return "";
                    } catch (org.openqa.selenium.WebDriverException notYet) {
                        return String.valueOf(notYet.getMessage());
                    }
                },
                String::isEmpty,
                "the click on " + selector);
    }

    void type(String test, String text) {
        await(test);
        driver.findElement(By.cssSelector(named(test))).sendKeys(text);
    }

    /** Presses keys, on nothing in particular. */
    void press(CharSequence keys) {
        driver.findElement(By.tagName("body")).sendKeys(keys);
    }

    /** Presses keys where the focus is. */
    void keys(CharSequence keys) {
        new Actions(driver).sendKeys(keys).perform();
    }

    void choose(String test, Path file) {
        driver.findElement(By.cssSelector(named(test))).sendKeys(file.toAbsolutePath().normalize().toString());
    }

    /** The text of an element; null if it is not there. */
    @Nullable String text(String test) {
        return read(named(test), "textContent");
    }

    /** A property or attribute of what a selector finds first; null if it is not there. */
    @Nullable String read(String selector, String property) {
        Object value = driver.executeScript(
                "const e = document.querySelector(arguments[0]);"
                        + "return e ? String(e[arguments[1]] ?? e.getAttribute(arguments[1])).trim() : null",
                selector,
                property);
        return value == null ? null : value.toString();
    }

    List<?> texts(String selector) {
        return (List<?>) Objects.requireNonNull(
                driver.executeScript("return [...document.querySelectorAll(arguments[0])].map(e => e.textContent.trim())",
                        selector));
    }

    boolean isShown(String selector) {
        return Boolean.TRUE.equals(driver.executeScript("return !!document.querySelector(arguments[0])?.checkVisibility()",
                selector));
    }

    Object script(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    /** Waits for an element and answers its text. */
    String await(String test) {
        return Objects.requireNonNull(Await.until(() -> text(test), Objects::nonNull, test + " on " + path()));
    }

    String awaitText(String test, String part) {
        return Objects.requireNonNull(Await.until(() -> text(test), t -> t != null && t.contains(part), test + " on " + path()));
    }

    /** As the system's setting would be. */
    void prefer(String scheme) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** As it would be printed, or again as on a screen. */
    void onPaper(boolean paper) {
        driver.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("media", paper ? "print" : ""));
    }

    /** As in another country; empty for the usual. */
    void liveIn(String locale) {
        driver.executeCdpCommand("Emulation.setLocaleOverride", locale.isEmpty() ? Map.of() : Map.of("locale", locale));
    }

    void resize(int width, int height) {
        driver.manage().window().setSize(new Dimension(width, height));
    }

    /** Takes a picture of the page for the documentation, where pictures are wanted ({@code -Dloom.browser.pictures=../docs/img}). */
    void picture(String name) {
        picture(name, 980);
    }

    /** The same, so many points high. */
    void picture(String name, int height) {
        if (PICTURES.isEmpty()) {
            return;
        }
        prefer("light");
        resize(1360, height);
        script("document.activeElement.blur(); window.scrollTo(0, 0)");
        try {
            Path directory = Files.createDirectories(Path.of(PICTURES));
            Files.write(directory.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            resize(1360, 900);
        }
    }

    /** From the next page on each counts, in {@code framesWith}, the frames in which a column of that name is seen, from its first on; empty for none. */
    void eachPageRecords(String column) {
        if (!recorder.isEmpty()) {
            driver.executeCdpCommand("Page.removeScriptToEvaluateOnNewDocument", Map.of("identifier", recorder));
            recorder = "";
        }
        if (!column.isEmpty()) {
            recorder = String.valueOf(driver.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", """
                    window.framesWith = 0
                    const look = () => {
                      if ([...document.querySelectorAll('th')].some(th => th.textContent.trim() === '%s' && th.checkVisibility())) window.framesWith++
                      requestAnimationFrame(look)
                    }
                    requestAnimationFrame(look)""".formatted(column))).get("identifier"));
        }
    }

    /** Begins to watch what the page that is open shows and moves; to be called once on it. */
    void watchLayout() {
        script("""
                window.moved = 0
                window.movers = []
                new PerformanceObserver(list => {
                  for (const shift of list.getEntries()) {
                    if (!shift.hadRecentInput) {
                      window.moved += shift.value
                      window.movers.push(...shift.sources.map(s => s.node?.outerHTML?.slice(0, 120)))
                    }
                  }
                }).observe({type: 'layout-shift', buffered: true})""");
    }

    /** How far the page's parts have moved under its reader's eyes (CLS), from 0 to 1 and beyond; since it was opened. */
    double layoutShift() {
        return ((Number) script("return window.moved")).doubleValue();
    }

    /** After what time the first of the page was seen, ms; 0 if that is not known. */
    long firstPaintMillis() {
        return ((Number) script("return performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0")).longValue();
    }

    /** What the page has loaded that is not the console's. */
    List<?> fromOtherHosts() {
        return (List<?>) script("return performance.getEntriesByType('resource').map(r => r.name).filter(n => !n.startsWith(location.origin + '/') && !n.startsWith('data:'))");
    }

    /** What the browser complained of since the last call: errors of scripts, and what the content security policy stopped. */
    void expectNoComplaints() {
        assertThat(driver.manage().logs().get(LogType.BROWSER).getAll())
                .filteredOn(entry -> entry.getLevel().intValue() >= Level.SEVERE.intValue())
                .extracting(LogEntry::getMessage)
                // a form that is refused comes back with its status, as it should
                .filteredOn(message -> !message.matches("(?s).*the server responded with a status of (403|412|413|422) .*"))
                .isEmpty();
    }

    @Override
    public void close() {
        driver.quit();
        FileSystemUtils.deleteRecursively(profile.toFile());
    }
}
