package dev.loom.races.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.loom.client.FilterState;
import dev.loom.races.RaceCommand;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Filters that are right bypass their races, and those that are too narrow do not, in a JVM that goes on running. The short form of
 * {@code evaluation/races/measure}: only races that fail at a steady rate, whatever else the machine does.
 */
class BypassTest {

    private static final Path AGENT = Path.of("../../agent/dist/target/loom-agent.jar");
    private static final Path LOG = Path.of("target/bypass-test.log");
    /** How long anything may take on a busy machine. */
    private static final int PATIENCE_SECONDS = 90;
    private static final double STEP_SECONDS = 0.2;

    @ParameterizedTest
    @ValueSource(strings = {"caffeine193", "dbcp369", "exec-cancel", "gson764", "guava1881", "hikari1795", "koin-close", "lang481",
        "logback-interrupt", "logback-lost", "logback139", "lucene651", "pool12-evictor", "quartz-twice"})
    void noFailureFromActiveUntilRemoval(String race) throws Exception {
        RaceFilter filter = RaceFilter.of(Path.of("filters", race + ".loom"));
        try (RaceJvm jvm = start(race); Beans beans = Beans.of(jvm.pid())) {
            await(jvm, "failure of " + race, phase -> phase.failures() > 0);

            install(beans, filter, "", FilterState.ACTIVE);
            await(jvm, "operation", phase -> phase.operations() > 0); // what was spoiled before is counted now
            PhaseResult filtered = await(jvm, "fifty operations", phase -> phase.operations() >= 50);
            assertEquals(0, filtered.failures(), race + " failed while its filter was ACTIVE, in so many operations: " + filtered.operations());

            beans.remove(filter.name());
            assertTrue(beans.await(filter.name(), FilterState.REMOVED, PATIENCE_SECONDS) >= 0, "not REMOVED");
            await(jvm, "failure of " + race + " after removal", phase -> phase.failures() > 0);
        }
    }

    /** The look-up alone can overlap, so observing sees something there; a wrong key sees nothing at all. */
    @ParameterizedTest
    @ValueSource(strings = {"quartz-twice.by-this", "lucene651.too-small"})
    void aFilterThatIsTooNarrowChangesNothingAndObservingTells(String wrong) throws Exception {
        String race = wrong.substring(0, wrong.indexOf('.'));
        RaceFilter filter = RaceFilter.of(Path.of("wrong", wrong + ".loom"));
        RaceFilter right = RaceFilter.of(Path.of("filters", race + ".loom"));
        try (RaceJvm jvm = start(race); Beans beans = Beans.of(jvm.pid())) {
            install(beans, filter, "", FilterState.ACTIVE);
            await(jvm, "failure of " + race + " in spite of the wrong filter", phase -> phase.failures() >= 5);
            beans.remove(filter.name());
            assertTrue(beans.await(filter.name(), FilterState.REMOVED, PATIENCE_SECONDS) >= 0, "not REMOVED");

            install(beans, filter, "mode=observe", FilterState.OBSERVING);
            PhaseResult observed = await(jvm, "failures while observing", phase -> phase.failures() >= 10);
            long overlaps = (Long) beans.hooks(filter.name()).get("overlaps");
            assertTrue(overlaps < observed.failures(), observed.failures() + " failures but as many overlaps: " + overlaps);
            beans.remove(filter.name());
            assertTrue(beans.await(filter.name(), FilterState.REMOVED, PATIENCE_SECONDS) >= 0, "not REMOVED");

            install(beans, right, "mode=observe", FilterState.OBSERVING);
            PhaseResult seen = await(jvm, "failures while observing the right filter", phase -> phase.failures() >= 10);
            assertTrue((Long) beans.hooks(right.name()).get("overlaps") >= seen.failures() / 2, "the right filter sees the race as overlaps");
        }
    }

    private static RaceJvm start(String race) throws IOException {
        RaceJvm jvm = RaceJvm.start(RaceCommand.of(race, List.of("-javaagent:" + AGENT)), Map.of(), LOG);
        jvm.counts();
        return jvm;
    }

    private static void install(Beans beans, RaceFilter filter, String options, FilterState state) throws Exception {
        beans.install(filter.name(), filter.text(), options);
        if (beans.await(filter.name(), state, PATIENCE_SECONDS) < 0) {
            throw new AssertionError(filter.name() + " is " + beans.attribute(filter.name(), "State") + ", in the way: "
                    + beans.stragglers(filter.name()));
        }
    }

    private static PhaseResult await(RaceJvm jvm, String what, Predicate<PhaseResult> seen) throws Exception {
        PhaseResult phase = jvm.runUntil(STEP_SECONDS, PATIENCE_SECONDS, seen::test);
        assertTrue(seen.test(phase), "no " + what + " in " + phase);
        return phase;
    }
}
