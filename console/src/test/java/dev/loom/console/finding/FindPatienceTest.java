package dev.loom.console.finding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Rest;
import dev.loom.console.support.TargetJvm;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A JVM that does not answer costs the console neither a request thread nor a connection of its database. */
class FindPatienceTest {

    private static final int WAITING = 12;

    @Test
    void aConsoleOfFourThreadsAndOneConnectionServesOthersWhileAFrozenJvmIsAsked() throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(WAITING);
        try (TargetJvm frozen = TargetJvm.fake("name=frozen");
                ConsoleUnderTest console = ConsoleUnderTest.fresh(
                        "--server.tomcat.threads.max=4", "--spring.datasource.hikari.maximum-pool-size=1", "--spring.datasource.hikari.connection-timeout=3000")) {
            Rest rest = console.rest();
            long id = rest.postJson("/targets", Map.of("address", frozen.address(), "name", "frozen")).expect(201).json().path("id").asLong();
            rest.await("/targets/" + id, t -> t.path("state").asString().equals("REACHABLE"));
            frozen.freeze();
            List<CompletableFuture<Rest.Answer>> waiting = new ArrayList<>();
            waiting.add(CompletableFuture.supplyAsync(
                    () -> console.rest().postJson("/targets/" + id + "/find", Map.of("classes", List.of("com.acme.**"))), callers));
            for (int i = 1; i < WAITING; i++) {
                String question = i % 2 == 0 ? "/findings" : "/classes/com.acme.Bank" + i % 4;
                waiting.add(CompletableFuture.supplyAsync(() -> console.rest().get("/targets/" + id + question), callers));
            }
            int served = 0;
            while (waiting.stream().anyMatch(answer -> !answer.isDone())) {
                CompletableFuture.supplyAsync(() -> console.rest().get("/targets?q=frozen").expect(200)).get(4, TimeUnit.SECONDS);
                served++;
                Thread.sleep(20); // a token may ask 200 times a second
            }
            assertThat(served).as("requests that were served while " + WAITING + " waited for the JVM: more than there are threads").isGreaterThan(4);
            for (CompletableFuture<Rest.Answer> answer : waiting) {
                assertThat(answer.get().status()).as(answer.get().text()).isIn(409, 504);
                assertThat(answer.get().code()).isIn("LOOM-813", "LOOM-815");
            }
            frozen.thaw();
        } finally {
            callers.shutdownNow();
        }
    }
}
