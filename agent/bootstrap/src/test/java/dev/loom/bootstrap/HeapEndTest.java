package dev.loom.bootstrap;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeapEndTest {

    @TempDir
    private Path directory;

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"-XX:+UseSerialGC", "-XX:+UseG1GC"})
    void a_frame_that_moves_inside_without_the_lock_when_no_memory_is_left_goes_on_and_stays_known_until_it_leaves(String collector)
            throws Exception {
        ChildJvm.assertClean(directory, List.of("-Xmx16m", collector), HeapEnd.class);
    }
}
