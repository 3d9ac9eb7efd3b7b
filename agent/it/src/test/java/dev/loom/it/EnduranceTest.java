package dev.loom.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.loom.it.harness.Jdk;
import dev.loom.it.harness.Jvm;
import dev.loom.it.targets.Shapes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The short form of 10,000 cycles, which evaluation/cycles.sh does. */
@DisplayName("Many cycles leave nothing behind")
class EnduranceTest {

    private static final int CYCLES = 30;
    private static final int WARM = 10;

    @Test
    @DisplayName("a leak is told from what the JIT comes to need")
    void leaksAreFound() {
        assertEquals(List.of(), grown(footprints(0, 130, 0)));
        assertEquals(List.of("heap"), grown(footprints(300, 0, 0)));
        assertEquals(List.of("metaspace"), grown(footprints(0, 1_000, 0)));
        assertEquals(List.of("code cache"), grown(footprints(0, 0, 2_000)));
    }

    private static List<String> grown(List<Footprint> footprints) {
        return Endurance.growth(footprints, 100).stream().map(text -> text.substring(0, text.indexOf(" grew"))).toList();
    }

    /** What a JVM would hold in 10,000 cycles if some bytes were lost in each. */
    private static List<Footprint> footprints(long heap, long metaspace, long codeCache) {
        List<Footprint> all = new ArrayList<>();
        for (int cycle = 100; cycle <= 10_000; cycle += 100) {
            long warming = 1_500_000L * (cycle - 100) / cycle;
            all.add(new Footprint(
                    cycle, 5_000_000 + heap * cycle, 15_000_000 + warming + metaspace * cycle, 15_000_000 + 5 * warming + codeCache * cycle,
                    4_000));
        }
        return all;
    }

    static Stream<Jdk> jdks() {
        return Jdk.all().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jdks")
    @DisplayName("heap, metaspace and code cache do not grow with installs and removals under load")
    void nothingGrows(Jdk jdk) {
        List<Footprint> footprints = new ArrayList<>();
        try (Jvm jvm = Jvm.of(jdk, Shapes.class).withAgent().arguments(Endurance.SHAPES).start()) {
            new Endurance(jvm).run(0, CYCLES, 10, footprints::add);
        }
        footprints.forEach(System.out::println);
        assertEquals(List.of(), Endurance.growth(footprints, WARM), footprints::toString);
    }
}
