package dev.loom.console.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Filters;
import dev.loom.console.support.Rest;
import dev.loom.console.support.TargetJvm;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The control tool as a pipeline uses it: its commands in processes of their own, against a real console with played JVMs. */
@DisplayName("The control tool and a console")
class ControlToolTest {

    private final ConsoleUnderTest console = ConsoleUnderTest.shared();
    private final Rest rest = console.rest();
    private final String tier = Filters.name("tier");
    private final String filter = Filters.name("piped");
    private final List<TargetJvm> jvms = new ArrayList<>();
    private final List<Long> targets = new ArrayList<>();

    @TempDir
    private Path directory;

    private Path token;
    private Path file;

    private record Outcome(int status, String out, String err) {}

    @BeforeEach
    void prepare() throws IOException {
        token = Files.writeString(directory.resolve("token"), ConsoleUnderTest.TOKEN + "\n");
        file = Files.writeString(directory.resolve(filter + ".loom"), Filters.text("one"));
    }

    @AfterEach
    void end() {
        targets.forEach(id -> rest.delete("/targets/" + id + "?force=true"));
        jvms.forEach(TargetJvm::close);
    }

    private void come(int number) {
        for (int i = 0; i < number; i++) {
            TargetJvm jvm = TargetJvm.fake("name=" + tier + "-" + targets.size(), "label=tier:" + tier);
            jvms.add(jvm);
            long id = rest.postJson("/targets", Map.of("address", jvm.address())).expect(201).json().path("id").asLong();
            rest.await("/targets/" + id, t -> t.path("labels").path("tier").asString("").equals(tier));
            targets.add(id);
        }
    }

    private Outcome tool(String... arguments) throws IOException, InterruptedException {
        return toolOf(console.url(), arguments);
    }

    private Outcome toolOf(String url, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1", "-jar",
                Path.of("../agent/dist/target/loom-agent.jar").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--console", url, "--token-file", token.toString()));
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        Process process = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("the tool ended: " + command).isTrue();
        return new Outcome(
                process.exitValue(), Files.readString(out, StandardCharsets.UTF_8), Files.readString(err, StandardCharsets.UTF_8));
    }

    private long id(Outcome deployed) {
        assertThat(deployed.out()).as(deployed.err()).startsWith("{\"id\":");
        return Long.parseLong(deployed.out().substring(6, deployed.out().indexOf(',')));
    }

    @Test
    @DisplayName("stores a file, enables it by labels, waits for it, stores the next version of the same file, and takes it back")
    void deploys() throws Exception {
        come(2);
        Outcome first = tool("deploy", file.toString(), "--selector", "tier=" + tier, "--wait", "60");
        assertThat(first.status()).as(first.err()).isZero();
        assertThat(first.out()).contains("version 1: ENABLED, in force in 2 of 2 JVMs").contains(tier + "-0  ACTIVE");

        Files.writeString(file, Filters.text("two"));
        Outcome second = tool("deploy", file.toString(), "--selector", "tier=" + tier, "--wait", "60", "--json");
        assertThat(second.status()).as(second.err()).isZero();
        assertThat(second.out()).contains("\"version\":2").contains("\"state\":\"ENABLED\"");

        Outcome same = tool("deploy", file.toString(), "--jvm", tier + "-1", "--observe", "--wait", "60", "--json");
        assertThat(same.status()).as(same.err()).isZero();
        assertThat(same.out()).as("the text did not change, so it is no new version").contains("\"version\":2").contains("OBSERVING");

        Files.writeString(file, Filters.text("three"));
        Outcome dry = tool("deploy", file.toString(), "--selector", "tier=" + tier, "--dry-run");
        assertThat(dry.status()).as(dry.err()).isZero();
        assertThat(dry.out()).contains("version 3, enforce: would come to 2 JVMs, 2 asked; nothing was stored").containsPattern(tier + "-0 +REPLACE +NONE +1");
        assertThat(rest.get("/filters/" + filter).json().path("version").asInt()).as("and nothing was").isEqualTo(2);
        Files.writeString(file, Filters.text("reject-early"));
        Outcome refused = tool("deploy", file.toString(), "--jvm", tier + "-0", "--dry-run", "--json");
        assertThat(refused.status()).as("a JVM refuses it").isEqualTo(1);
        assertThat(refused.out()).contains("\"outcome\":\"REJECTED\"").contains("LOOM-021");

        Outcome gone = tool("rollout", "disable", Long.toString(id(same)), "--wait", "60");
        assertThat(gone.status()).as(gone.err()).isZero();
        assertThat(gone.out()).contains("DISABLED");
    }

    @Test
    @DisplayName("follows a roll-out: status 3 while it waits, 0 after it was aborted and is gone")
    void followsARollout() throws Exception {
        come(2);
        Path strategy = Files.writeString(directory.resolve("steps.json"), "{\"steps\": [{\"jvms\": 1}, {\"wait\": \"1h\"}, {\"percent\": 100}]}");
        Outcome deployed = tool("deploy", file.toString(), "--selector", "tier=" + tier, "--strategy", strategy.toString(), "--json");
        assertThat(deployed.status()).as(deployed.err()).isZero();
        String id = Long.toString(id(deployed));
        rest.await("/deployments/" + id, d -> d.path("rollout").path("steps").path(1).path("state").asString().equals("WAITING"));

        Outcome waiting = tool("rollout", "status", id, "--wait", "10");
        assertThat(waiting.status()).as(waiting.out() + waiting.err()).isEqualTo(3);
        assertThat(waiting.out()).contains("roll-out RUNNING").contains("WAITING");

        Outcome aborted = tool("rollout", "abort", id, "--wait", "60");
        assertThat(aborted.status()).as(aborted.err()).isZero();
        assertThat(aborted.out()).contains("ABORTED");
        Outcome after = tool("rollout", "status", id, "--wait", "60");
        assertThat(after.status()).as("what was waited for cannot come any more: " + after.out()).isEqualTo(1);
    }

    @Test
    @DisplayName("says what is wrong with a filter, a token, a name, a strategy and an address, and with which status it ends")
    void saysWhatIsWrong() throws Exception {
        Files.writeString(file, "region = nonsense");
        Outcome refused = tool("deploy", file.toString(), "--selector", "tier=" + tier);
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err()).contains("the console refuses").contains("1:");

        Files.writeString(file, Filters.text("right"));
        Outcome nobody = tool("deploy", file.toString(), "--jvm", "no-such-jvm");
        assertThat(nobody.status()).isEqualTo(1);
        assertThat(nobody.err()).contains("no JVM of the name no-such-jvm");

        Path strategy = Files.writeString(directory.resolve("steps.json"), "{\"steps\": [");
        Outcome malformed = tool("deploy", filter, "--selector", "tier=" + tier, "--strategy", strategy.toString());
        assertThat(malformed.status()).as(malformed.err()).isEqualTo(1);
        assertThat(malformed.err()).contains("the console refuses").doesNotContain("Exception");

        assertThat(tool("rollout", "status", "987654321").err()).contains("no deployment 987654321");
        assertThat(tool("rollout", "forget", "1").status()).isEqualTo(2);

        Files.writeString(token, "not-a-token-of-this-console-0");
        Outcome stranger = tool("rollout", "status", "1");
        assertThat(stranger.status()).isEqualTo(1);
        assertThat(stranger.err()).contains("token").doesNotContain("Exception");

        Outcome dead = toolOf("http://127.0.0.1:1", "rollout", "status", "1");
        assertThat(dead.status()).isEqualTo(4);
        assertThat(dead.err()).contains("does not answer");
        assertThat(toolOf("not an address", "rollout", "status", "1").status()).isEqualTo(2);
    }

    @Test
    @DisplayName("ends when its time is over, also if the console takes the request and never answers")
    void endsInTime() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Outcome outcome = toolOf("http://127.0.0.1:" + silent.getLocalPort(), "rollout", "status", "1", "--wait", "3");
            assertThat(outcome.status()).as("3 is the time, 4 the limit of a single answer: " + outcome.err()).isEqualTo(3);
        }
    }
}
