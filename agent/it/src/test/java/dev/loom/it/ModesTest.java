package dev.loom.it;

import dev.loom.it.harness.Jdk;
import dev.loom.it.harness.Jvm;
import dev.loom.it.targets.Shapes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** All shapes once more, as the interpreter, either compiler and each collector run them. */
@DisplayName("Interpreter, C1, C2, and each collector")
class ModesTest {

    private static final List<String> ALWAYS = List.of("-Xint", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
    private static final List<String> LONG = List.of("-Xcomp", "-XX:-TieredCompilation", "-XX:+UseParallelGC", "-XX:+UseZGC", "-Xverify:all");

    static Stream<Arguments> modes() {
        List<Arguments> all = new ArrayList<>();
        for (Jdk jdk : Jdk.all()) {
            ALWAYS.forEach(mode -> all.add(Arguments.of(jdk, mode)));
            if (Cycles.IS_LONG) {
                LONG.forEach(mode -> all.add(Arguments.of(jdk, mode)));
            }
        }
        return all.stream();
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("modes")
    @DisplayName("No region of any shape overlaps once its filter is ACTIVE")
    void noOverlaps(Jdk jdk, String mode) {
        try (Jvm jvm = Jvm.of(jdk, Shapes.class).withAgent().options(mode).start()) {
            ShapesTest.cycles(jvm, Math.max(3, Cycles.SHORT / 10));
        }
    }
}
