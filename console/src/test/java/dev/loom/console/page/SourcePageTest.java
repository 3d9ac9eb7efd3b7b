package dev.loom.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loom.console.support.Await;
import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Filters;
import dev.loom.console.support.TargetJvm;
import dev.loom.console.support.WebSession;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** The source view: without script, for each role, by the keyboard, on a phone, and with a source that somebody chooses. */
class SourcePageTest {

    private static final ConsoleUnderTest console = ConsoleUnderTest.shared();
    private static final String BANK = "?class=com.acme.Bank";
    private static TargetJvm jvm;
    private static long target;

    @BeforeAll
    static void start() {
        jvm = TargetJvm.fake("name=viewed");
        target = listed(jvm, "viewed");
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
        return "/targets/" + id + "/source";
    }

    private static long enabled(String about) {
        String name = Filters.name("viewed");
        console.rest().postText("/filters?name=" + name, Filters.text(about)).expect(201);
        return console.rest().postJson("/deployments", Map.of("filter", name, "targets", List.of(target))).expect(201).json().path("id").asLong();
    }

    @Test
    void withoutScriptLinesAreReadChosenCheckedAndObservedByForms() throws Exception {
        WebSession admin = loggedIn("admin", ConsoleUnderTest.ADMIN_PASSWORD);
        String read = admin.send("GET", page(target) + BANK + "&line=43", null).body();
        assertThat(read).contains("id=\"L43\"", "reads Bank.total, &lt;b&gt;43&lt;/b&gt;", "public void transfer(Account from, long amount)", "in Worker", "com.acme.Own@1f")
                .doesNotContain("<b>43</b>");
        assertThat(read).as("a method without code has no lines").doesNotContain("outside()");

        String chosen = admin.send("GET", page(target) + BANK + "&m=com.acme.Bank%23transfer&from=45&to=42&by=this&m=&from=&to=&by=", null).body();
        assertThat(chosen).contains("atomic { com.acme.Bank#transfer:42 ; com.acme.Bank#transfer:45 } by this", "value=\"42\"");
        HttpResponse<String> wrong = admin.send("GET", page(target) + BANK + "&m=nonsense", null);
        assertThat(wrong.statusCode()).isEqualTo(422);
        assertThat(wrong.body()).contains("is not a method", "id=\"L43\"");

        String name = Filters.name("chosen");
        String text = "filter \"x\" {\n    atomic com.acme.Bank#transfer:42 by this\n}\n";
        String sent = "class=com.acme.Bank&key=c1&name=" + name + "&text=" + URLEncoder.encode(text, StandardCharsets.UTF_8);
        HttpResponse<String> checked = admin.form(page(target) + "/check", sent);
        assertThat(checked.statusCode()).isEqualTo(200);
        assertThat(checked.body()).contains("takes it: 1 method would be woven", "id=\"L43\"", "atomic com.acme.Bank#transfer:42 by this");
        HttpResponse<String> observed = admin.form(page(target) + "/observe", sent);
        assertThat(observed.statusCode()).as(observed.body()).isEqualTo(302);
        String location = observed.headers().firstValue("Location").orElse("");
        assertThat(location).matches(".*/deployments/\\d+\\?target=" + target);
        assertThat(console.rest().get("/filters/" + name + "/versions").expect(200).text()).contains("Chosen in the source view of viewed.");
        HttpResponse<String> taken = admin.form(page(target) + "/observe", sent.replace("42", "43"));
        assertThat(taken.statusCode()).isEqualTo(409);
        assertThat(taken.body()).contains("There is another filter", "transfer:43", "id=\"L43\"");

        String deployment = location.replaceFirst(".*/deployments/(\\d+).*", "$1");
        console.rest().await("/deployments/" + deployment, d -> d.path("state").asString().equals("ENABLED"));
        assertThat(admin.send("GET", page(target) + BANK, null).body()).as("its hook, at its lines").contains("data-hook=\"" + name + " h1\"", "overlaps", "class=\"inside\"");
        assertThat(admin.send("GET", "/deployments/" + deployment + "?target=" + target, null).body())
                .contains("/source?class=com.acme.Bank&amp;line=42#L42");
        console.rest().delete("/deployments/" + deployment + "?wait=30").expect(200);
    }

    @Test
    void whatIsNotThereIsSaidWithWhatIs() throws Exception {
        WebSession admin = loggedIn("admin", ConsoleUnderTest.ADMIN_PASSWORD);
        assertThat(admin.send("GET", page(target), null).body()).contains("Which class?");
        assertThat(admin.send("GET", page(target) + "?class=com.acme.Ban", null).body())
                .contains("com.acme.Ban is not loaded in this JVM", "data-test=\"alike\"", "/source?class=com.acme.Bank$Worker");
        assertThat(admin.send("GET", page(target) + "?class=a+b", null).body()).contains("is not the name of a class");
        TargetJvm old = TargetJvm.fake("name=ageing", "old");
        long id = listed(old, "ageing");
        assertThat(admin.send("GET", page(id) + BANK, null).body()).contains("too old to list classes");
        old.die();
        console.rest().await("/targets/" + id, t -> t.path("state").asString().equals("UNREACHABLE"));
        assertThat(admin.send("GET", page(id) + BANK, null).body()).contains("data-test=\"source-away\"");
        console.rest().delete("/targets/" + id + "?force=true").expect(204);
    }

    @Test
    void ofALargeClassAPageHasTheLinesAroundTheOneThatIsWanted() throws Exception {
        WebSession admin = loggedIn("admin", ConsoleUnderTest.ADMIN_PASSWORD);
        String first = admin.send("GET", page(target) + "?class=com.acme.Huge", null).body();
        assertThat(first).contains("id=\"L1\"", "The lines of", "Not listed:").doesNotContain("id=\"L5001\"");
        assertThat(first.split("<tr ").length).isLessThan(SourcePage.MOST_LINES + 400);
        String last = admin.send("GET", page(target) + "?class=com.acme.Huge&line=5001", null).body();
        assertThat(last).contains("id=\"L5001\"").doesNotContain("id=\"L1\"");
    }

    @Test
    void eachSeesWhatTheyMayDo() throws Exception {
        String chosen = page(target) + BANK + "&m=com.acme.Bank%23transfer";
        String viewer = console.rest().postJson("/accounts", account("viewer")).expect(201).json().path("username").asString();
        assertThat(loggedIn(viewer, "a-long-password").send("GET", chosen, null).body()).contains("data-test=\"lines\"", "atomic com.acme.Bank#transfer")
                .doesNotContain("proposal-check", "proposal-observe");
        String author = console.rest().postJson("/accounts", account("author")).expect(201).json().path("username").asString();
        assertThat(loggedIn(author, "a-long-password").send("GET", chosen, null).body()).contains("proposal-save").doesNotContain("proposal-check");
    }

    @Test
    void linesAreChosenByMouseAndKeyboardAndNumbersComeToThem() {
        long straggling = enabled("straggle");
        try (Browser browser = new Browser(console)) {
            browser.logInAsAdmin();
            browser.open(page(target) + BANK);
            browser.clickOn("#L42 [role=button]");
            browser.clickOn("#L45 [role=button]");
            String text = proposal(browser, ":42 ;");
            assertThat(text).contains("atomic { com.acme.Bank#transfer:42 ; com.acme.Bank#transfer:45 } by this");
            assertThat(browser.texts("#code [aria-pressed=true]")).hasToString("[42, 43, 44, 45]");
            browser.clickOn("[data-test=proposal-check]");
            browser.awaitText("said", "takes it: 1 method would be woven");

            // a second region, by the keyboard alone
            browser.clickOn("[data-test=slot1]");
            browser.script("document.querySelector('[data-pick][tabindex=\"0\"]').focus()");
            browser.keys(Keys.END);
            browser.keys(Keys.ENTER);
            browser.keys(Keys.chord(Keys.SHIFT, Keys.ARROW_UP));
            browser.keys(Keys.chord(Keys.SHIFT, Keys.ENTER));
            assertThat(proposal(browser, ":60 ;")).contains("region second = { com.acme.Bank$Worker#run:60 ; com.acme.Bank$Worker#run:61 }", "first by this <> second by this");

            // what the filter in force does there, live
            String counted = "#L42 .mark.enter .said";
            String before = browser.read(counted, "textContent");
            Await.until(() -> browser.read(counted, "textContent"), now -> now.contains("hits") && !now.equals(before), "newer numbers at line 42");
            assertThat(browser.texts("#L42 .standing")).hasToString("[straggler worker-1]");
            assertThat(browser.texts("tr.inside .ln").toString()).contains("42", "45");
            assertThat(browser.inaccessible()).as("what axe finds").isEmpty();
            console.rest().delete("/deployments/" + straggling + "?wait=30");
            Await.until(() -> browser.texts(".mark").size(), marks -> marks == 0, "the lines without the hooks of a filter that is gone");
            assertThat(browser.texts("#code [aria-pressed=true]").toString()).as("what was chosen stays chosen").contains("42", "60");

            browser.prefer("dark");
            assertThat(browser.illegible()).as("contrast in dark").isEmpty();
            browser.prefer("light");
            browser.resize(420, 860);
            browser.open(page(target) + BANK + "&m=com.acme.Bank%23transfer");
            assertThat(browser.script("return document.documentElement.scrollWidth <= window.innerWidth")).as("nothing stands out at the side").isEqualTo(true);
            browser.expectNoComplaints();
        }
    }

    private static String proposal(Browser browser, String part) {
        return Await.until(() -> String.valueOf(browser.read("[data-test=proposal]", "value")), text -> text.contains(part), "a filter with " + part);
    }

    @Test
    void aSourceThatSomebodyChoosesStandsBesideTheLinesAndIsSentNowhere(@TempDir Path directory) throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int i = 1; i <= 70; i++) {
            lines.append("source of line ").append(i).append(" <i>\n");
        }
        Path file = Files.writeString(directory.resolve("Bank.java"), lines);
        Path jar = zip(directory.resolve("bank-sources.jar"), "src/com/acme/Bank.java", lines.toString().replace("source", "jar").getBytes(StandardCharsets.UTF_8));
        try (Browser browser = new Browser(console)) {
            browser.logInAsAdmin();
            browser.open(page(target) + BANK);
            browser.choose("source-file", file);
            browser.awaitText("source-said", "Bank.java, 71 lines.");
            assertThat(browser.read("[data-test=source] tr[data-line='43'] .does", "textContent")).isEqualTo("source of line 43 <i>");
            assertThat(browser.texts("[data-test=source] tr[data-line='1'] [role=button]")).as("a line without code cannot be chosen").isEmpty();
            browser.clickOn("[data-test=source] tr[data-line='43'] [role=button]");
            browser.clickOn("[data-test=source] tr[data-line='41'] [role=button]");
            assertThat(proposal(browser, ":41 ;")).contains("com.acme.Bank#transfer:43 }");
            assertThat(browser.inaccessible()).as("what axe finds").isEmpty();
            browser.click("source-toggle");
            assertThat(browser.isShown("[data-test=lines]")).isTrue();

            browser.choose("source-file", jar);
            browser.awaitText("source-said", "src/com/acme/Bank.java, 71 lines.");
            assertThat(browser.read("[data-test=source] tr[data-line='43'] .does", "textContent")).isEqualTo("jar of line 43 <i>");

            // what cannot be read is said, and what was shown stays
            browser.choose("source-file", zip(directory.resolve("other.jar"), "com/acme/Other.java", new byte[10]));
            browser.awaitText("source-said", "There is no com/acme/Bank.java in the jar");
            browser.choose("source-file", bomb(directory));
            browser.awaitText("source-said", "has more than 4 MiB when it is unpacked");
            browser.choose("source-file", Files.write(directory.resolve("cut.jar"), java.util.Arrays.copyOf(Files.readAllBytes(jar), 100)));
            browser.awaitText("source-said", "damaged or cut off");
            browser.choose("source-file", Files.write(directory.resolve("Bank.class"), new byte[] {1, 0, 0, 2}));
            browser.awaitText("source-said", "This is not a text");
            browser.choose("source-file", Files.write(directory.resolve("latin.java"), "caf\u00e9\n".repeat(70).getBytes(StandardCharsets.ISO_8859_1)));
            browser.awaitText("source-said", "read as Windows-1252");
            browser.choose("source-file", Files.writeString(directory.resolve("short.java"), "one\n"));
            browser.awaitText("source-said", "it is another version");
            assertThat(browser.script("return performance.getEntriesByType('resource').filter(r => r.initiatorType === 'fetch').length"))
                    .as("requests that could have carried it").isEqualTo(0L);
            browser.expectNoComplaints();
        }
    }

    /** A jar that says that its source has a hundred bytes, and unpacks to 64 MiB. */
    private static Path bomb(Path directory) throws Exception {
        Path jar = zip(directory.resolve("bomb.jar"), "com/acme/Bank.java", new byte[64 << 20]);
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(jar)).order(ByteOrder.LITTLE_ENDIAN);
        int last = 0;
        for (int i = 0; i + 46 < bytes.limit(); i++) {
            last = bytes.getInt(i) == 0x02014b50 ? i : last;
        }
        bytes.putInt(last + 24, 100);
        return Files.write(jar, bytes.array());
    }

    private static Path zip(Path file, String name, byte[] content) throws Exception {
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
            out.putNextEntry(new ZipEntry("META-INF/MANIFEST.MF"));
            out.putNextEntry(new ZipEntry(name));
            out.write(content);
            out.closeEntry();
        }
        return file;
    }

    private static Map<String, String> account(String role) {
        return Map.of("username", Filters.name(role), "password", "a-long-password", "role", role);
    }

    private static WebSession loggedIn(String user, String password) throws Exception {
        WebSession session = new WebSession(console.url());
        session.login(user, password);
        return session;
    }
}
