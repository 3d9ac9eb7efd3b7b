package dev.loom.console.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loom.console.support.ConsoleUnderTest;
import dev.loom.console.support.WebSession;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class FirstStartTest {

    @Test
    void theFirstPasswordIsShownOnceAndWorks(@TempDir Path directory, CapturedOutput output) throws Exception {
        Path data = directory.resolve("data");
        String password;
        try (ConsoleUnderTest console = ConsoleUnderTest.on(data, "--loom.admin.password=")) {
            String line = output.toString().lines().filter(l -> l.contains("with the password")).findFirst().orElseThrow();
            password = line.substring(line.lastIndexOf(' ') + 1);
            assertThat(password).hasSize(20);
            assertThat(new WebSession(console.url()).login("admin", password)).as("where the login with it leads to").doesNotContain("/login");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data))).isEqualTo("rwx------");
        }
        int shown = output.toString().split("with the password", -1).length;
        try (ConsoleUnderTest console = ConsoleUnderTest.on(data, "--loom.admin.password=")) {
            assertThat(output.toString().split("with the password", -1)).hasSize(shown);
            assertThat(console.bean(AccountService.class).list()).extracting(AccountView::username).containsExactly("admin");
        }
        assertThat(Files.readString(data.resolve("secret.key"))).isNotBlank();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("secret.key")))).isEqualTo("rw-------");
    }

    @Test
    void aPasswordThatIsTooShortIsSaidInOneSentence(@TempDir Path directory, CapturedOutput output) {
        assertThatThrownBy(() -> ConsoleUnderTest.on(directory.resolve("d"), "--loom.admin.password=short")).isNotNull();
        assertThat(output).contains("A password has 10 characters at least").doesNotContain("at dev.loom");
    }
}
