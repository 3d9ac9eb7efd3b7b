package dev.loom.agent.registration;

import dev.loom.agent.support.AgentLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The secret that a console gave this JVM at its first registration. It is kept in a file that only the owner can read, under {@code
 * .loom} in the home directory, so that the JVM that is started in its place takes its place in the list. Where that cannot be
 * written, it is kept in memory, and the next JVM is a new one.
 */
final class KeptSecret {

    private final Path file;
    private volatile String value;

    private KeptSecret(Path file, String value) {
        this.file = file;
        this.value = value;
    }

    /** @param what console, host and name: what a restarted JVM has in common with the one before */
    static KeptSecret of(String what) {
        Path file = Path.of(System.getProperty("loom.home", System.getProperty("user.home", ".") + "/.loom"), "registrations", digest(what));
        String kept = "";
        try {
            if (Files.isRegularFile(file) && Files.size(file) <= 200) {
                kept = Files.readString(file).strip();
            }
        } catch (IOException | RuntimeException e) {
            AgentLog.debug("cannot read " + file + ": " + e);
        }
        return new KeptSecret(file, kept.matches("[A-Za-z0-9_-]{16,200}") ? kept : "");
    }

    /** Empty if there is none. */
    String get() {
        return value;
    }

    void keep(String secret) {
        value = secret;
        try {
            boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
            FileAttribute<?>[] directory = posix
                    ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))}
                    : new FileAttribute<?>[0];
            Files.createDirectories(file.getParent(), directory);
            Path fresh = Files.createTempFile(file.getParent(), "new", ""); // for the owner alone, as all temporary files
            Files.writeString(fresh, secret);
            Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException | RuntimeException e) {
            AgentLog.debug("the registration's secret is not kept for the next start: " + e);
        }
    }

    private static String digest(String what) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(what.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
