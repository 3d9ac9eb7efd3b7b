package dev.loom.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.acme.racy.RacyTarget;
import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.Rest;
import dev.loom.console.support.TargetJvm;
import dev.loom.console.target.AgentJar;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A connector with TLS is trusted by the certificate that its agent registered with, and by no other. */
class TlsTest {

    private final ConsoleUnderTest console = ConsoleUnderTest.shared();
    private final Rest rest = console.rest();

    @Test
    void theCertificateThatTheAgentRegisteredWithIsTheOnlyOneThatCounts(@TempDir Path directory) throws Exception {
        Path keys = directory.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias", "jmx", "-keyalg", "EC",
                        "-dname", "CN=test", "-storetype", "PKCS12", "-keystore", keys.toString(), "-storepass", "changeit")
                .redirectErrorStream(true)
                .start();
        keytool.getInputStream().readAllBytes();
        assertThat(keytool.waitFor()).isZero();
        Path config = Files.writeString(directory.resolve("jmx.properties"), "keystore=" + keys + "\nkeystore.password=changeit\n");
        Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("rw-------"));
        Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));

        String enrolment = rest.postJson("/tokens", Map.of("name", "tls agents", "role", "agent")).expect(201).json().path("secret").asString();
        String options = "=name=encrypted,jmx.port=0,jmx.config=" + config + ",console=" + console.url() + ",token=" + enrolment;
        try (TargetJvm jvm = TargetJvm.start(List.of("-javaagent:" + console.bean(AgentJar.class).get().file() + options), RacyTarget.class)) {
            JsonNode found = rest.await("/targets?q=encrypted", t -> t.path("items").path(0).path("state").asString("").equals("REACHABLE"));
            JsonNode target = found.path("items").get(0);
            assertThat(target.path("pid").asLong()).isEqualTo(jvm.pid());
            long id = target.path("id").asLong();
            String url = target.path("jmxUrl").asString();
            rest.delete("/targets/" + id).expect(204);

            JsonNode unknown = rest.postJson("/targets", Map.of("jmxUrl", url, "name", "no pin")).expect(201).json();
            assertThat(unknown.path("state").asString()).isEqualTo("UNREACHABLE");
            assertThat(unknown.path("error").asString())
                    .as("without a fingerprint the trust store decides; a session that was made with one must not be resumed")
                    .contains("TLS");
            rest.delete("/targets/" + unknown.path("id").asLong()).expect(204);

            Map<String, Object> forged = Map.of(
                    "name", "forged", "pid", 1, "host", "elsewhere", "jmxUrl", url, "fingerprint", "sha256:" + "0".repeat(64));
            long other = rest.postJson("/targets", forged).expect(201).json().path("id").asLong();
            rest.await("/targets/" + other, t -> t.path("error").asString("").contains("not the one that the agent registered with"));
            rest.delete("/targets/" + other).expect(204);
        }
    }
}
