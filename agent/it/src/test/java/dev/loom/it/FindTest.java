package dev.loom.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.it.harness.AgentClient;
import dev.loom.it.harness.Await;
import dev.loom.it.harness.BenchClient;
import dev.loom.it.harness.HeapDump;
import dev.loom.it.harness.Jdk;
import dev.loom.it.harness.Jvm;
import dev.loom.it.harness.OtherAgentJar;
import dev.loom.it.targets.OtherAgentMXBean;
import dev.loom.it.targets.Races;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.management.openmbean.CompositeData;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Races that are seen in a running program. */
@DisplayName("Find")
class FindTest {

    private static final String CLASSES = Races.class.getName();
    private static final String ACCOUNT = CLASSES + "$Account";
    private static final String BALANCE = "DATA_RACE " + ACCOUNT + ".balance";
    private static final String LATE = "DATA_RACE " + CLASSES + "$Late.sum";
    private static final String MAP = "UNSAFE_CALLS java.util.Map.put";
    private static final String SUM = "TORN " + CLASSES + "$Torn.sum";
    private static final String REGISTERED = "TORN java.util.Map.containsKey";
    private static final String OWN = "UNSAFE_CALLS " + CLASSES + "$Recent.put";
    private static final Set<String> RACES = new TreeSet<>(Set.of(
            BALANCE, LATE, MAP, OWN, "VOLATILE " + ACCOUNT + ".version", "TORN " + ACCOUNT + ".version", SUM, REGISTERED));

    /** What may be told first, until the race itself is seen. */
    private static final Set<String> ALLOWED = new TreeSet<>(RACES);

    static {
        ALLOWED.addAll(Set.of(BALANCE.replace("DATA_RACE", "TORN"), LATE.replace("DATA_RACE", "TORN")));
    }

    private static final long SEARCH_MILLIS = 15_000;

    static Stream<Jdk> jdks() {
        return Jdk.all().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("sees what races and nothing else, also in a class that loads later; then the bytes are as before and nothing is left")
    void theRacesAndNothingElse(Jdk jdk) {
        String[] virtual = jdk.hasVirtualThreads() ? new String[] {"virtual"} : new String[0];
        try (Jvm jvm = Jvm.of(jdk, Races.class).withAgent().arguments(virtual).start()) {
            jvm.awaitOutput("ready");
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            OtherAgentMXBean other = OtherAgentJar.attach(jvm);
            String before = other.digest(ACCOUNT);
            agent.find(CLASSES, "for=10m,budget=30%");
            assertNotEquals(before, other.digest(ACCOUNT));
            assertThrows(IllegalStateException.class, () -> agent.find(CLASSES, ""), "one search at a time");
            bench.bean().command("late");
            awaitRaces(agent, RACES);
            bench.awaitTurns(20);
            CompositeData status = agent.stopFinding();
            assertTrue(ALLOWED.containsAll(kinds(status)), () -> kinds(status) + jvm.output());
            assertTrue(Arrays.stream(findings(status)).noneMatch(f -> f.get("type").equals(CLASSES + "$Locked")), "that one locks");
            assertEquals("ENDED", status.get("state"));
            double paused = (Double) status.get("pausePercent");
            assertTrue(paused > 0 && paused < 45, "pauses took " + paused + " %");
            assertEquals(before, other.digest(ACCOUNT));
            bench.awaitTurns(20);
            assertNothingLeft(jvm);
            bench.assertUnharmed();
            assertEquals(0, agent.faults());
        }
    }

    private static void assertNothingLeft(Jvm jvm) {
        HeapDump heap = HeapDump.of(jvm);
        for (String gone : List.of("RaceSearch", "Trap", "WatchedPlace", "Traps", "Follow", "Follows", "Steps", "TornStep", "ObjectTypes")) {
            assertEquals(0, heap.instances("dev.loom.bootstrap.watch." + gone).size(), gone);
        }
        assertFalse(jvm.jcmd("Thread.print").contains("loom-find"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("does not see a race any more that the filter it proposed for it excludes")
    void theProposedFilterEndsTheRace(Jdk jdk) {
        try (Jvm jvm = Jvm.of(jdk, Races.class).withAgent().start()) {
            jvm.awaitOutput("ready");
            AgentClient agent = new AgentClient(jvm);
            agent.find(CLASSES, "for=10m,budget=30%");
            awaitRaces(agent, Set.of(BALANCE));
            CompositeData found = Arrays.stream(findings(agent.stopFinding())).filter(f -> kind(f).equals(BALANCE)).findFirst().orElseThrow();
            String filter = (String) found.get("filter");
            assertTrue(filter.contains("Account#unlocked by this"), filter);
            agent.installed("found", filter);
            agent.find(CLASSES, "for=10m,budget=30%");
            awaitRaces(agent, Set.of(MAP, "VOLATILE " + ACCOUNT + ".version"));
            assertFalse(kinds(agent.stopFinding()).contains(BALANCE));
            assertTrue((Long) agent.hooks("found").get(0).get("hits") > 0);
            agent.removed("found");
            new BenchClient(jvm).assertUnharmed();
            assertEquals(0, agent.faults());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("does not see a step torn any more once the filter that it proposed keeps it whole")
    void theProposedFilterMendsTheStep(Jdk jdk) {
        try (Jvm jvm = Jvm.of(jdk, Races.class).withAgent().start()) {
            jvm.awaitOutput("ready");
            AgentClient agent = new AgentClient(jvm);
            agent.find(CLASSES, "for=10m,budget=30%");
            awaitRaces(agent, Set.of(SUM));
            CompositeData found = Arrays.stream(findings(agent.stopFinding())).filter(f -> kind(f).equals(SUM)).findFirst().orElseThrow();
            assertEquals(3, ((CompositeData[]) found.get("sides")).length, "the first step, the other thread, the second step");
            String filter = (String) found.get("filter");
            assertTrue(filter.contains("$Torn#add") && filter.contains(" by this"), filter);
            agent.installed("torn", filter);
            agent.find(CLASSES, "for=10m,budget=30%");
            awaitRaces(agent, Set.of(MAP, REGISTERED));
            assertFalse(kinds(agent.stopFinding()).contains(SUM));
            assertTrue((Long) agent.hooks("torn").get(0).get("hits") > 0);
            agent.removed("torn");
            new BenchClient(jvm).assertUnharmed();
            assertEquals(0, agent.faults());
        }
    }

    @Test
    @DisplayName("ends by itself, refuses what it does not understand, and goes with the agent")
    void itEndsWithItsTimeAndWithTheAgent() {
        try (Jvm jvm = Jvm.of(Jdk.newest(), Races.class).withAgent().start()) {
            jvm.awaitOutput("ready");
            AgentClient agent = new AgentClient(jvm);
            BenchClient bench = new BenchClient(jvm);
            OtherAgentMXBean other = OtherAgentJar.attach(jvm);
            String before = other.digest(ACCOUNT);
            Map<String, String> mistakes = Map.of(
                    "for=0s", "bad time '0s'", "budget=90%", "bad budget '90%'", "speed=1", "unknown option 'speed=1'");
            mistakes.forEach((options, said) -> {
                String message = assertThrows(IllegalArgumentException.class, () -> agent.find(CLASSES, options)).getMessage();
                assertTrue(message.startsWith(said), message);
            });
            for (String pattern : List.of("", "com..acme", "a b")) {
                assertThrows(IllegalArgumentException.class, () -> agent.find(pattern, ""), pattern);
            }
            agent.find("no.such.**", "for=1s");
            Await.until("end of the search", () -> agent.findStatus().get("state").equals("ENDED"));
            assertTrue(((String[]) agent.findStatus().get("uncovered"))[0].startsWith("no class of the application"));
            agent.find(CLASSES, "for=10m");
            agent.detach();
            Await.until("end of the agent", () -> !agent.isThere());
            assertEquals(before, other.digest(ACCOUNT));
            bench.awaitTurns(5);
            bench.assertUnharmed();
        }
    }

    /** A search may give up a place that is passed all the time before anybody collides there: then the next one begins anew. */
    private static void awaitRaces(AgentClient agent, Set<String> wanted) {
        Set<String> seen = new TreeSet<>();
        Await.until("races " + wanted, Await.LONG.multipliedBy(2), () -> {
            CompositeData now = agent.findStatus();
            seen.addAll(kinds(now));
            boolean all = seen.containsAll(wanted);
            if (!all && (Long) now.get("elapsedMillis") > SEARCH_MILLIS) {
                agent.stopFinding();
                agent.find(CLASSES, "for=10m,budget=30%");
            }
            return all;
        }, () -> "seen " + seen + " " + agent.findStatus());
        assertTrue(ALLOWED.containsAll(seen), () -> "no race: " + seen);
    }

    private static CompositeData[] findings(CompositeData status) {
        return (CompositeData[]) status.get("findings");
    }

    private static Set<String> kinds(CompositeData status) {
        return Arrays.stream(findings(status)).map((Function<CompositeData, String>) FindTest::kind).collect(Collectors.toCollection(TreeSet::new));
    }

    private static String kind(CompositeData finding) {
        return finding.get("kind") + " " + ((CompositeData[]) finding.get("sides"))[0].get("target");
    }
}
