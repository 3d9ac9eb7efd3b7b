package dev.loom.console.load;

import dev.loom.console.support.WebSession;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Roll-outs over a fleet of which six JVMs are real ones: ordered by REST, page and control tool; with the console killed at each step; and
 * with each guard made to fire, after which nothing of the filter is to be left, or the version before is to be back. Arguments: how many JVMs, and
 * the parts to run ({@code ways}, {@code kills}, {@code guards}; all if none is named). Exit status 1 if something did not end as it should.
 */
public final class RolloutDrill implements AutoCloseable {

    private static final String STEPS =
            "{\"steps\":[{\"jvms\":1},{\"wait\":\"2s\"},{\"percent\":20},{\"approve\":true},{\"percent\":100}]}";
    private static final int APPROVAL = 3;
    private static final long PATIENCE = 180_000_000_000L;
    private static final int STEPS_OF_ALL = 5;

    private final Path directory = Files.createTempDirectory("loom-rollout");
    private final ConsoleProcess console = new ConsoleProcess(directory.resolve("data"));
    private final DrillFleet fleet;
    private final WebSession ordering;
    private final WebSession approving;
    private final int jvms;
    private int wrong;

    /** A guard, and what makes it fire. */
    private record Case(String guard, String method, String fault, String reason) {}

    private static final List<Case> GUARDS = List.of(
            new Case("{\"waitMillisMax\":5}", "contended", "waits", "a thread waited"),
            new Case("{\"overheadPercent\":1}", "hot", "overhead", "the overhead is"),
            new Case("{\"bypasses\":0}", "pay", "deadlock", "broken by the deadlock guard"),
            new Case("{\"mbean\":\"com.acme:type=Shop\",\"attribute\":\"Errors\",\"perMinute\":3}", "quiet", "errors", "Errors of com.acme:type=Shop grew"),
            new Case("{\"stragglers\":0,\"for\":\"3s\"}", "stay", "", "in the way, for "));

    private RolloutDrill(int jvms) throws Exception {
        this.jvms = jvms;
        console.start();
        fleet = DrillFleet.start(console, directory, jvms);
        await("all JVMs are reachable", () -> fleet.reachable() == jvms);
        ordering = account("ordering");
        approving = account("approving");
    }

    public static void main(String[] arguments) throws Exception {
        List<String> parts = arguments.length > 1 ? List.of(arguments).subList(1, arguments.length) : List.of("ways", "kills", "guards");
        int wrong = run(Integer.parseInt(arguments[0]), parts, STEPS_OF_ALL, GUARDS);
        System.out.println(wrong == 0 ? "all ended as they should" : wrong + " did not end as they should");
        System.exit(wrong == 0 ? 0 : 1);
    }

    /** The short form: one step with a kill, and one guard, the version before coming back. Returns what did not end as it should. */
    static int runShort() throws Exception {
        return run(8, List.of("kills", "guards"), 1, List.of());
    }

    private static int run(int jvms, List<String> parts, int kills, List<Case> guards) throws Exception {
        try (RolloutDrill drill = new RolloutDrill(jvms)) {
            if (parts.contains("ways")) {
                drill.ways();
            }
            if (parts.contains("kills")) {
                drill.kills(kills);
            }
            if (parts.contains("guards")) {
                drill.guards(guards);
            }
            return drill.wrong;
        }
    }

    private WebSession account(String name) throws Exception {
        console.send("POST", "/api/v1/accounts", "application/json",
                "{\"username\":\"" + name + "\",\"password\":\"" + ConsoleProcess.PASSWORD + "\",\"role\":\"operator\"}");
        WebSession session = new WebSession(console.url());
        session.login(name, ConsoleProcess.PASSWORD);
        return session;
    }

    // ---- by page, REST and control tool ---------------------------------------------------------------------------------------

    private void ways() throws Exception {
        store("ways", "quiet");
        through("REST", rest("ways", STEPS), false);
        through("the page", byPage("ways"), true);
        through("the control tool", byTool("ways"), false);
    }

    /** @param byPerson whether an account ordered it, and not a token */
    private void through(String way, String id, boolean byPerson) throws Exception {
        long began = System.nanoTime();
        await("step " + APPROVAL + " waits for approval", () -> step(id, APPROVAL).equals("APPROVAL"));
        int early = fleet.with("ways", "ACTIVE");
        check(way + ": " + early + " JVMs have it before the approval, a fifth", early == (jvms + 4) / 5);
        boolean refused = byPerson
                ? approve(id, ordering).equals("APPROVAL")
                : console.send("POST", "/api/v1/deployments/" + id + "/approve", null, null).status() == 403;
        check(way + ": who ordered it cannot approve it", refused);
        approve(id, approving);
        finish(way, id, began);
    }

    private void finish(String way, String id, long began) throws Exception {
        await("the roll-out is done", () -> rollout(id).equals("DONE"));
        int all = fleet.with(filter(id), "ACTIVE");
        check(way + ": in force in " + all + " JVMs after " + (System.nanoTime() - began) / 1_000_000_000 + " s", all == jvms);
        console.send("DELETE", "/api/v1/deployments/" + id, null, null);
        await("it is out of all JVMs", () -> fleet.with(filter(id), "ACTIVE") == 0);
    }

    private String rest(String filter, String strategy, String... more) throws Exception {
        ConsoleProcess.Answer answer = console.send("POST", "/api/v1/deployments", "application/json",
                "{\"filter\":\"" + filter + "\",\"selector\":\"fleet=load\",\"strategy\":" + strategy + String.join("", more) + "}");
        if (answer.status() != 201) {
            throw new IllegalStateException("answered " + answer.status() + ": " + answer.body());
        }
        return answer.member("id");
    }

    private String byPage(String filter) throws Exception {
        String form = "filter=" + filter + "&selector=fleet%3Dload&rollout=own&strategy=" + URLEncoder.encode(STEPS, StandardCharsets.UTF_8);
        String location = ordering.form("/deployments", form).headers().firstValue("Location").orElse("");
        return location.replaceAll(".*/deployments/(\\d+).*", "$1");
    }

    private String byTool(String filter) throws Exception {
        Path token = Files.writeString(directory.resolve("token"), ConsoleProcess.TOKEN);
        Path strategy = Files.writeString(directory.resolve("steps.json"), STEPS);
        String said = DrillFleet.tool(
                "deploy", filter, "--selector", "fleet=load", "--strategy", strategy.toString(), "--console", console.url(), "--token-file",
                token.toString(), "--json");
        Matcher id = Pattern.compile("^\\{\"id\":(\\d+)").matcher(said);
        if (!id.find()) {
            throw new IllegalStateException("the control tool said: " + said);
        }
        return id.group(1);
    }

    // ---- a console that is killed at each step ----------------------------------------------------------------------------------

    /** @param steps the last so many */
    private void kills(int steps) throws Exception {
        store("kills", "quiet");
        for (int at = STEPS_OF_ALL - steps; at < STEPS_OF_ALL; at++) {
            String id = rest("kills", STEPS);
            long began = System.nanoTime();
            if (at > APPROVAL) {
                await("step " + APPROVAL + " waits for approval", () -> step(id, APPROVAL).equals("APPROVAL"));
                approve(id, approving);
            }
            int step = at;
            await("step " + at + " is begun", () -> !step(id, step).equals("PENDING"));
            String seen = step(id, at);
            console.kill();
            console.start();
            if (at <= APPROVAL) {
                await("step " + APPROVAL + " waits for approval", () -> step(id, APPROVAL).equals("APPROVAL"));
                int early = fleet.with("kills", "ACTIVE");
                check("killed in step " + at + ": " + early + " JVMs have it before the approval, a fifth", early == (jvms + 4) / 5);
                approve(id, approving);
            }
            finish("killed in step " + at + ", which was " + seen, id, began);
        }
    }

    // ---- guards -----------------------------------------------------------------------------------------------------------------

    private void guards(List<Case> cases) throws Exception {
        for (Case guard : cases) {
            guard(guard, false, false);
        }
        guard(GUARDS.get(0), true, false);
        if (!cases.isEmpty()) {
            guard(GUARDS.get(0), false, true);
        }
    }

    /**
     * A guard fires once the filter is everywhere.
     *
     * @param replaces whether an older version is in force before, which is to come back
     * @param killed whether the console is killed while it takes the filter back
     */
    private void guard(Case guard, boolean replaces, boolean killed) throws Exception {
        String filter = guard.method() + (replaces ? "-again" : killed ? "-killed" : "");
        String way = guard.guard() + (replaces ? ", with a version before" : killed ? ", console killed while it takes it back" : "");
        store(filter, guard.method());
        Set<String> digests = Set.of();
        if (replaces) {
            String before = rest(filter, "{\"steps\":[{\"percent\":100}]}");
            await("the version before is in force", () -> rollout(before).equals("DONE") && fleet.with(filter, "ACTIVE") == jvms);
            digests = fleet.digests(filter);
            console.send("PUT", "/api/v1/filters/" + filter, "text/plain", text(guard.method(), "second"), "If-Match", "\"1\"");
        }
        String id = rest(filter, "{\"steps\":[{\"jvms\":1},{\"wait\":\"1s\"},{\"percent\":20},{\"percent\":100},{\"wait\":\"1h\"}],\"guards\":["
                + guard.guard() + "]}");
        if (!guard.fault().isEmpty()) {
            await("the filter is everywhere", () -> step(id, 4).equals("WAITING"));
            check(way + ": in force in all before it fires", fleet.with(filter, "ACTIVE") == jvms && rollout(id).equals("RUNNING"));
            Files.createFile(directory.resolve(guard.fault()));
        }
        await("the guard fires", () -> !rollout(id).equals("RUNNING"));
        if (killed) {
            String seen = rollout(id);
            console.kill();
            console.start();
            way += " (" + seen + ")";
        }
        await("it is taken back", () -> rollout(id).equals("ABORTED"));
        String reason = get(id).replaceAll("(?s).*\"reason\"\\s*:\\s*\"([^\"]*)\".*", "$1");
        check(way + ": the reason is told: " + reason, reason.contains(guard.reason()));
        if (!guard.fault().isEmpty()) {
            Files.delete(directory.resolve(guard.fault()));
        }
        int wanted = replaces ? jvms : 0;
        await("what was before is there again", () -> fleet.with(filter, "ACTIVE") == wanted && fleet.with(filter, "EVACUATING") == 0);
        check(way + ": in force in " + wanted + " JVMs after it", fleet.digests(filter).equals(digests));
        if (replaces) {
            ConsoleProcess.Answer open = console.send("GET", "/api/v1/deployments?ended=false&filter=" + filter, null, null);
            console.send("DELETE", "/api/v1/deployments/" + open.member("id"), null, null);
            await("it is out of all JVMs", () -> fleet.with(filter, "ACTIVE") == 0);
        }
    }

    // ---- what is asked again and again --------------------------------------------------------------------------------------------

    private void store(String filter, String method) throws Exception {
        console.send("POST", "/api/v1/filters?name=" + filter, "text/plain", text(method, "first"));
    }

    private static String text(String method, String about) {
        return "about \"" + about + "\"\natomic dev.loom.console.load.Shop#" + method + "\n";
    }

    private String get(String id) throws Exception {
        return console.send("GET", "/api/v1/deployments/" + id, null, null).body();
    }

    private String filter(String id) throws Exception {
        return console.send("GET", "/api/v1/deployments/" + id, null, null).member("filter");
    }

    private String rollout(String id) throws Exception {
        Matcher state = Pattern.compile("\"rollout\"\\s*:\\s*\\{\\s*\"state\"\\s*:\\s*\"(\\w+)\"").matcher(get(id));
        return state.find() ? state.group(1) : "";
    }

    private String step(String id, int number) throws Exception {
        String body = get(id);
        Matcher steps = Pattern.compile("\"text\"\\s*:\\s*\"[^\"]*\",\\s*\"state\"\\s*:\\s*\"(\\w+)\"").matcher(body.substring(Math.max(0, body.indexOf("\"rollout\""))));
        for (int i = 0; steps.find(); i++) {
            if (i == number) {
                return steps.group(1);
            }
        }
        return "";
    }

    private String approve(String id, WebSession session) throws Exception {
        session.form("/deployments/" + id + "/approve", "");
        return step(id, APPROVAL);
    }

    private void check(String what, boolean right) {
        System.out.println((right ? "ok     " : "WRONG  ") + what);
        wrong += right ? 0 : 1;
    }

    /** A condition about a console that may be away for a moment. */
    interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(String what, Condition condition) throws Exception {
        long end = System.nanoTime() + PATIENCE;
        while (!condition.holds()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("three minutes have passed and still not: " + what);
            }
            Thread.sleep(50);
        }
    }

    @Override
    public void close() throws Exception {
        fleet.close();
        console.close();
    }
}
