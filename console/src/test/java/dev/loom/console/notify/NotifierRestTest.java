package dev.loom.console.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Rest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Notifiers over REST, on either database; nothing is sent anywhere. */
class NotifierRestTest {

    private final Rest rest = ConsoleUnderTest.shared().rest();

    @Test
    void oneIsMadeChangedAndDeletedAndTheLogSaysSo() {
        JsonNode created = rest.postJson(
                "/notifiers", Map.of("name", "paused", "kind", "WEBHOOK", "destination", "https://192.0.2.1/loom", "enabled", false), "Idempotency-Key", "notifier-1")
                .expect(201).json();
        String path = "/notifiers/" + created.path("notifier").path("id").asLong();
        assertThat(created.path("notifier").path("types")).hasSize(3);
        JsonNode again = rest.postJson(
                "/notifiers", Map.of("name", "paused", "kind", "WEBHOOK", "destination", "https://192.0.2.1/loom", "enabled", false), "Idempotency-Key", "notifier-1")
                .expect(201).json();
        assertThat(again.path("secret").asString()).as("a secret is kept for no repetition").isNotEqualTo(created.path("secret").asString());
        JsonNode changed = rest.send("PUT", path, "application/json", "{\"name\":\"renamed\",\"types\":[\"target.unreachable\"]}".getBytes()).expect(200).json();
        assertThat(changed.path("name").asString()).isEqualTo("renamed");
        assertThat(changed.path("destination").asString()).isEqualTo("https://192.0.2.1/loom");
        assertThat(changed.path("enabled").asBoolean()).isFalse();
        rest.post(path + "/secret").expect(200);
        assertThat(rest.get("/notifiers").json().path("items").toString()).contains("renamed").doesNotContain("whsec_");
        assertThat(rest.get("/audit/export?type=notifier.&format=json").text()).contains("notifier.created", "notifier.changed", "notifier.secret-renewed")
                .doesNotContain("whsec_");
        rest.delete(path).expect(204);
        rest.delete("/notifiers/" + again.path("notifier").path("id").asLong()).expect(204);
        assertThat(rest.get(path).expect(404).code()).isEqualTo("LOOM-836");
    }

    @Test
    void whereNothingMayGoIsRefused() {
        assertThat(rest.postJson("/notifiers", Map.of("name", "x", "kind", "WEBHOOK", "destination", "https://169.254.169.254/")).expect(422).code())
                .isEqualTo("LOOM-837");
        assertThat(rest.postJson("/notifiers", Map.of("name", "x", "kind", "MAIL", "destination", "ops@example.org")).expect(422).json().path("detail").asString())
                .contains("no server is configured");
        assertThat(rest.postJson("/notifiers", Map.of("name", "x", "kind", "PIGEON", "destination", "y")).expect(400).code()).isEqualTo("LOOM-851");
        assertThat(rest.postJson("/notifiers", Map.of("name", "x", "kind", "WEBHOOK", "destination", "https://192.0.2.1/", "types", List.of("*")))
                .expect(400).code()).isEqualTo("LOOM-851");
        assertThat(rest.get("/notifiers/999").expect(404).code()).isEqualTo("LOOM-836");
    }
}
