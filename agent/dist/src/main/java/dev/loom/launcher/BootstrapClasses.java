package dev.loom.launcher;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

/**
 * Puts the facade that woven code calls ({@code dev.loom.bootstrap}) on the bootstrap class path, where each class of each loader
 * sees it. The JVM cannot take it off again, so it is put there once, whatever is attached and detached.
 */
final class BootstrapClasses {

    /** System property with the check sum of the facade that is there. */
    private static final String STATE = "dev.loom.bootstrap";

    private static final String NESTED = "loom-bootstrap.jar";

    private BootstrapClasses() {}

    static Void provide(File agentJar, Instrumentation instrumentation) throws IOException {
        try (JarFile jar = new JarFile(agentJar, false)) {
            ZipEntry nested = jar.getEntry(NESTED);
            if (nested == null) {
                throw new IllegalStateException(agentJar + " is not a Loom agent jar: it has no " + NESTED);
            }
            String sum = Long.toHexString(nested.getCrc());
            String present = System.getProperty(STATE);
            if (sum.equals(present)) {
                return null;
            }
            if (present != null) {
                throw new IllegalStateException("an incompatible version of Loom was in this JVM before;"
                        + " restart the JVM, or attach that version again");
            }
            Path file = Files.createTempFile("loom-bootstrap-", ".jar");
            // the JVM reads from the file as classes are needed, so it has to stay until the end
            file.toFile().deleteOnExit();
            try (InputStream in = jar.getInputStream(nested)) {
                Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
            }
            try (JarFile facade = new JarFile(file.toFile(), false)) {
                instrumentation.appendToBootstrapClassLoaderSearch(facade);
            }
            System.setProperty(STATE, sum);
            return null;
        }
    }
}
