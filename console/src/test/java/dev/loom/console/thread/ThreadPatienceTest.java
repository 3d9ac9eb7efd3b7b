package dev.loom.console.thread;

import static org.assertj.core.api.Assertions.assertThat;

import com.acme.office.Office;
import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Rest;
import dev.loom.console.support.TargetJvm;
import dev.loom.console.support.WebSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A JVM that is frozen while it is asked for its threads harms nobody but who looks at it. */
class ThreadPatienceTest {

    private static final int WAITING = 12;

    @Test
    void aConsoleOfFourThreadsAndOneConnectionServesOthersWhileAFrozenJvmIsAskedForItsThreads() throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(WAITING);
        try (TargetJvm frozen = TargetJvm.start(List.of(), Office.class, "workers=5");
                TargetJvm healthy = TargetJvm.start(List.of(), Office.class, "workers=5");
                ConsoleUnderTest console = ConsoleUnderTest.fresh(
                        "--server.tomcat.threads.max=4", "--spring.datasource.hikari.maximum-pool-size=1", "--spring.datasource.hikari.connection-timeout=3000")) {
            long stuck = listed(console, frozen, "frozen");
            long well = listed(console, healthy, "healthy");
            frozen.freeze();
            List<CompletableFuture<Rest.Answer>> waiting = new ArrayList<>();
            for (int i = 0; i < WAITING; i++) {
                String[] accept = i % 2 == 0 ? new String[0] : new String[] {"Accept", "text/plain"};
                waiting.add(CompletableFuture.supplyAsync(() -> console.rest().get("/targets/" + stuck + "/threads", accept), callers));
            }
            int served = 0;
            while (waiting.stream().anyMatch(answer -> !answer.isDone())) {
                CompletableFuture.supplyAsync(() -> console.rest().get("/targets/" + well + "/threads").expect(200)).get(4, TimeUnit.SECONDS);
                served++;
                Thread.sleep(20);
            }
            assertThat(served).as("dumps of the other JVM while " + WAITING + " waited for the frozen one").isGreaterThan(4);
            for (CompletableFuture<Rest.Answer> answer : waiting) {
                assertThat(answer.get().status()).as(answer.get().text()).isIn(409, 504);
                assertThat(answer.get().code()).isIn("LOOM-813", "LOOM-815");
            }
            WebSession admin = new WebSession(console.url());
            admin.login("admin", ConsoleUnderTest.ADMIN_PASSWORD);
            assertThat(admin.send("GET", "/targets/" + stuck + "/threads", null).body()).contains("data-test=\"threads-away\"").doesNotContain("data-test=\"threads\"");
            frozen.thaw();
            console.rest().await("/targets/" + stuck + "/threads", dump -> dump.path("threads").size() > 5);
        } finally {
            callers.shutdownNow();
        }
    }

    private static long listed(ConsoleUnderTest console, TargetJvm jvm, String name) {
        long id = console.rest().postJson("/targets", Map.of("address", jvm.address(), "name", name)).expect(201).json().path("id").asLong();
        console.rest().await("/targets/" + id, t -> t.path("state").asString().equals("REACHABLE"));
        return id;
    }
}
