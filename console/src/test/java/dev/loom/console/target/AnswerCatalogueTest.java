package dev.loom.console.target;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loom.console.support.Await;
import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Filters;
import dev.loom.console.support.ReplacedAnswers;
import dev.loom.console.support.Rest;
import dev.loom.console.support.TargetJvm;
import dev.loom.console.support.WebSession;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Each answer of an agent, replaced by each value of a catalogue: the console goes on answering, other JVMs are unharmed, and the JVM
 * itself is back once its agent makes sense again. The build tries some of them, chosen by chance; {@code -Dloom.catalogue=all} tries all.
 */
class AnswerCatalogueTest {

    private static final List<String> WHERE = List.of(
            "Version", "Mode", "Name", "Labels", "Uptime", "InstrumentedClasses", "TransformTimeMillis", "OverheadPercent", "AgentFaults", "Filters",
            "Filters.filter", "Filters.state", "Filters.progress", "Filters.mode", "Filters.enabledSince", "Filters.digest", "Filters.harmful",
            "Filters.cause", "Filters.accepted", "Filters.diagnostics", "Filters.stragglers", "Filters.hooks",
            "install", "install.filter", "install.state", "install.digest", "install.diagnostics", "remove", "remove.state", "check",
            "check.diagnostics", "complete", "cancel", "acceptStragglers", "FindStatus", "FindStatus.state", "FindStatus.findings", "FindStatus.uncovered", "suggest");
    private static final List<String> HOW = List.of(
            "null", "empty", "long", "control", "number", "nan", "endless", "yes", "bytes", "nulls", "texts", "nested", "composite", "table",
            "class", "throws", "error", "flapping", "late");
    private static final int SOME = 12;
    private static final int EVERY = 6;

    private final ConsoleUnderTest console = ConsoleUnderTest.shared();
    private final Rest rest = console.rest();
    private final List<Long> health = new ArrayList<>();

    private record Case(String where, String how) {}

    private static List<Case> cases(Random random) {
        List<Case> all = new ArrayList<>();
        WHERE.forEach(where -> HOW.forEach(how -> all.add(new Case(where, how))));
        Collections.shuffle(all, random);
        return System.getProperty("loom.catalogue", "").equals("all") ? all : all.subList(0, SOME);
    }

    @Test
    @Timeout(3_600)
    void whateverOneJvmAnswersTheConsoleAndTheOtherJvmsGoOn() throws Exception {
        long seed = Long.getLong("loom.catalogue.seed", System.nanoTime());
        try (TargetJvm odd = TargetJvm.fake("name=odd-" + seed, "replaced");
                TargetJvm good = TargetJvm.fake("name=sane-" + seed);
                JMXConnector steering = JMXConnectorFactory.connect(
                        new JMXServiceURL("service:jmx:rmi:///jndi/rmi://" + odd.address() + "/jmxrmi"))) {
            MBeanServerConnection jvm = steering.getMBeanServerConnection();
            long hostile = add(odd);
            long healthy = add(good);
            WebSession session = new WebSession(console.url());
            session.login("admin", ConsoleUnderTest.ADMIN_PASSWORD);
            rest.await("/targets/" + hostile, t -> t.path("state").asString().equals("REACHABLE"));
            String filter = Filters.name("catalogue");
            rest.postText("/filters?name=" + filter, Filters.text("plain")).expect(201);
            int done = 0;
            for (Case c : cases(new Random(seed))) {
                String what = "with " + c.where() + " answered as '" + c.how() + "' (-Dloom.catalogue.seed=" + seed + ")";
                ReplacedAnswers.replace(jvm, c.where(), c.how());
                commands(hostile, filter, what);
                asked(jvm, hostile);
                pages(session, hostile, what);
                if (done++ % EVERY == 0) {
                    deployed(healthy, filter, what);
                }
            }
            ReplacedAnswers.replace(jvm, "", "");
            rest.await("/targets/" + hostile, t -> t.path("state").asString().equals("REACHABLE"));
            Collections.sort(health);
            assertThat(health.get((int) (health.size() * 0.99))).as("p99 of health, ms, of " + health.size()).isLessThan(1_000);
            rest.delete("/targets/" + hostile + "?force=true");
            rest.delete("/targets/" + healthy + "?force=true");
        }
    }

    private long add(TargetJvm jvm) {
        return rest.postJson("/targets", Map.of("address", jvm.address())).expect(201).json().path("id").asLong();
    }

    /** Waits until the console has read the agent anew; where the last answer made it give up for a while, it is sent there. */
    private void asked(MBeanServerConnection jvm, long target) {
        long before = ReplacedAnswers.asked(jvm);
        rest.post("/targets/" + target + "/retry");
        Await.until(
                () -> ReplacedAnswers.asked(jvm),
                // an agent that fails at the first question is asked no more of them for a while
                now -> now > before + 10 || now > before && rest.get("/targets/" + target).json().path("state").asString().equals("UNREACHABLE"),
                "How often the console asked the agent");
    }

    /** Whatever the agent says to them, an answer comes that is no fault of the console's. */
    private void commands(long target, String filter, String what) {
        List<Rest.Answer> answers = new ArrayList<>();
        answers.add(rest.get("/targets/" + target + "/names?q=com"));
        answers.add(rest.postText("/filters/check?target=" + target, Filters.text("plain")));
        answers.add(rest.get("/targets/" + target + "/findings"));
        answers.add(rest.postText("/targets/" + target + "/suggest", "at com.acme.Bank.transfer(Bank.java:42)"));
        answers.add(rest.postJson("/deployments?wait=1", Map.of("filter", filter, "targets", List.of(target), "replace", true)));
        answers.add(rest.delete("/targets/" + target + "/filters/" + filter));
        Rest.Answer deployed = answers.get(4);
        if (deployed.status() == 201) {
            answers.add(rest.delete("/deployments/" + deployed.json().path("id").asLong() + "?wait=1"));
        }
        for (Rest.Answer answer : answers) {
            assertThat(answer.status()).as(what + ": " + answer.text()).isNotEqualTo(500);
        }
    }

    private void pages(WebSession session, long target, String what) throws Exception {
        for (String path : List.of("/", "/targets", "/targets/" + target, "/targets/" + target + "/find", "/deployments", "/events")) {
            assertThat(session.send("GET", path, null).statusCode()).as(path + " " + what).isEqualTo(200);
        }
        for (String path : List.of("/targets", "/targets/" + target, "/targets/" + target + "/filters", "/targets/" + target + "/history", "/actuator/prometheus")) {
            assertThat(rest.get(path).status()).as(path + " " + what).isEqualTo(200);
        }
        long began = System.nanoTime();
        assertThat(rest.get("/actuator/health").status()).as("health " + what).isEqualTo(200);
        health.add((System.nanoTime() - began) / 1_000_000);
    }

    private void deployed(long healthy, String filter, String what) {
        long began = System.nanoTime();
        var deployed = rest.postJson("/deployments?wait=20", Map.of("filter", filter, "targets", List.of(healthy))).expect(201).json();
        assertThat(deployed.path("state").asString()).as("a deployment to the healthy JVM " + what).isEqualTo("ENABLED");
        assertThat((System.nanoTime() - began) / 1_000_000).as("ms for a deployment to the healthy JVM " + what).isLessThan(5_000);
        rest.delete("/deployments/" + deployed.path("id").asLong() + "?wait=20").expect(200);
    }
}
