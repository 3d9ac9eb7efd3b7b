package dev.loom.console.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loom.console.support.Await;
import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Rest;
import dev.loom.console.support.TargetJvm;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HistoryTest {

    private final ConsoleUnderTest console = ConsoleUnderTest.shared();
    private final Rest rest = console.rest();

    @Test
    void whatWasStoredIsReadAsMeansAndDeletedWhenItIsOld() {
        try (TargetJvm jvm = TargetJvm.fake("name=history")) {
            long id = rest.postJson("/targets", Map.of("address", jvm.address())).expect(201).json().path("id").asLong();
            SampleRepository samples = console.bean(SampleRepository.class);
            long start = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
            for (int i = 0; i < 6; i++) {
                samples.insert(java.util.List.of(
                        new SampleRepository.Sample(id, "f", new Point(start + i * 10_000, i, Point.NONE, 0, 1, Point.NONE, Point.NONE)),
                        new SampleRepository.Sample(id, "", new Point(start + i * 10_000, Point.NONE, Point.NONE, 0, Point.NONE, 10, i))));
            }
            HistoryService service = console.bean(HistoryService.class);
            History fine = service.history(id, "f", Instant.ofEpochMilli(start), Instant.ofEpochMilli(start + 60_000));
            assertThat(fine.at()).hasSize(6);
            assertThat(fine.hits()).containsExactly(0.0, 1.0, 2.0, 3.0, 4.0, 5.0);
            assertThat(fine.failures()).containsExactly(0.0, 1.0, 2.0, 3.0, 4.0, 5.0);
            assertThat(fine.contended()).containsOnlyNulls();
            History coarse = service.history(id, "f", Instant.ofEpochMilli(start), Instant.ofEpochMilli(start + 86_400_000));
            assertThat(coarse.at()).hasSize(1);
            assertThat(coarse.hits()).containsExactly(2.5);
            assertThat(rest.get("/targets/" + id + "/history?from=yesterday").expect(400).code()).isEqualTo("LOOM-851");
            assertThat(rest.get("/targets/" + id + "/history?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z").expect(400).code())
                    .isEqualTo("LOOM-851");

            Await.until(
                    () -> service.history(id, null, Instant.now().minusSeconds(60), Instant.now()).at().size(), size -> size > 2, "readings");
            service.flush();
            service.prune();
            assertThat(samples.between(id, "f", start, start + 60_000, 10_000)).as("older than the retention").isEmpty();
            assertThat(samples.between(id, "", Instant.now().minusSeconds(60).toEpochMilli(), Instant.now().toEpochMilli(), 10_000)).isNotEmpty();
            rest.delete("/targets/" + id).expect(204);
        }
    }
}
