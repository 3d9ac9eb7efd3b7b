package dev.loom.console.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Filters;
import dev.loom.console.support.Rest;
import dev.loom.console.support.WebSession;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AuditTest {

    private final ConsoleUnderTest console = ConsoleUnderTest.shared();
    private final Rest rest = console.rest();

    private String stored(String note) {
        String name = Filters.name("audited");
        rest.postText("/filters?name=" + name + "&note=" + note, Filters.text("x")).expect(201);
        return name;
    }

    private List<JsonNode> found(String query) {
        return rest.get("/audit?size=500&" + query).expect(200).json().path("items").valueStream().toList();
    }

    @Test
    void anActIsFoundByWhatWhoAndWhen() {
        String name = stored("n");
        assertThat(found("q=" + name.toUpperCase())).hasSize(1);
        JsonNode event = found("q=" + name).get(0);
        String actor = event.path("actor").asString("");
        assertThat(found("filter=" + name + "&actor=" + actor)).hasSize(1);
        assertThat(found("filter=" + name + "&actor=somebody")).isEmpty();
        String day = event.path("at").asString("").substring(0, 10);
        assertThat(found("filter=" + name + "&from=" + day + "&to=" + day)).hasSize(1);
        assertThat(found("filter=" + name + "&to=2020-01-01")).isEmpty();
        assertThat(found("filter=" + name + "&from=2999-01-01T00:00:00Z")).isEmpty();
        assertThat(found("q=%25" + name)).as("a % is a % and not any text").isEmpty();
    }

    @Test
    void anActHasTheAddressThatItCameFrom() {
        assertThat(found("q=" + stored("n")).get(0).path("origin").asString("")).isEqualTo("127.0.0.1");
    }

    @Test
    void aSearchThatMakesNoSenseIsSaidSo() {
        assertThat(rest.get("/audit?from=yesterday").expect(400).text()).contains("from is no time").contains("2026-11-29");
        assertThat(rest.get("/audit?to=%2B999999999-12-31T23:59:59Z").expect(400).code()).isEqualTo("LOOM-851");
        assertThat(rest.get("/audit?q=" + "x".repeat(201)).expect(400).text()).contains("at most 200");
        assertThat(rest.get("/audit/export?format=xls").expect(400).text()).contains("csv or json");
    }

    @Test
    void allOfItGoesIntoAFileAndCellsAreNoFormulas() {
        String name = stored("%3DHYPERLINK(1)%20%22quoted%22,%20and%20more");
        String csv = rest.get("/audit/export?filter=" + name).expect(200).text();
        assertThat(csv.lines().toList()).hasSize(2).first().isEqualTo("id,at,type,actor,origin,target,filter,deployment,message,data");
        assertThat(csv).contains("," + name + ",");
        String lines = rest.get("/audit/export?format=json&filter=" + name).expect(200).text();
        assertThat(lines.lines().toList()).hasSize(1);
        assertThat(new JsonMapper().readTree(lines).path("filter").asString("")).isEqualTo(name);
        assertThat(Stream.of("=1+1", "+1", "-1", "@x").map(AuditExport::cell)).containsExactly("'=1+1", "'+1", "'-1", "'@x");
        assertThat(AuditExport.cell("a \"b\", c")).isEqualTo("\"a \"\"b\"\", c\"");
        assertThat(AuditExport.cell(-5L)).as("a number is no formula").isEqualTo("-5");
    }

    @Test
    void moreEventsThanOnePieceAreAllThere() {
        EventLog log = console.bean(EventLog.class);
        String filter = Filters.name("many");
        for (int i = 0; i < 2_500; i++) {
            log.auditAs("somebody", "test.many", Subject.ofFilter(filter), "number " + i, Map.of());
        }
        List<String> lines = rest.get("/audit/export?filter=" + filter).expect(200).text().lines().toList();
        assertThat(lines).hasSize(2_501).doesNotHaveDuplicates();
    }

    @Test
    void whatIsForAdministratorsIsInNobodyElsesFile() throws Exception {
        new WebSession(console.url()).login("admin", ConsoleUnderTest.ADMIN_PASSWORD);
        assertThat(rest.get("/audit/export?type=access.").expect(200).text()).contains("access.login-succeeded");
        String viewer = rest.postJson("/tokens", Map.of("name", Filters.name("v"), "role", "viewer")).expect(201).json().path("secret").asString("");
        assertThat(new Rest(console.url(), viewer).get("/audit/export").expect(200).text()).contains("filter.").doesNotContain("access.");
    }
}
