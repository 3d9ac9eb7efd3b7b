package dev.loom.console.filter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Filters;
import dev.loom.console.support.Rest;
import dev.loom.console.support.TargetJvm;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class FilterRestTest {

    private final Rest rest = ConsoleUnderTest.shared().rest();

    @Test
    void aFilterIsStoredFromPlainTextUnderTheNameOfTheQuery() {
        String name = Filters.name("plain");
        Rest.Answer created = rest.postText("/filters?name=" + name, Filters.text("for a test")).expect(201);
        assertThat(created.header("Location")).isEqualTo("/api/v1/filters/" + name);
        assertThat(created.header("ETag")).isEqualTo("\"1\"");
        assertThat(created.json().path("about").asString()).isEqualTo("for a test");
        assertThat(created.json().path("digest").asString()).startsWith("sha256:");
        assertThat(rest.get("/filters/" + name).json().path("text").asString()).isEqualTo(Filters.text("for a test"));
        assertThat(rest.get("/filters/" + name, "Accept", "text/plain").text()).isEqualTo(Filters.text("for a test"));
    }

    @Test
    void aFilterInJsonMayNameItself() {
        String name = Filters.name("json");
        String text = "filter \"" + name + "\" {\n" + Filters.text("names itself") + "}";
        assertThat(rest.postJson("/filters", Map.of("text", text)).expect(201).json().path("name").asString()).isEqualTo(name);
    }

    @Test
    void pinsAreWrittenByTheJvmThatIsAsked() {
        try (TargetJvm jvm = TargetJvm.fake("name=pins")) {
            long target = rest.postJson("/targets", Map.of("address", jvm.address())).expect(201).json().path("id").asLong();
            rest.await("/targets/" + target, t -> t.path("state").asString().equals("REACHABLE"));
            assertThat(rest.postText("/filters/pin?target=" + target, Filters.text("plain")).expect(200).text()).contains("\npin com.acme.Bank#transfer() sha256:");
            Rest.Answer refused = rest.postText("/filters/pin?target=" + target, Filters.text("reject"), "Accept", "text/plain, application/problem+json");
            assertThat(refused.text()).contains("there is nothing to pin: line 1");
            rest.delete("/targets/" + target + "?force=true");
        }
        assertThat(rest.postText("/filters/pin?target=999999", Filters.text("plain")).expect(404).code()).isEqualTo("LOOM-811");
    }

    @Test
    void aTextWithoutAnyNameIsRefusedWithAHint() {
        Rest.Answer answer = rest.postText("/filters", Filters.text("nameless")).expect(422);
        assertThat(answer.code()).isEqualTo("LOOM-005");
        assertThat(answer.json().path("hint").asString()).contains("name");
    }

    @Test
    void theNamesInAJarAreReadAndTheJarIsNotKept() throws Exception {
        byte[] jar = Filters.jar(FilterRestTest.class);
        JsonNode names = rest.send("POST", "/filters/names", "application/java-archive", jar).expect(200).json();
        assertThat(names.path("complete").asBoolean()).isTrue();
        assertThat(names.path("classes").path(FilterRestTest.class.getName()).valueStream().map(JsonNode::asString))
                .contains("aBadNameIsRefused", "<init>");
        try (Stream<Path> left = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            assertThat(left.map(p -> p.getFileName().toString()).filter(n -> n.startsWith("loom-names"))).isEmpty();
        }
        assertThat(rest.send("POST", "/filters/names", "application/java-archive", new byte[] {1, 2, 3}).expect(400).code())
                .isEqualTo("LOOM-851");
    }

    @Test
    void aTextIsGivenBackInTheUsualLayout() {
        assertThat(rest.postText("/filters/format", "region  a=com.acme.Bank#x\natomic   a").expect(200).text())
                .isEqualTo("region a = com.acme.Bank#x\natomic a\n");
        assertThat(rest.postText("/filters/format", "region a=", "Accept", "text/plain, application/problem+json").expect(422).code())
                .isEqualTo("LOOM-805");
    }

    @Test
    void aBadNameIsRefused() {
        assertThat(rest.postText("/filters?name=a%2Fb", Filters.text("")).expect(422).code()).isEqualTo("LOOM-005");
        assertThat(rest.postText("/filters?name=" + "x".repeat(101), Filters.text("")).expect(422).code()).isEqualTo("LOOM-005");
    }

    @Test
    void aFilterWithSeveralErrorsGetsAllOfThemEachAtItsLineAndIsNotStored() {
        String name = Filters.name("wrong");
        String text = "region a = com.acme.Bank#x\nregion a = com.acme.Bank#y\natomic nosuch\nfoo bar\n";
        Rest.Answer answer = rest.postText("/filters?name=" + name, text).expect(422);
        assertThat(answer.code()).isEqualTo("LOOM-805");
        JsonNode diagnostics = answer.json().path("diagnostics");
        assertThat(diagnostics.size()).isGreaterThanOrEqualTo(3);
        assertThat(diagnostics.valueStream().map(d -> d.path("line").asInt()).toList()).contains(2, 3, 4);
        assertThat(diagnostics.get(0).path("code").asString()).startsWith("LOOM-");
        rest.get("/filters/" + name).expect(404);
    }

    @Test
    void twoMebibytesOfNoiseAreRefusedAndNothingIsStored() {
        byte[] noise = new byte[2 << 20];
        new Random(1).nextBytes(noise);
        String name = Filters.name("noise");
        Rest.Answer answer = rest.send("POST", "/filters?name=" + name, "text/plain", noise).expect(413);
        assertThat(answer.code()).isEqualTo("LOOM-004");
        assertThat(answer.json().path("diagnostics").get(0).path("message").asString()).contains("1048576 bytes");
        rest.get("/filters/" + name).expect(404);
    }

    @Test
    void moreThanTheServerReadsIsRefusedWithAProblemTooWhetherItsLengthIsSaidOrNot() {
        byte[] noise = new byte[7 << 20];
        assertThat(rest.send("POST", "/filters?name=x", "text/plain", noise).expect(413).code()).isEqualTo("LOOM-004");
        HttpRequest chunked = rest.request("/filters?name=x")
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(noise)))
                .build();
        assertThat(rest.send(chunked).expect(413).code()).isEqualTo("LOOM-004");
    }

    @Test
    void bytesThatAreNotUtf8AreRefusedWithTheirPlace() {
        byte[] bytes = "about \"caf\u00e9\"\n".getBytes(StandardCharsets.ISO_8859_1);
        Rest.Answer answer = rest.send("POST", "/filters?name=latin", "text/plain", bytes).expect(422);
        assertThat(answer.code()).isEqualTo("LOOM-003");
        assertThat(answer.json().path("diagnostics").get(0).path("line").asInt()).isEqualTo(1);
        assertThat(answer.json().path("diagnostics").get(0).path("message").asString()).contains("0xE9");
    }

    @Test
    void brokenJsonIsABadRequest() {
        assertThat(rest.send("POST", "/filters", "application/json", "{\"text\": ".getBytes(StandardCharsets.UTF_8)).expect(400).code())
                .isEqualTo("LOOM-851");
        byte[] latin = "{\"text\":\"caf\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(rest.send("POST", "/filters", "application/json", latin).status()).isIn(400, 422);
        assertThat(rest.postJson("/filters", Map.of("name", "x")).expect(400).json().path("detail").asString()).contains("text is missing");
    }

    @Test
    void aNameThatIsTakenIsAConflict() {
        String name = Filters.name("twice");
        rest.postText("/filters?name=" + name, Filters.text("")).expect(201);
        assertThat(rest.postText("/filters?name=" + name, Filters.text("")).expect(409).code()).isEqualTo("LOOM-802");
    }

    @Test
    void aChangeIsANewVersionAndNeedsTheVersionItIsMadeTo() {
        String name = Filters.name("versions");
        rest.postText("/filters?name=" + name, Filters.text("first")).expect(201);
        assertThat(rest.putText("/filters/" + name, Filters.text("second")).expect(428).code()).isEqualTo("LOOM-804");
        assertThat(rest.putText("/filters/" + name, Filters.text("second"), "If-Match", "\"7\"").expect(412).code()).isEqualTo("LOOM-803");
        Rest.Answer changed = rest.putText("/filters/" + name + "?note=why", Filters.text("second"), "If-Match", "\"1\"").expect(200);
        assertThat(changed.header("ETag")).isEqualTo("\"2\"");
        assertThat(rest.putText("/filters/" + name, Filters.text("lost"), "If-Match", "\"1\"").expect(412).code()).isEqualTo("LOOM-803");

        JsonNode versions = rest.get("/filters/" + name + "/versions").json();
        assertThat(versions.path("total").asInt()).isEqualTo(2);
        assertThat(versions.path("items").get(0).path("note").asString()).isEqualTo("why");
        assertThat(rest.get("/filters/" + name + "/versions/1").json().path("text").asString()).isEqualTo(Filters.text("first"));
        assertThat(rest.get("/filters/" + name + "/versions/9").expect(404).code()).isEqualTo("LOOM-809");
        rest.get("/filters/" + name, "If-None-Match", "\"2\"").expect(304);
    }

    @Test
    void aDeletedFilterIsGoneButItsVersionsStayAndItsNameGoesOnCounting() {
        String name = Filters.name("deleted");
        rest.postText("/filters?name=" + name, Filters.text("old")).expect(201);
        rest.delete("/filters/" + name).expect(204);
        rest.get("/filters/" + name).expect(404);
        assertThat(rest.delete("/filters/" + name).expect(404).code()).isEqualTo("LOOM-801");
        assertThat(rest.get("/filters/" + name + "/versions/1").expect(200).json().path("current").asBoolean()).isFalse();
        assertThat(rest.postText("/filters?name=" + name, Filters.text("new")).expect(201).json().path("version").asInt()).isEqualTo(2);
    }

    @Test
    void listsAreSearchedAndPaged() {
        String unique = Filters.name("paged");
        for (int i = 0; i < 3; i++) {
            rest.postText("/filters?name=" + unique + "." + i, Filters.text("page me")).expect(201);
        }
        JsonNode page = rest.get("/filters?q=" + unique + "&size=2&page=1").json();
        assertThat(page.path("total").asInt()).isEqualTo(3);
        assertThat(page.path("items").size()).isEqualTo(1);
        assertThat(rest.get("/filters?q=100%25").json().path("total").asInt()).isZero();
        assertThat(rest.get("/filters?size=100000").expect(400).code()).isEqualTo("LOOM-851");
        assertThat(rest.get("/filters?size=many").expect(400).code()).isEqualTo("LOOM-851");
    }

    @Test
    void aCheckStoresNothing() {
        Rest.Answer good = rest.postText("/filters/check?name=checked", Filters.text("")).expect(200);
        assertThat(good.json().path("accepted").asBoolean()).isTrue();
        Rest.Answer bad = rest.postText("/filters/check?name=checked", "atomic nosuch").expect(200);
        assertThat(bad.json().path("accepted").asBoolean()).isFalse();
        assertThat(bad.json().path("diagnostics").get(0).path("line").asInt()).isEqualTo(1);
        rest.get("/filters/checked").expect(404);
    }
}
