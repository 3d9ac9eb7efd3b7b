package dev.loom.ctl.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.loom.ctl.failure.CommandFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoginTest {

    @TempDir
    Path directory;

    @Test
    void nothingGivenIsNoLogin() {
        assertEquals(Login.NONE, Login.of(null, null, null, null));
        assertEquals(Login.NONE, Login.of(null, null, null, ""));
    }

    @Test
    void theVariableIsTakenForTheUserLoom() {
        assertEquals(new Login("loom", "secret"), Login.of(null, null, null, "secret"));
        assertEquals(new Login("ops", "secret"), Login.of("ops", null, null, "secret"));
    }

    @Test
    void aFileHasThePasswordOrUserAndPassword() throws IOException {
        assertEquals(new Login("loom", "secret"), Login.of(null, file("secret\n"), null, "other"));
        assertEquals(new Login("ops", "secret"), Login.of("ops", file("  secret"), null, null));
        assertEquals(new Login("admin", "a b"), Login.of(null, file("# JMX\n\nadmin a b\n"), null, null));
        assertEquals(new Login("ops", "2"), Login.of("ops", file("admin 1\nops 2\n"), null, null));
    }

    @Test
    void aFileWithoutAPasswordIsWrongUsage() {
        assertThrows(CommandFailure.class, () -> Login.of(null, file("# nothing\n"), null, null));
        assertThrows(CommandFailure.class, () -> Login.of("ops", file("admin 1\n"), null, null));
        assertThrows(CommandFailure.class, () -> Login.of(null, directory.resolve("none"), null, null));
        assertThrows(CommandFailure.class, () -> Login.of("ops", null, null, null));
    }

    @Test
    void aLoginNeverShowsItsPassword() {
        assertFalse(new Login("ops", "secret").toString().contains("secret"));
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("password"), text);
    }
}
