package dev.loom.agent.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Directories whose content goes into the application: nobody but the user of the JVM may write to them, or read them. */
public final class OwnersDirectory {

    private OwnersDirectory() {}

    /**
     * Makes the directory if it is missing, for its owner alone. Where the file system knows no owners there is nothing to check.
     *
     * @throws IOException if it cannot be made, belongs to somebody else, or others have access; the message says what to do
     */
    public static void prepare(Path directory) throws IOException {
        Set<PosixFilePermission> owner = PosixFilePermissions.fromString("rwx------");
        boolean posix = directory.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] attributes = posix
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(owner)}
                : new FileAttribute<?>[0];
        Files.createDirectories(directory, attributes);
        if (!posix) {
            return;
        }
        Path own = Files.createTempFile(directory, "owner-", "");
        try {
            if (!Files.getOwner(directory).equals(Files.getOwner(own))) {
                throw new IOException("the directory is not owned by the user of this JVM");
            }
        } finally {
            Files.delete(own);
        }
        if (!owner.containsAll(Files.getPosixFilePermissions(directory, LinkOption.NOFOLLOW_LINKS))) {
            throw new IOException("others may read or write the directory; allow it to its owner only (chmod 700)");
        }
    }
}
