package dev.loom.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.diagnostics.FailureAnalysis;

class StartFailuresTest {

    @Test
    void aDataDirectoryThatIsInUseIsSaidAsSuch(@TempDir Path directory) throws Exception {
        String url = "jdbc:h2:file:" + directory.resolve("loom");
        try (Connection first = DriverManager.getConnection(url, "loom", "")) {
            assertThat(first.isValid(1)).isTrue();
            // another class loader's H2 is to this file what another process is
            SQLException refused = refusedElsewhere(url);
            FailureAnalysis analysis = new StartFailures().analyze(new IllegalStateException(refused));
            assertThat(analysis).isNotNull();
            assertThat(analysis.getDescription()).contains("Another console");
            assertThat(analysis.getAction()).contains("--loom.data");
        }
    }

    private static SQLException refusedElsewhere(String url) throws Exception {
        var h2 = Class.forName("org.h2.Driver").getProtectionDomain().getCodeSource().getLocation();
        try (var loader = new java.net.URLClassLoader(new java.net.URL[] {h2}, ClassLoader.getPlatformClassLoader())) {
            var driver = (java.sql.Driver) loader.loadClass("org.h2.Driver").getDeclaredConstructor().newInstance();
            java.util.Properties properties = new java.util.Properties();
            properties.put("user", "loom");
            properties.put("password", "");
            driver.connect(url, properties).close();
            throw new AssertionError("the database was opened twice");
        } catch (SQLException e) {
            return e;
        }
    }

    @Test
    void whatIsNotKnownIsLeftToOthers(@TempDir Path directory) throws Exception {
        assertThat(new StartFailures().analyze(new IllegalStateException("something else"))).isNull();
        Path file = Files.writeString(directory.resolve("file"), "not a directory");
        assertThat(new StartFailures().analyze(new IllegalStateException(new CannotStart("The data directory " + file, "Make it.")))
                        .getDescription())
                .contains(file.toString());
    }
}
