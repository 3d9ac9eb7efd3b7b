package dev.loom.console.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loom.console.support.Await;
import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Filters;
import dev.loom.console.support.Rest;
import dev.loom.console.support.TargetJvm;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The Grafana dashboard and the page on monitoring ask for metrics, labels and states that the console really exports. */
class DashboardTest {

    private static final Pattern METRIC = Pattern.compile("(loom_[a-z_]+)(?:\\{([^}]*)})?");
    private static final Pattern LABEL = Pattern.compile("([a-z]+)\\s*(?:=~|!=|!~|=)\\s*\"([^\"]*)\"");

    private final ConsoleUnderTest console = ConsoleUnderTest.shared();

    /** Each exported metric with the labels that it has. */
    private Map<String, Set<String>> exported() {
        Map<String, Set<String>> exported = new HashMap<>();
        HttpRequest request = HttpRequest.newBuilder(URI.create(console.url() + "/actuator/prometheus"))
                .header("Authorization", "Bearer " + ConsoleUnderTest.TOKEN)
                .build();
        String text = HttpClient.newHttpClient().sendAsync(request, HttpResponse.BodyHandlers.ofString()).join().body();
        for (String line : text.split("\n")) {
            Matcher sample = METRIC.matcher(line);
            if (sample.lookingAt()) {
                Set<String> labels = exported.computeIfAbsent(sample.group(1), m -> new TreeSet<>());
                Matcher label = LABEL.matcher(String.valueOf(sample.group(2)));
                while (label.find()) {
                    labels.add(label.group(1));
                }
            }
        }
        return exported;
    }

    @Test
    void everyQueryAsksForWhatIsExported() throws Exception {
        JsonNode dashboard = new JsonMapper().readTree(Files.readString(Path.of("..", "docs", "grafana", "loom.json")));
        List<String> queries = new ArrayList<>();
        dashboard.path("panels").forEach(panel -> panel.path("targets").forEach(target -> queries.add(target.path("expr").asString(""))));
        assertThat(queries).hasSizeGreaterThan(10);
        String page = Files.readString(Path.of("..", "docs", "monitoring.md"));
        Matcher alert = Pattern.compile("expr: (.+)").matcher(page);
        while (alert.find()) {
            queries.add(alert.group(1));
        }
        Rest rest = console.rest();
        String filter = Filters.name("charted");
        rest.postText("/filters?name=" + filter, Filters.text("plain")).expect(201);
        // nobody makes such an event here, so it is told nothing
        String notifier = "/notifiers/" + rest.postJson(
                "/notifiers", Map.of("name", filter, "kind", "WEBHOOK", "destination", "https://192.0.2.1/loom", "types", List.of("rollout.never")))
                .expect(201).json().path("notifier").path("id").asLong();
        try (TargetJvm jvm = TargetJvm.fake("name=charted")) {
            long target = rest.postJson("/targets", Map.of("address", jvm.address())).expect(201).json().path("id").asLong();
            rest.postJson("/deployments?wait=30", Map.of("filter", filter, "targets", List.of(target))).expect(201);
            Map<String, Set<String>> exported = Await.until(this::exported, all -> all.containsKey("loom_notifier_told_total"), "the metrics of a new notifier");
            List<String> wrong = new ArrayList<>();
            for (String query : queries) {
                check(query, exported, wrong);
            }
            Matcher named = METRIC.matcher(page);
            while (named.find()) {
                if (!exported.containsKey(named.group(1)) && !named.group(1).startsWith("loom_application_")) {
                    wrong.add("docs/monitoring.md names " + named.group(1));
                }
            }
            assertThat(wrong).as("queries and names that the console does not export; it has " + exported.keySet()).isEmpty();
            rest.delete("/targets/" + target + "?force=true");
        } finally {
            rest.delete(notifier);
        }
    }

    private static void check(String query, Map<String, Set<String>> exported, List<String> wrong) {
        Matcher metric = METRIC.matcher(query);
        while (metric.find()) {
            String name = metric.group(1);
            if (name.startsWith("loom_application_")) {
                continue; // only of a JVM with a counter of its own, which this one has not
            }
            if (!exported.containsKey(name)) {
                wrong.add(query + ": no metric " + name);
                continue;
            }
            Matcher label = LABEL.matcher(String.valueOf(metric.group(2)));
            while (label.find()) {
                if (!exported.get(name).contains(label.group(1))) {
                    wrong.add(query + ": " + name + " has no label " + label.group(1));
                }
            }
        }
    }
}
