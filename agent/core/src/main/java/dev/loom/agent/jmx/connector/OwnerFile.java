package dev.loom.agent.jmx.connector;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** Temporary files that nobody but the owner can read, deleted at the end of the JVM. */
final class OwnerFile {

    private OwnerFile() {}

    /** Writes a new file; it has its permissions before it has its content. */
    static Path write(String suffix, String content) throws IOException {
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] attributes = posix
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))}
                : new FileAttribute<?>[0];
        Path file = Files.createTempFile("loom-" + ProcessHandle.current().pid() + "-", suffix, attributes);
        file.toFile().deleteOnExit();
        Files.writeString(file, content);
        return file;
    }

    /** Whether group or others can read a file; false where that cannot be told. */
    static boolean isReadableByOthers(Path file) {
        try {
            String permissions = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
            return permissions.charAt(3) == 'r' || permissions.charAt(6) == 'r';
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
