package dev.loom.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.loom.it.harness.Jdk;
import dev.loom.it.harness.Jvm;
import dev.loom.it.targets.Shapes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The short form of 10,000 cycles, which evaluation/cycles.sh does. */
@DisplayName("Issue 3, must-show 1: many cycles leave nothing behind")
class EnduranceTest {

    private static final int CYCLES = 30;
    private static final int WARM = 10;

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
