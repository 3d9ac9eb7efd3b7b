package dev.loom.console.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Filters;
import dev.loom.console.support.Rest;
import dev.loom.console.support.TargetJvm;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class DeploymentStoreTest {

    private static final int ROUNDS = 300;

    private final ConsoleUnderTest console = ConsoleUnderTest.shared();
    private final Rest rest = console.rest();

    @Test
    void whatIsKeptInMemoryIsWhatIsStoredHoweverManyReadWhileItChanges() throws Exception {
        DeploymentStore store = console.bean(DeploymentStore.class);
        DeploymentService deployments = console.bean(DeploymentService.class);
        String filter = Filters.name("kept");
        rest.postText("/filters?name=" + filter, Filters.text("plain")).expect(201);
        try (TargetJvm jvm = TargetJvm.fake("name=kept")) {
            long target = rest.postJson("/targets", Map.of("address", jvm.address())).expect(201).json().path("id").asLong();
            long id = rest.postJson("/deployments?wait=30", Map.of("filter", filter, "targets", List.of(target))).expect(201).json().path("id").asLong();
            AtomicBoolean over = new AtomicBoolean();
            List<Thread> readers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Thread reader = new Thread(() -> {
                    while (!over.get()) {
                        store.openOn(target);
                    }
                });
                reader.start();
                readers.add(reader);
            }
            try {
                for (int i = 0; i < ROUNDS; i++) {
                    boolean pause = i % 2 == 0;
                    if (pause) {
                        deployments.pause(id);
                    } else {
                        deployments.resume(id);
                    }
                    assertThat(store.openOn(target).get(0).deployment().intent())
                            .as("in round %d; what was read before the change must not be kept after it: a JVM would never hear of it", i)
                            .isEqualTo(pause ? Intent.PAUSED : Intent.ENABLED);
                }
            } finally {
                over.set(true);
                for (Thread reader : readers) {
                    reader.join();
                }
            }
            rest.delete("/deployments/" + id + "?wait=30");
            rest.delete("/targets/" + target + "?force=true");
        }
    }
}
