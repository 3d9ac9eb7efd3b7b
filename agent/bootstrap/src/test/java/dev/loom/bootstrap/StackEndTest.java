package dev.loom.bootstrap;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StackEndTest {

    @TempDir
    private Path directory;

    @ParameterizedTest(name = "{0}, lock kept busy: {1}")
    @CsvSource({"-XX:+TieredCompilation,true", "-Xint,false", "-XX:TieredStopAtLevel=1,true"})
    void at_every_remaining_stack_depth_a_region_leaves_nothing_behind_and_an_event_is_counted_once(String option, boolean busy) throws Exception {
        ChildJvm.assertClean(directory, List.of(option), StackEnd.class, busy ? "6" : "2", Boolean.toString(busy));
    }
}
